#!/bin/bash
# glauber temper: exact at the cold end, the same on every device, best states, ends of runs. SPDX-License-Identifier: Apache-2.0
. "$(dirname "$0")/lib.sh"
cd "$work" || exit 1
temper() { "$glauber" temper "$@"; }

# 12 p-bits: everything that is reported can be enumerated
"$glauber" graph regular n=12,d=3,weights=pm1 -o g.mtx >/dev/null
cat >exact.py <<'P'
import itertools, json, math, sys
rows = [l.split() for l in open("g.mtx") if l[0] != "%"]
edges = [(int(i) - 1, int(j) - 1, float(w)) for i, j, w in rows[1:]]
states = list(itertools.product((-1, 1), repeat=12))
energy = [-sum(w * s[i] * s[j] for i, j, w in edges) for s in states]
def mean(beta):
    weight = [math.exp(-beta * (e - min(energy))) for e in energy]
    return sum(w * e for w, e in zip(weight, energy)) / sum(weight)
j = json.loads(open(sys.argv[1]).readlines()[-1])
P
temper g.mtx --beta 1.5 --temperatures 5 --chains 64 --rounds 2000 --warm-up 120 --sweeps 2 --array small --seed 3 --top 2 --states s.csv -o t.h5 --json >t.json 2>t.txt
cat >check.py <<'P'
from exact import *
import csv
assert j["command"] == "temper" and j["temperatures"] == 5 == len(j["betas"]) == len(j["energies"]) == len(j["energies_stderr"]), j
assert j["warm_up"] == 120 and j["rounds"] == 2000 == j["samples"] and j["sweeps"] == 2 * 2120 and j["chains"] == 64 and j["tuned"] == 3
assert j["flips"] == 12 * 64 * 5 * 2 * 2120 and j["seed"] == 3 and abs(j["beta"] - 1.5) < 1e-12 and abs(j["betas"][4] - 1.5) < 1e-3
assert j["betas"] == sorted(j["betas"]) and not j["stopped"] and not j["reached"]
# Chance: 5 * student(6, 63) | mean energies of 64 ladders
for b, e, d in zip(j["betas"], j["energies"], j["energies_stderr"]):
    assert abs(e - mean(b)) < 6 * d, (b, e, mean(b), d)
assert j["best_energy"] == min(energy) and abs(j["mean_energy"] - j["energies"][4]) < 1e-9
assert len(j["acceptance"]) == 4 and abs(j["barrier"] - sum(1 - a for a in j["acceptance"])) < 1e-9 and 0.5 < j["barrier"] < 3.5
assert j["arrivals"] >= j["round_trips"] > 100 and j["cluster_first"] == 5 and j["cluster_size"] is None
rows = list(csv.reader(open("s.csv")))[1:]
assert [float(r[0]) for r in rows] == j["top_energies"] == [min(energy)] * 2 and [int(r[1]) for r in rows] == j["top_counts"]
assert all(energy[states.index(tuple(map(int, r[2:])))] == min(energy) for r in rows)
text = open("t.txt").read()
assert "ladder     5 temperatures, tuned 3 times" in text and "rounds     2000 of 2 sweeps after 120 of warm-up" in text
P
expect "figures, states and the ladder" python3 check.py t.json
h5 t.h5 >h5.json
expect "the samples of the cold end" python3 -c "
import json
f, j = json.load(open('h5.json')), json.loads(open('t.json').readlines()[-1])
assert f['spins']['shape'] == [2000, 64, 2] and f['@command'] == 'temper' and f['@complete'] == 1 and f['@beta'] == 1.5
e = f['energies']['values']
assert abs(sum(e) / len(e) - j['mean_energy']) < 1e-9 and f['@best_energy'] == j['best_energy']"

# devices: one board after the other and side by side
same=(g.mtx --temperatures 3 --beta-range 0.2:1 --chains 16 --rounds 20 --warm-up 20 --cluster-moves --array tiny)
temper "${same[@]}" -o emu.h5 --json >emu.json 2>/dev/null
for device in emu-port sim; do
    temper "${same[@]}" --device $device -o $device.h5 --json >$device.json 2>/dev/null
    expect "the same on $device" python3 -c "
import json, sys
a, b = (json.load(open(f + '.json')) for f in ('emu', '$device'))
assert a['device'] != b['device']
for j in a, b: [j.pop(k) for k in ('device', 'seconds')]
assert a == b and a['tuned'] == 1 and a['cluster_first'] <= 3"
    h5 emu.h5 >a.json
    h5 $device.h5 >b.json
    expect "and its samples" python3 -c "
import json
a, b = (json.load(open(f)) for f in ('a.json', 'b.json'))
assert (a.pop('@device'), b.pop('@device')) == ('emu', '$device') and a == b and len(set(a['spins']['values'])) > 9"
done

# a ladder that is given
temper g.mtx --betas 0.25,0.5,2 --rounds 300 --warm-up 0 --cluster-moves --array small --json >b.json 2>b.txt
expect "a given ladder is not tuned" json b.json "j['tuned'] == 0 and j['temperatures'] == 3 and [round(b, 3) for b in j['betas']] == [0.25, 0.5, 2] and j['beta'] == 2"
expect "clusters from the first beta on, without a warm-up" json b.json "j['cluster_first'] == 0 and 1 < j['cluster_size'] < 12"
expect "are reported" grep -q '^clusters   from beta 0.25 on' b.txt

