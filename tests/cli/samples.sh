#!/bin/bash
# Sample files and the JSON of sample and anneal against a second computation (samples.py): every option that changes what they say.
# SPDX-License-Identifier: Apache-2.0
. "$(dirname "$0")/lib.sh"
here=$(cd "$(dirname "$0")" && pwd)
cd "$work" || exit 1
"$glauber" graph regular n=45,d=4,weights=gauss,bias=gauss --seed 4 -o g.mtx --bias b.mtx >/dev/null
# agrees NAME GRAPH BIAS CONVENTION "KNOWN" COMMAND OPTIONS...: a run's file and JSON are as computed
agrees() {
    local name=$1 graph=$2 bias=$3 convention=$4 known=$5 command=$6
    local options=(--array small --convention "$convention" --precision fast -o x.h5 --json)
    [ "$bias" = - ] || options+=(--bias "$bias")
    "$glauber" "$command" "$graph" "${options[@]}" "${@:7}" >x.log 2>x.err || cat x.err
    h5 x.h5 >x.json
    # shellcheck disable=SC2086
    expect "$name" python3 "$here/checks/samples.py" "$graph" "$bias" "$convention" x.json x.log x.err command=$command $known
}
for convention in boltzmann zte-2 zte-34 qubo; do
    agrees "energies of $convention" g.mtx b.mtx $convention "samples=20 burn_in=100 interval=1 beta=1 seed=1" sample --samples 20
done
"$glauber" graph random n=30,m=80,weights=uniform -o cut.mtx >/dev/null
agrees "energies of maxcut" cut.mtx - maxcut "samples=100 burn_in=100 interval=1 beta=0.5 seed=9" sample --beta 0.5 --seed 9
sed 's/^30 30 80$/30 30 81\n3 3 1.5/' cut.mtx >qubo.mtx
agrees "energies of qubo with a diagonal" qubo.mtx - qubo "samples=100 burn_in=100 interval=1 beta=1 seed=1" sample
printf '3 1 0 1\n45 -1 -1 1\n10 0 1 0\n' >c.txt
printf '1 1 -1\n2 -1 -1\n' >i.txt
agrees "clamped p-bits, start values, intervals, chains" g.mtx b.mtx boltzmann \
    "samples=12 burn_in=7 interval=5 beta=0.25 seed=18446744073709551615 clamp=c.txt init=i.txt chains=48" sample --samples 12 --burn-in 7 \
    --interval 5 --beta 0.25 --seed 18446744073709551615 --clamp c.txt --init i.txt --chains 48
printf '0.1 10\n0.5 7\n2 13\n' >s.txt
agrees "a schedule" g.mtx b.mtx zte-2 "samples=9 burn_in=2 interval=3 seed=1 schedule=s.txt sweeps=30 certificate=none" sample --schedule s.txt --burn-in 2 --interval 3
agrees "fewer samples than a schedule has room for" g.mtx b.mtx boltzmann "samples=4 burn_in=0 interval=5 seed=1 schedule=s.txt sweeps=30 certificate=none" \
    sample --schedule s.txt --burn-in 0 --interval 5 --samples 4
agrees "annealing with one look" g.mtx b.mtx boltzmann "samples=1 burn_in=0 interval=20 seed=1 ramp=0.5:4 sweeps=20" anneal --beta-range 0.5:4 --sweeps 20 --interval 20
agrees "annealing" g.mtx b.mtx boltzmann "samples=62 burn_in=2 interval=8 seed=3 ramp=0.05:4 sweeps=498 certificate=none" anneal --beta-range 0.05:4 \
    --sweeps 498 --interval 8 --seed 3
agrees "annealing along a schedule" cut.mtx - maxcut "samples=30 burn_in=0 interval=1 seed=1 schedule=s.txt sweeps=30 certificate=none" anneal --schedule s.txt
for i in $(seq 45); do echo "$i $((i % 3 == 0)) $((i % 2))"; done >all.txt
for i in $(seq 45); do echo "$i $((i % 2)) $((i % 5 == 0))"; done >held.txt
agrees "all p-bits clamped" g.mtx b.mtx boltzmann "samples=3 burn_in=0 interval=1 beta=1 seed=1 clamp=held.txt init=all.txt certificate=none" sample --samples 3 \
    --burn-in 0 --clamp held.txt --init all.txt
printf '%%%%MatrixMarket matrix coordinate real symmetric\n6 6 5\n2 1 1000\n4 3 1\n6 5 0.1\n5 4 0.5\n6 4 0\n' >wide.mtx
agrees "couplings of which most are lost" wide.mtx - boltzmann "samples=100 burn_in=100 interval=1 beta=1 seed=1" sample
tail=": rounding changes the field of a p-bit by 7.87"
warns "and the warning" "wide.mtx$tail (x beta 1, more than 0.1), and 3 of 4 couplings became 0: the samples are of another distribution" \
    "$glauber" sample wide.mtx --array small --precision fast --beta 0.127
expect "none for an error x beta below 0.1" eval '"$glauber" sample wide.mtx --array small --precision fast --beta 0.0126 2>&1 >/dev/null | cmp - /dev/null'
warns "annealing has its own limit" "more than 1), and 3 of 4 couplings became 0: low states may be those of another graph" \
    "$glauber" anneal wide.mtx --array small --precision fast --beta-range 0.01:0.128
expect "of an error x beta of 1" eval '"$glauber" anneal wide.mtx --array small --precision fast --beta-range 0.01:0.126 2>&1 >/dev/null | cmp - /dev/null'
# couplings of odd sums have given p-bits 3 to 5 a magnetisation of 0.3
printf '%%%%MatrixMarket matrix coordinate real symmetric\n5 5 3\n2 1 100\n4 3 1.6\n5 4 0.8\n' >odd.mtx
"$glauber" sample odd.mtx --array small --chains 64 --samples 2000 --json >odd.log 2>/dev/null
# Chance: measured(0.0092, 0.0052, 0.05) | largest of three means of free spins without a bias, 20 seeds
expect "p-bits without a bias have none" json odd.log "max(map(abs, j['magnetization'][2:])) < 0.05 and j['h_max_error'] == 0"
finish
