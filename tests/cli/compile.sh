#!/bin/bash
# The JSON of compile, graph and info against a second computation, and every option of theirs that changes what they write.
# SPDX-License-Identifier: Apache-2.0
. "$(dirname "$0")/lib.sh"
here=$(cd "$(dirname "$0")" && pwd)
cd "$work" || exit 1

# ---- graph ----
"$glauber" graph regular n=48,d=5,weights=gauss,bias=gauss --seed 4 -o g.mtx --bias b.mtx --json >graph.log
"$glauber" info g.mtx --bias b.mtx --json >info.log
expect "graph --json: sizes, seed, hash" python3 -c "
import json
j, i = (json.load(open(f)) for f in ('graph.log', 'info.log'))
rows = [l.split() for l in open('g.mtx') if l[0] != '%']
assert rows[0] == ['48', '48', '120'] and len(rows) == 121
assert j == dict(pbits=48, couplings=120, seed=4, graph_hash=i['graph_hash'], version=i['version']), j
assert len(j['graph_hash']) == 16 and int(j['graph_hash'], 16)"
"$glauber" graph regular n=48,d=5,weights=gauss,bias=gauss --seed 4 -o g.mtx --bias b.mtx >graph.txt
expect "graph for people" test "$(cat graph.txt)" = "g.mtx: 48 p-bits, 120 couplings"
make() { "$glauber" graph regular n=48,d=5,weights=gauss,bias=gauss -o "$1.mtx" --bias "$1.b" "${@:2}" >/dev/null; }
make same --seed 4 && make one && make first --seed 1
expect "the same seed gives the same graph and biases" eval 'cmp g.mtx same.mtx && cmp b.mtx same.b'
expect "the seed is 1" eval 'cmp one.mtx first.mtx && cmp one.b first.b'
expect "another seed gives others" eval '! cmp -s g.mtx one.mtx && ! cmp -s b.mtx one.b'
"$glauber" graph complete n=9 --seed $(((1 << 40) + 7)) -o seed.mtx --json >seed.log
expect "a seed of more than 32 bits is shown whole" json seed.log "j['seed'] == 2 ** 40 + 7"
"$glauber" graph complete n=9 -o k9.rud >/dev/null
expect "a name in .rud makes rudy text" test "$(head -n 1 k9.rud)" = "9 36"

# ---- info ----
{
    echo "600 599"
    for i in $(seq 2 600); do echo "1 $i 1"; done
} >star.rud
"$glauber" info star.rud --json >star.log
expect "info --json of a star" json star.log "abs(j.pop('beta_hot') - math.log(3) / math.sqrt(599)) < 1e-7 and abs(j.pop('beta_cold') - math.log(200) / 2) < 1e-6
    and len(j.pop('graph_hash')) == 16 and j.pop('version') and abs(j.pop('mean_degree') - 2 * 599 / 600) < 1e-12
    and j == dict(pbits=600, couplings=599, colours=2, max_degree=599, convention='boltzmann')"
"$glauber" info star.rud >star.txt
expect "and for people" grep -q '^degree      mean 2.00, largest 599$' star.txt
expect "with the figures of its JSON" python3 -c "
import json
j = json.load(open('star.log'))
assert open('star.txt').read() == f'''p-bits      600
couplings   599
degree      mean 2.00, largest 599
colours     2
convention  boltzmann
annealing   beta {j['beta_hot']:.6g} to {j['beta_cold']:.6g}
hash        {j['graph_hash']}
'''"
"$glauber" info k9.rud --convention maxcut --json >k9.log
expect "nine colours of nine that are all coupled" json k9.log "j['colours'] == 9 and j['convention'] == 'maxcut' and j['mean_degree'] == 8"
"$glauber" info g.mtx --json >nobias.log
expect "biases are part of the hash" test "$(grep -o 'hash.*' info.log)" != "$(grep -o 'hash.*' nobias.log)"
"$glauber" info --arrays >arrays.txt
for device in emu emu-port; do
    "$glauber" info --device $device --array tiny4 --json >device.log
    "$glauber" info --device $device --array tiny4 >device.txt
    expect "info --device $device for people" grep -q '^array      tiny4: 4 tiles x 4 lanes x 8 chains = 128 units, 256 p-bits$' device.txt
    expect "info --device $device --json is as --arrays has it" python3 -c "
import json
j = json.load(open('device.log'))
tiles, lanes, chains, _, _, capacity = map(int, next(l for l in open('arrays.txt') if l.startswith('tiny4 ')).split()[1:7])
line = dict(frames=2, bad_crc=0, refused=0, skipped_by_board=0, skipped_by_host=0) if '$device' == 'emu-port' else {}
assert j.pop('version') and j.pop('device').startswith('emu tiny4'), j
assert j == dict(protocol=2, array='tiny4', tiles=tiles, lanes=lanes, array_chains=chains, units=tiles * lanes * chains, capacity=capacity, **line), j"
done