# programs, biases, waveforms
"$glauber" compile g.mtx --array small --effort 2 -o p.glbp >/dev/null
short=(g.mtx --temperatures 3 --beta 1 --rounds 50 --warm-up 0 --array small --json)
temper "${short[@]}" --effort 2 >effort.json 2>/dev/null
temper "${short[@]}" --program p.glbp >program.json 2>/dev/null
temper "${short[@]}" --effort 0 >quick.json 2>/dev/null
expect "a program of an effort, or that effort" python3 -c "
import json
a, b, c = (json.load(open(f + '.json')) for f in ('effort', 'program', 'quick'))
[j.pop('seconds') for j in (a, b, c)]
assert a == b != c"
printf '%%%%MatrixMarket matrix array real general\n12 1\n' >h.mtx
for i in $(seq 12); do echo 50 >>h.mtx; done
temper "${short[@]}" --bias h.mtx >bias.json 2>/dev/null
expect "biases" json bias.json "j['magnetization'] == [1] * 12"
says 1 "a waveform of no simulator" "only the device sim can write a waveform" "$glauber" temper g.mtx --trace x.fst

# ends: energy, time, Ctrl-C (signals.sh)
printf '20 20\n' >ring.rud
for i in $(seq 20); do echo "$i $((i % 20 + 1)) 1" >>ring.rud; done
temper ring.rud --convention maxcut --stop-energy -20 --rounds 100000 --array small --json >r.json 2>/dev/null
expect "stops at the energy asked for" json r.json "j['best_cut'] == 20 and j['reached'] and j['stopped'] and j['sweeps'] < 20000"
temper ring.rud --convention maxcut --time 1 --array small -o time.h5 --json >time.json 2>time.txt
expect "--time takes about so long" json time.json "0.9 < j['seconds'] < 4 and 0 < j['warm_up'] <= 500 and j['rounds'] > 20"
eval "$(sed -n 's/^time .*; \(--warm-up [0-9]* --rounds [0-9]*\) gives the same again/again="\1"/p' time.txt)"
# shellcheck disable=SC2154,SC2086
temper ring.rud --convention maxcut $again --array small -o again.h5 --json >again.json 2>/dev/null
h5 time.h5 >a.json
h5 again.h5 >b.json
# the certificate looks at a choice of p-bits, by the length that it expects
expect "and names rounds that give the same" python3 -c "
import json
a, b = (json.load(open(f)) for f in ('a.json', 'b.json'))
assert all(a[k] == b[k] for k in ('spins', 'energies', '@complete', '@samples', '@burn_in', '@sweeps')) and a['@complete'] == 1
a, b = (json.load(open(f)) for f in ('time.json', 'again.json'))
assert all(a[k] == b[k] for k in a if k in ('flips', 'best_energy', 'magnetization', 'warm_up', 'rounds') or k.startswith(('bet', 'energies', 'arr')) and not k.startswith('beta_'))"
printf '1 1\n2 -1\n' >clamp.txt
temper g.mtx --clamp clamp.txt --init clamp.txt --rounds 20 --warm-up 0 --temperatures 2 --array small --json >c.json 2>/dev/null
expect "clamped p-bits" json c.json "j['magnetization'][:2] == [1, -1] and abs(j['magnetization'][2]) < 1"

warns "a max-cut graph without its convention" "needs --convention maxcut" "$glauber" temper ring.rud --rounds 1 --warm-up 0 --array small
printf '1 1 -1\n' >two.txt
says 1 "clusters of chains that are clamped differently" "clamp all chains to the same" "$glauber" temper g.mtx --cluster-moves --clamp two.txt --array small
says 1 "a ladder that falls" "a ladder ascends" "$glauber" temper g.mtx --betas 1,0.5
says 1 "a ladder of one" "two temperatures at least" "$glauber" temper g.mtx --betas 1
says 1 "a ladder of no numbers" "no list of numbers separated by commas" "$glauber" temper g.mtx --betas 1,x
says 1 "a range of one point" "of a ladder is below the cold end" "$glauber" temper g.mtx --beta-range 1:1 --array small
says 1 "too many sweeps" "choose fewer" "$glauber" temper g.mtx --sweeps 1000000 --rounds 1000000
says 1 "too cold" "colder than the array can be" "$glauber" temper g.mtx --beta 1e9 --array small
says 1 "too cold, whatever lies between" "beta 1e+09 is colder" "$glauber" temper g.mtx --beta 1e9 --array small
printf '%%%%MatrixMarket matrix coordinate real symmetric\n3 3 2\n2 1 50\n3 2 -0.3\n' >wide.mtx
"$glauber" compile wide.mtx --array small --beta 1 -o precise.glbp >/dev/null 2>&1
says 1 "a precise program" "the program is precise, made for beta 1, where" "$glauber" temper wide.mtx --array small --program precise.glbp
for unit in 1e50 1e-300; do # outside the range of single precision
    printf '%%%%MatrixMarket matrix coordinate real symmetric\n3 3 2\n2 1 %s\n3 2 -%s\n' $unit $unit >unit.mtx
    temper unit.mtx --rounds 20 --warm-up 20 --array small --json >unit.json 2>/dev/null
    expect "couplings of $unit" json unit.json "abs(j['best_energy'] / $unit + 2) < 1e-9 and len(set(j['betas'])) == j['temperatures'] and j['betas'] == sorted(j['betas'])"
done
temper g.mtx --stop-energy 0 --rounds 3 --array small --json >none.json 2>none.txt
expect "no figures of no rounds" eval 'json none.json "j[\"reached\"] and j[\"rounds\"] == 0" && ! grep -q -e "energy .*nan" -e "  nan" none.txt'
says 2 "two ladders" "mutually exclusive" "$glauber" temper g.mtx --betas 1,2 --temperatures 3
says 2 "time and rounds" "mutually exclusive" "$glauber" temper g.mtx --time 1 --rounds 3
finish
