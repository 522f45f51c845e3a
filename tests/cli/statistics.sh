#!/bin/bash
# glauber sample --statistics: counts against enumeration and against the samples of a run with the same seed, on every path; what it says
# where the array cannot count; Ctrl-C. SPDX-License-Identifier: Apache-2.0
. "$(dirname "$0")/lib.sh"
here=$(cd "$(dirname "$0")" && pwd)
cd "$work" || exit 1

# four p-bits, couplings J12 = 1, J13 = 0.4, J23 = -0.5, J34 = 0.7, h1 = 0.3, h4 = -0.2: exact values by enumeration
printf '%%%%MatrixMarket matrix coordinate real symmetric\n4 4 4\n2 1 1.0\n3 1 0.4\n3 2 -0.5\n4 3 0.7\n' >e.mtx
printf '%%%%MatrixMarket matrix array real general\n4 1\n0.3\n0\n0\n-0.2\n' >e.txt
"$glauber" sample e.mtx --bias e.txt --beta 0.8 --samples 20000 --interval 2 --chains 128 --array small --statistics --json >e.json 2>e.err
cat >exact.py <<'P'
import itertools, json, math
j = json.loads(open("e.json").read().strip().split("\n")[-1])
pairs, J, h = [(0, 1), (0, 2), (1, 2), (2, 3)], [1, 0.4, -0.5, 0.7], [0.3, 0, 0, -0.2]
Z = E = 0; M = [0] * 4; C = [0] * 4
for m in itertools.product((-1, 1), repeat=4):
    e = -sum(w * m[a] * m[b] for w, (a, b) in zip(J, pairs)) - sum(w * s for w, s in zip(h, m))
    p = math.exp(-0.8 * e); Z += p; E += p * e
    M = [x + p * s for x, s in zip(M, m)]; C = [x + p * m[a] * m[b] for x, (a, b) in zip(C, pairs)]
# couplings and noise have steps: the means of 40 seeds are off by up to 0.0001 and 0.0002
# Chance: measured(0.0001, 0.0005, 0.006) | mean energy; deviation of 40 seeds
# Chance: 8 * measured(0.0002, 0.0007, 0.008) | four means of spins, four correlations
assert abs(j["mean_energy"] - E / Z) < 0.006, (j["mean_energy"], E / Z)
for got, want in ((j["magnetization"], M), (j["correlations"], C)):
    assert len(got) == 4 and all(abs(a - b / Z) < 0.008 for a, b in zip(got, want)), (got, [x / Z for x in want])
assert j["counted"] == 128 * 20000 and j["counted_on"] == "array", j
assert j["best_energy"] is None and j["mean_energy_stderr"] is None and j["samples"] == 20000
P
expect "means, correlations and energy are as enumerated" python3 exact.py
expect "a report of four lines about them" test "$(grep -cE '^(energy  |counted |means  |correlat)' e.err)" = 4

"$glauber" graph regular n=45,d=4,weights=gauss,bias=gauss --seed 4 -o g.mtx --bias b.mtx >/dev/null
"$glauber" compile g.mtx --bias b.mtx --array small -o plain.glbp >/dev/null
"$glauber" compile g.mtx --bias b.mtx --array small --count -o counts.glbp >/dev/null
run() { "$glauber" sample g.mtx --bias b.mtx --array small --samples 60 --seed 5 --json "$@" 2>run.err; }
numbers() { sed 's/"seconds": [^,]*, //; s/"device": [^,]*\(, [^"]*\)*", //; s/"cycles.*"mean_energy"/"mean_energy"/; s/"counted_on": "[a-z]*", //' "$@"; }
# agree NAME OPTIONS...: the counts are those of the samples, wherever they are made
agree() {
    local name=$1
    shift
    run "$@" -o samples.h5 >samples.log
    run "$@" -o array.h5 --statistics >array.log
    expect "$name: the array counts" json array.log "j['counted_on'] == 'array'"
    for file in samples array; do h5 $file.h5 >$file.json; done
    expect "$name: its counts are those of the samples" python3 "$here/checks/statistics.py" samples.json array.json samples.log array.log
    run "$@" --program counts.glbp --device emu-port --statistics >port.log
    run "$@" --program plain.glbp -o host.h5 --statistics >host.log
    expect "$name: the host counts without segments for it, and says so" grep -q 'warning: --statistics: the program has no counting segments' run.err
    expect "$name: and is said to" json host.log "j['counted_on'] == 'host'"
    h5 host.h5 >host.json
    expect "$name: the same counts" python3 "$here/checks/statistics.py" samples.json host.json samples.log host.log
    expect "$name: the same numbers on the emulated board" cmp <(numbers array.log) <(numbers port.log)
    expect "$name: and from the host" cmp <(numbers array.log) <(numbers host.log)
}
agree "a plain run"
printf '3 1 0 1\n45 -1 -1 1\n10 0 1 0\n' >c.txt
printf '1 1 -1\n2 -1 -1\n' >i.txt
agree "boards, clamps, start values" --chains 96 --clamp c.txt --init i.txt --interval 3 --burn-in 4
for i in $(seq 300); do echo "0.$((1000 + i)) 2"; done >s.txt
agree "a schedule of two jobs, cut between two samples" --schedule s.txt --burn-in 3 --interval 9

"$glauber" graph complete n=22 -o full.mtx >/dev/null
"$glauber" sample full.mtx --array tiny --statistics --samples 10 --json >full.log 2>full.err
expect "no room on the array: how much, and for what" grep -q \
    'warning: --statistics: the array tiny has room for about [1-9][0-9]* of 253 sums (coupling memory is full), so all samples come to the host' full.err
expect "and the host counts" json full.log "j['counted_on'] == 'host' and j['counted'] == 40 and len(j['correlations']) == 231"
says 2 "no energies to stop at" "--stop-energy" "$glauber" sample g.mtx --bias b.mtx --statistics --stop-energy 1
says 2 "annealing has none" "--statistics" "$glauber" anneal g.mtx --statistics

# Python, as a shell starts what is in the background with SIGINT ignored
cat >cut.py <<'P'
import signal, subprocess, sys, time
p = subprocess.Popen(sys.argv[1:], stdout=open("cut.log", "w"), stderr=open("cut.err", "w"))
time.sleep(2)
p.send_signal(signal.SIGINT)
assert p.wait(60) == 130, p.returncode
P
expect "Ctrl-C ends a run that counts" python3 cut.py "$glauber" sample g.mtx --bias b.mtx --array small --statistics --samples 400000000 --json -o cut.h5
h5 cut.h5 >cut.json
expect "what it counted so far is returned and marked" json cut.log "j['stopped'] and j['counted'] == 16 * j['samples'] > 0"
expect "for people too" grep -q '^counted .*: those before the run was stopped$' cut.err
expect "and in its file" json cut.json "j['@complete'] == 0 and j['@counted'] > 0 and max(j['agree_counts']['values']) <= j['@counted']"
finish
