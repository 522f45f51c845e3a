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
# Chance: 2 * 0.13 ** 16 | no chain of 16 ends in the cut; 87 % of 3,184 did
"$glauber" anneal ring.rud --convention maxcut --sweeps 500 --array small --json >a.json 2>a.txt
expect "maximum cut of an even ring" json a.json "j['best_cut'] == $n and j['best_energy'] == -$n"
expect "the default range of beta is printed" grep -q 'from the couplings' a.txt
"$glauber" anneal ring.rud --convention maxcut --sweeps 100000 --interval 5 --stop-energy -$n --array small --json >b.json 2>b.txt
expect "stops at the energy asked for" json b.json "j['best_cut'] == $n and j['stopped'] and j['sweeps'] < 100000"
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

"$glauber" graph regular n=30,d=4,weights=gauss -o r.mtx >/dev/null
"$glauber" compile r.mtx --array small -o r.glbp >/dev/null
short() { "$glauber" anneal r.mtx --array small --sweeps 50 "$@" --json 2>/dev/null | sed 's/"seconds": [^,]*, //; s/"device": [^,]*\(, [^"]*\)*", //'; }
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
