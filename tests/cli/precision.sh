#!/bin/bash
# Couplings and biases of very different size: samples against the enumeration of the graph as it is given, what is said where they
# cannot be right, and --precision, --beta and --beta-range. SPDX-License-Identifier: Apache-2.0
. "$(dirname "$0")/lib.sh"
here=$(cd "$(dirname "$0")" && pwd)
cd "$work" || exit 1

# close NAME OPTIONS...: whether the total variation of 1,024,000 samples from the enumeration is below 0.005
close() {
    python3 "$here/checks/precision.py" write "$1" || return 1
    "$glauber" sample "$1.mtx" --bias "$1.h" --array small --chains 512 --samples 2000 --burn-in 1000 -o x.h5 --json "${@:2}" >"$1.log" 2>"$1.err" || return 1
    h5 x.h5 >x.json
    read -r distance noise < <(python3 "$here/checks/precision.py" distance "$1" x.json)
    echo "total variation $distance, of chance alone $noise"
    python3 -c "import sys; sys.exit(not $distance < 0.005)"
}
# eight seeds gave 0.0002 to 0.0016 on average
# Chance: 5 * measured(0.0012, 0.0006, 0.005) | total variation of samples of five graphs, eight seeds
for graph in chain balance small wide wider; do
    expect "samples of '$graph' are distributed as its numbers are" close $graph
    expect "and nothing is doubted" json $graph.log "j['doubts'] == '' and j['precise_beta'] == 1 and j['field_error_beta'] < 0.002"
    expect "nor warned of" eval "! grep warning $graph.err"
done
expect "couplings are cut and spread, p-bits have helpers" json chain.log "j['couplings_cut'] >= 3 and j['entries_added'] > 10 and j['helpers'] == 3"
expect "a sample file tells the same" python3 -c "
import json
j = json.loads(open('wider.log').read().strip().split('\n')[-1])
h5 = json.load(open('x.json'))
assert all(h5['@' + k] == j[k] for k in ('precise_beta', 'couplings_cut', 'entries_added', 'helpers', 'field_error'))
assert (j['precise_beta'], h5['@helpers'] > 0) == (1, True)"
for graph in chain balance small wide wider; do
    expect "plain rounding has another distribution than '$graph'" eval "! close $graph --precision fast"
    expect "and adds nothing" json $graph.log "[j['precise_beta'], j['couplings_cut'], j['entries_added'], j['helpers']] == [0, 0, 0, 0]"
done
expect "which is warned of" grep -q 'wider.mtx: rounding changes the field of a p-bit.*leave --precision fast out' wider.err

# ---- what no rounding cures: a pair that never turns ----
printf '%%%%MatrixMarket matrix coordinate real symmetric\n2 2 1\n2 1 100\n' >pair.mtx
printf '%%%%MatrixMarket matrix array real general\n2 1\n0.001\n0\n' >pair.h
"$glauber" sample pair.mtx --bias pair.h --chains 64 --samples 2000 --json >pair.log 2>/dev/null
expect "chains that keep their start are doubted" json pair.log "j['doubts'] and {'short', 'frozen', 'correlated'} & {*j['doubts'].split()}"

# ---- refusals ----
says 1 "an error that cannot be reached" "more than the 1e-06 asked for" "$glauber" sample chain.mtx --bias chain.h --array small --precision 1e-6
expect "one that can" eval '"$glauber" sample chain.mtx --bias chain.h --array small --precision 0.001 --samples 1 >/dev/null'
for value in slow 0 -1 nan 1x; do
    says 1 "--precision $value" "it is auto, fast, or the error x beta" "$glauber" sample chain.mtx --bias chain.h --precision=$value
done
says 2 "--precision without a beta" "precision" "$glauber" compile chain.mtx --precision 0.1
says 2 "--beta and --beta-range" "mutually exclusive" "$glauber" compile chain.mtx --beta 1 --beta-range 0.1:1

# ---- programs ----
"$glauber" compile chain.mtx --bias chain.h --array small --beta 1 --verify -o one.glbp --json >one.log 2>one.txt
expect "compile has the same figures" python3 -c "
import json
a, b = (json.loads(open(f).read().strip().split('\n')[-1]) for f in ('one.log', 'chain1.log'))
assert all(a[k] == b[k] for k in ('precise_beta', 'couplings_cut', 'entries_added', 'helpers', 'field_error', 'u'))
assert f\"precise: for beta 1; {a['couplings_cut']} couplings cut to what decides, {a['entries_added']} entries for parts of large ones, {a['helpers']} helpers\" in open('one.txt').read()" \
    < <("$glauber" sample chain.mtx --bias chain.h --array small --samples 1 --json >chain1.log 2>/dev/null)
short() { "$glauber" sample chain.mtx --bias chain.h --samples 30 --burn-in 3 --json "$@" 2>/dev/null | sed 's/"seconds": [^,]*, //; s/"device": [^,]*\(, [^"]*\)*", //'; }
expect "a program samples as the graph does" cmp <(short --array small) <(short --array small --program one.glbp)
expect "the reference the same" cmp <(short --array small) <(short --array small --device emu-port)
expect "the RTL the same" eval 'cmp <(short --array tiny) <(short --array tiny --device sim) && [ "$(short --array tiny | wc -c)" -gt 100 ]'
says 1 "a program for another beta" "the program was compiled for 1 alone; compile it for 2" "$glauber" sample chain.mtx --bias chain.h --program one.glbp --beta 2
"$glauber" compile chain.mtx --bias chain.h --array small --beta-range 0.5:4 -o range.glbp >/dev/null
says 1 "one below its range" "compiled for 0.5 or more" "$glauber" sample chain.mtx --bias chain.h --program range.glbp --beta 0.4
expect "one in it" eval '"$glauber" sample chain.mtx --bias chain.h --program range.glbp --beta 2 >/dev/null'
"$glauber" anneal chain.mtx --bias chain.h --array small --beta-range 0.05:5 --sweeps 200 --precision 0.3 --json >anneal.log 2>/dev/null
expect "annealing has none alone for one beta" json anneal.log "j['precise_beta'] == 0.05 and j['helpers'] == 0 and j['field_error_beta'] <= 0.3"

# ---- what the array cannot reach ----
printf '%%%%MatrixMarket matrix coordinate real symmetric\n2 2 1\n2 1 0.001\n' >hot.mtx
warns "a beta that is hotter than the array can be" "the samples are of beta 0.4" "$glauber" sample hot.mtx --array small --beta 0.05
expect "beta 0 is no such" eval '! "$glauber" sample hot.mtx --array small --beta 0 2>&1 >/dev/null | grep -q hotter'

# ---- what is exact stays as it is ----
"$glauber" graph torus2d lx=6 --seed 3 -o exact.mtx >/dev/null
"$glauber" compile exact.mtx --array small -o plain.glbp >/dev/null
"$glauber" compile exact.mtx --array small --beta 9 -o beta.glbp >/dev/null
expect "couplings of +-1 have the same program" eval 'cmp <(h5 plain.glbp) <(h5 beta.glbp)'
finish