# ---- compile ----
compiled() { # compiled NAME GRAPH BIAS SIGN "KNOWN" OPTIONS...
    "$glauber" compile "$2" --array small -o p.glbp --json "${@:6}" >p.log 2>p.txt
    h5 p.glbp >p.json
    # shellcheck disable=SC2086
    expect "$1" python3 "$here/checks/compile.py" "$2" "$3" "$4" p.json p.log p.txt $5
}
compiled "every key of compile --json" g.mtx b.mtx 1 "hubs=0" --bias b.mtx
expect "info --arrays has the array of the program" python3 -c "
import json
row = list(map(int, next(l for l in open('arrays.txt') if l.startswith('small ')).split()[1:9]))
header = json.load(open('p.json'))['header']['values']
assert row[:5] + row[6:] == header[1:6] + header[7:9] and row[6] != row[7], (row, header)"
expect "without --verify nothing claims to be verified" test "$(grep -c verified p.txt)" = 0
cp p.glbp first.glbp
cp p.json first.json
compiled "of a max-cut graph, weights negated" k9.rud - -1 "hubs=0 colours=9" --convention maxcut
compiled "of a star, whose centre is split" star.rud - 1 "hubs=1 colours=2" --verify
expect "--verify tells that it has" grep -q '^verified: ' p.txt
compiled "the same again" g.mtx b.mtx 1 "hubs=0" --bias b.mtx --seed 1
expect "the report tells where it is written" grep -q "^written: p.glbp$" p.txt
expect "seed 1 is the default, and gives the same program" cmp first.glbp p.glbp
compiled "and with another seed" g.mtx b.mtx 1 "hubs=0" --bias b.mtx --seed 2
expect "which places otherwise" python3 -c "
import json, subprocess
placed = [json.loads(subprocess.run(['${GLAUBER_H5JSON:-${glauber%/glauber}/tests/cli/h5json}', f], capture_output=True, check=True).stdout)['slot']['values'] for f in ('first.glbp', 'p.glbp')]
assert placed[0] != placed[1] and len(placed[0]) == len(placed[1])"
expect "and samples with the same distribution" "$glauber" sample g.mtx --bias b.mtx --array small --program p.glbp
says 1 "a program without the biases is another graph's" "another graph" "$glauber" sample g.mtx --array small --program p.glbp
"$glauber" compile g.mtx --bias b.mtx --array small --json --count --verify -o count.glbp >count.log 2>count.txt
h5 count.glbp >count.json
expect "--count adds sums of every coupling and p-bit, and changes nothing else" python3 -c "
import json
j, p, f = json.load(open('count.log')), json.load(open('count.json')), json.load(open('first.json'))
sums = p['sums']['values']
pairs = sorted((sums[k], sums[k + 1]) for k in range(0, len(sums), 4))
edges = [sorted(int(x) - 1 for x in l.split()[:2]) for l in open('g.mtx') if l[0] != '%'][1:]
assert pairs == sorted([tuple(e) for e in edges] + [(i, -1) for i in range(48)])
extra, first = p['extra']['values'], p['header']['values'][14]
rows = [p['extra_segments']['values'][k:k + 7] for k in range(0, 7 * extra[0], 7)]
assert j['sums'] == 168 and j['sum_entries'] == extra[3] == max(sums[3::4]) - extra[2] + 1, (j, extra)
assert j['count_clocks'] == rows[0][1] == first - j['schedule_used'], (j, rows)
assert j['sum_entries'] >= 168 / 16 and rows[0][5] == 2 and all(r[5] == 3 for r in rows[1:])
tables = 'coupling segments slot reads bias weight qbias'.split()
assert all(p[t]['values'] == f[t]['values'] for t in tables)
clocks = f['header']['values'][14] * 16
assert p['schedule']['values'][:clocks] == f['schedule']['values'] and clocks == 16 * j['schedule_used']"
sums() { grep "^counting: $1\$" count.txt; }
expect "and tells what they take" sums "168 sums, [0-9]* entries, [0-9]* clocks"
for program in first count; do
    "$glauber" sample g.mtx --bias b.mtx --array small --program $program.glbp --seed 3 --json 2>/dev/null | sed 's/"seconds": [^,]*, //' >$program.samples
done
expect "the program still samples the same" eval 'test -s first.samples && cmp first.samples count.samples'
"$glauber" graph complete n=80 -o k80.rud >/dev/null
"$glauber" compile k80.rud --array small --count --json >full.log 2>count.txt
expect "without room for all there are none, and it tells why" eval 'sums "none, no room for 3240 sums: schedule memory" && json full.log "j[\"sums\"] == j[\"sum_entries\"] == j[\"count_clocks\"] == 0"'
"$glauber" compile g.mtx --array SMALL --json >capitals.log 2>/dev/null
expect "an array has one name, however it is typed" json capitals.log "j['array'] == 'small'"
"$glauber" compile g.mtx --json >default.log 2>/dev/null
expect "the array is the board's" json default.log "j['array'] == 'ulx3s-85'"
printf '%%%%MatrixMarket matrix coordinate real symmetric\n6 6 4\n2 1 1000\n4 3 1\n6 5 0.1\n5 4 0.5\n' >wide.mtx
printf '%%%%MatrixMarket matrix coordinate real symmetric\n3 3 3\n2 1 0\n3 1 -2\n3 2 0.5\n' >zero.mtx
compiled "of couplings of which three are lost" wide.mtx - 1 "couplings_nonzero=4 couplings_zeroed=3"
expect "which is a warning" grep -q '^glauber: warning: wide.mtx: 3 of 4 couplings became 0' p.txt
compiled "of some that are 0 in the graph" zero.mtx - 1 "couplings_nonzero=2 couplings_zeroed=0"
expect "which is none" test "$(grep -c warning p.txt)" = 0
finish
