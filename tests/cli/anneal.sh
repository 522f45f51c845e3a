#!/bin/bash
# glauber anneal: finds the known optimum, stops at an energy, reports cuts; Ctrl-C keeps what there is. SPDX-License-Identifier: Apache-2.0
. "$(dirname "$0")/lib.sh"
cd "$work" || exit 1

# an even ring of ones: the largest cut takes every edge
n=20
{
    echo "$n $n"
    for i in $(seq $n); do echo "$i $((i % n + 1)) 1"; done
} >ring.rud
# Chance: 2 * 0.04 ** 16 | no chain of 16 ends in the cut; 96 % of 3,184 did
"$glauber" anneal ring.rud --convention maxcut --sweeps 500 --array small --json >a.json 2>a.txt
expect "maximum cut of an even ring" json a.json "not j['reached'] and j['best_cut'] == $n and j['best_energy'] == -$n"
expect "the default range of beta is printed" grep -q 'from the couplings' a.txt
"$glauber" anneal ring.rud --convention maxcut --sweeps 100000 --interval 5 --stop-energy -$n --array small --json >b.json 2>b.txt
expect "stops at the energy asked for" json b.json "j['best_cut'] == $n and j['stopped'] and j['reached'] and j['sweeps'] < 100000"
expect "and it is that of the JSON" grep -qF "$(python3 -c "import json; j = json.load(open('a.json')); print(f'schedule   beta {j[\"beta_first\"]:.6g} to {j[\"beta\"]:.6g} (from the couplings), geometric, 500 sweeps')")" a.txt
"$glauber" anneal ring.rud --convention maxcut --beta-range 0.1:3 --sweeps 50 --array small --json >r.json 2>/dev/null
expect "a given range rises" json r.json "j['beta_first'] == 0.1 and j['beta'] == 3 and j['sweeps'] == 50 and j['command'] == 'anneal'"
"$glauber" info ring.rud --convention maxcut --json >i.json
range=$(python3 -c "import json; i = json.load(open('i.json')); print((i['beta_hot'], i['beta_cold']))")
expect "the default range is that of info" json a.json "0 < j['beta_first'] < j['beta'] and (j['beta_first'], j['beta']) == $range"

"$glauber" anneal ring.rud --convention maxcut --sweeps 250 --array small --json >l.json 2>/dev/null
expect "all sweeps asked for, of which 200 steps take one or two each" json l.json "j['sweeps'] == 250"
printf '3 2\n1 2 1\n2 3 0.5\n' >chain.rud
printf '0 100\n1e6 50\n' >cold.txt
"$glauber" anneal chain.rud --schedule cold.txt --interval 100 --array small --json >e.json 2>/dev/null
expect "the last look is at the end, where it is cold" json e.json "j['samples'] == 1 and j['mean_energy'] == -1.5"

# the two cuts of all edges, of which one is seen if few looks are enough
"$glauber" anneal ring.rud --convention maxcut --sweeps 4000 --array small --top 4 --states top.csv --json >t.json 2>t.txt
cat >top.py <<'P'
import csv, json
j = json.loads(open("t.json").readlines()[-1])
rows = list(csv.reader(open("top.csv")))
assert rows[0] == ["energy", "count", *map(str, range(1, 21))], rows[0]
spins = [tuple(map(int, r[2:])) for r in rows[1:]]
cuts = [sum(s[i] != s[(i + 1) % 20] for i in range(20)) for s in spins]
assert len(set(spins)) == 4 and [float(r[0]) for r in rows[1:]] == cuts == sorted(cuts, reverse=True), rows
assert cuts[0] == j["best_cut"] == 20 and cuts.count(20) == 2 and cuts[2] == 18, cuts
assert j["top_energies"] == [-c for c in cuts] and j["top_counts"] == [int(r[1]) for r in rows[1:]], j
assert sum(j["top_counts"]) <= 16 * j["samples"]
for k, r in enumerate(rows[1:]):
    assert f"state {k + 1:<4} {cuts[k]}, seen {r[1]} times" in open("t.txt").read()
P
expect "the best states, each once, with their cuts" python3 top.py
"$glauber" anneal ring.rud --convention maxcut --sweeps 4000 --array small --states top.txt >/dev/null
expect "as text, ten without --top" python3 -c "
import csv
rows = [l.split() for l in open('top.txt')]
assert len(rows) == 10 and all(len(s) == 20 and set(s) == set('+-') for _, _, s in rows), rows
first = [[str(1 if c == '+' else -1) for c in s] for _, _, s in rows[:4]]
assert first == [r[2:] for r in list(csv.reader(open('top.csv')))[1:]]"
# every count: one p-bit with a bias, seen up or down at each of 100 looks of 16 chains
printf '%%%%MatrixMarket matrix coordinate pattern symmetric\n1 1 0\n' >one.mtx
printf '%%%%MatrixMarket matrix array real general\n1 1\n0.5\n' >one.bias
"$glauber" anneal one.mtx --bias one.bias --beta-range 0.1:0.2 --sweeps 100 --array small --top 9 --json >o.json 2>/dev/null
expect "all looks are counted" json o.json "j['top_energies'] == [-0.5, 0.5] and sum(j['top_counts']) == 1600 and min(j['top_counts']) > 400"

# lengths of runs
"$glauber" anneal ring.rud --convention maxcut --array small --json >n.json 2>/dev/null
expect "small graphs get 20,000 sweeps" json n.json "j['sweeps'] == 20000 and j['samples'] == 100"
"$glauber" graph regular n=2000,d=3 -o wide.mtx >/dev/null
"$glauber" anneal wide.mtx --effort 0 --json >w.json 2>/dev/null
expect "larger ones fewer" json w.json "j['sweeps'] == (1 << 22) // 2000"
"$glauber" anneal ring.rud --convention maxcut --array small --sweeps 250000 --json >n.json 2>/dev/null
expect "a long run is looked at every 1,000 sweeps" json n.json "j['samples'] == 250"
"$glauber" anneal wide.mtx --effort 0 --time 1.5 --json >time.json 2>time.txt
expect "--time takes about so long" json time.json "0.3 < j['seconds'] < 4.5 and j['sweeps'] > 50"
expect "and names the sweeps" grep -q "^time       about 1.5 s; --sweeps $(python3 -c "import json; print(json.load(open('time.json'))['sweeps'])") gives the same again" time.txt
"$glauber" anneal wide.mtx --effort 0 --sweeps "$(python3 -c "import json; print(json.load(open('time.json'))['sweeps'])")" --json >same.json 2>/dev/null
expect "which gives the same run" python3 -c "
import json
a, b = (json.load(open(f)) for f in ('time.json', 'same.json'))
assert all(a[k] == b[k] for k in ('sweeps', 'flips', 'best_energy', 'mean_energy', 'magnetization', 'beta_first'))"
says 2 "a time and sweeps" "mutually exclusive" "$glauber" anneal ring.rud --time 1 --sweeps 10

"$glauber" graph regular n=30,d=4,weights=gauss -o r.mtx >/dev/null
says 1 "states into the graph" "is also read" "$glauber" anneal r.mtx --states r.mtx
"$glauber" compile r.mtx --array small --beta-range 0.215:207 --precision 1 -o r.glbp >/dev/null
short() { "$glauber" anneal r.mtx --array small --sweeps 50 "$@" --json 2>/dev/null | sed 's/"seconds": [^,]*, //; s/"precise_beta": [^,]*, //; s/"device": [^,]*\(, [^"]*\)*", //'; }
expect "the reference anneals to the same bit" cmp <(short) <(short --device emu-port)
expect "so does a compiled program" cmp <(short) <(short --program r.glbp)
says 1 "a program of another graph" "another graph" "$glauber" anneal ring.rud --convention maxcut --array small --program r.glbp
says 1 "a waveform of no simulator" "only the device sim can write a waveform" "$glauber" anneal r.mtx --trace x.fst
"$glauber" graph torus2d lx=16 -o t.mtx >/dev/null
"$glauber" sample t.mtx --array small --samples 4000000 --interval 100 -o s.h5 --json >c.json 2>/dev/null &
pid=$!
until ls s.h5.*.tmp >/dev/null 2>&1 || ! kill -0 $pid 2>/dev/null; do sleep 0.02; done # it compiles first
sleep 2
kill -INT $pid
wait $pid
status=$?
expect "Ctrl-C ends with status 130" test $status -eq 130
expect "and reports what there is" json c.json "j['stopped'] and j['samples'] > 0"
expect "and writes it, with no temporary beside it" test -s s.h5 -a "$(ls s.h5*)" = s.h5
expect "as HDF5 whose data sets can all be read" "${GLAUBER_H5HASH:-${glauber%/glauber}/tests/usb/h5hash}" s.h5
finish
