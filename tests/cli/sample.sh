#!/bin/bash
# glauber sample: numbers against exact ones, reproducibility, clamps, files. SPDX-License-Identifier: Apache-2.0
. "$(dirname "$0")/lib.sh"
cd "$work" || exit 1

# three p-bits, J12 = 1, J23 = -0.5, h1 = 0.3: exact values by enumeration
cat >g.mtx <<'G'
%%MatrixMarket matrix coordinate real symmetric
3 3 2
2 1 1.0
3 2 -0.5
G
cat >b.mtx <<'B'
%%MatrixMarket matrix array real general
3 1
0.3
0
0
B
"$glauber" sample g.mtx --bias b.mtx --beta 0.8 --samples 20000 --chains 128 --array small --json >a.json 2>a.txt
cat >exact.py <<'P'
import json, math, itertools
j = json.loads(open('a.json').read().strip().split('\n')[-1])
Z = E = 0; M = [0, 0, 0]; es = []; ps = []
for m in itertools.product((-1, 1), repeat=3):
    e = -(m[0] * m[1] - 0.5 * m[1] * m[2]) - 0.3 * m[0]
    p = math.exp(-0.8 * e); es.append(e); ps.append(p); Z += p; E += p * e; M = [a + p * b for a, b in zip(M, m)]
# couplings and noise have steps: the means of 40 seeds are off by up to 0.0012 and 0.0044
# Chance: measured(0.0012, 0.0007, 0.01) | mean energy; deviation of 40 seeds over sqrt(8)
# Chance: 3 * measured(0.0044, 0.0009, 0.02) | three means of spins
assert abs(j['mean_energy'] - E / Z) < 0.01, (j['mean_energy'], E / Z)
assert all(abs(a - b / Z) < 0.02 for a, b in zip(j['magnetization'], M)), (j['magnetization'], M)
# the spread of 128 chains' means: of 2,560,000 samples, of which a few in a row are alike (1.25 times the variance)
# Chance: 1 - chi2(0.7 ** 2 * 127 / 1.25, 127) | their standard error, too small
# Chance: chi2(1.8 ** 2 * 127 / 1.25, 127) | too large
var = sum((e - E / Z) ** 2 * p for e, p in zip(es, ps)) / Z
assert 0.7 < j['mean_energy_stderr'] / math.sqrt(var / 2560000) < 1.8, (j['mean_energy_stderr'], var)
# every other key from what is known of the run
import subprocess, sys
info = json.loads(subprocess.run([sys.argv[1], 'info', 'g.mtx', '--bias', 'b.mtx', '--json'], capture_output=True, check=True).stdout)
version = subprocess.run([sys.argv[1], '--version'], capture_output=True, text=True, check=True).stdout.split()
clocks = j['cycles'] / (8 * 20100) # eight boards, one after the other
known = dict(command='sample', pbits=3, couplings=2, colours=2, chains=128, samples=20000, beta=0.8, seed=1, sweeps=20100,
             flips=3 * 128 * 20100, convention='boltzmann', array='small', stopped=False, graph_hash=info['graph_hash'])
assert all(j[k] == v and type(j[k]) == type(v) for k, v in known.items()), {k: (j[k], v) for k, v in known.items() if j[k] != v}
assert len(info['graph_hash']) == 16 and int(info['graph_hash'], 16) != 0
assert clocks == int(clocks) and 20 < clocks < 500, clocks
assert math.isclose(j['flips_per_cycle'], 3 * 16 / clocks, rel_tol=1e-5), j['flips_per_cycle']
assert math.isclose(j['coupling_updates_per_cycle'], 2 * 2 * 16 / clocks, rel_tol=1e-5), j['coupling_updates_per_cycle']
assert math.isclose(j['best_energy'], min(es)), (j['best_energy'], min(es))
assert 0 < j['seconds'] < 600 and j['device'].startswith('emu small, 8 boards') and j['version'] in version, (j['device'], j['version'], version)
extra = {'cycles', 'flips_per_cycle', 'coupling_updates_per_cycle', 'seconds', 'mean_energy', 'mean_energy_stderr', 'best_energy',
         'magnetization', 'device', 'version', 'states_sha256'}
# rounding, and the certificate, of which samples.sh has the rest
extra |= set('u j_rms_error j_max_error h_max_error couplings_nonzero couplings_zeroed field_error field_error_beta precise_beta couplings_cut entries_added helpers certificate certificate_chains'
             ' beta_effective beta_low beta_high beta_decisions frozen_chains frozen_pbits chain_correlation total_variation total_variation_noise exact_energy'
             ' doubts magnetization_mean reached'.split())
extra |= {a + b for a in ('energy', 'magnetization') for b in ('_half_width', '_tau', '_tau_error', '_ess', '_r_hat')}
assert math.isclose(j['exact_energy'], E / Z) and j['certificate'] is True and j['certificate_chains'] == 128, j
# Chance: measured(0.0028, 0.0005, 0.02) | total variation, eight seeds
# Chance: measured(0.001, 0.0027, 0.02) | effective beta against the asked one
assert 0 < j['total_variation'] < 0.02 and j['frozen_chains'] == 0 and j['energy_r_hat'] < 1.001, j
# the couplings and biases are rounded by up to 0.4 %
assert abs(j['beta_effective'] - 0.8) < 0.02, j['beta_effective']
assert set(j) == set(known) | extra, set(j) ^ (set(known) | extra)
P
expect "every key of the JSON is as enumerated, counted or asked for" python3 exact.py "$glauber"
expect "report for people goes to standard error with --json" grep -q '^energy' a.txt

# a cold chain of ferromagnets stays where it starts
printf '3 2\n1 2 1\n2 3 0.5\n' >chain.rud
for value in 1 -1; do
    printf "1 $value\n2 $value\n3 $value\n" >i.txt
    "$glauber" sample chain.rud --array small --beta 1e6 --burn-in 0 --samples 5 --init i.txt --json >i.json 2>/dev/null
    expect "--init $value at beta 1e6" json i.json "j['magnetization'] == [$value] * 3"
done

"$glauber" graph regular n=60,d=4,weights=gauss -o r.mtx >/dev/null
plain() { "$glauber" sample r.mtx --array small --json "$@" 2>/dev/null | sed 's/"seconds": [^,]*, //; s/"device": [^,]*\(, [^"]*\)*", //'; }
run() { plain --samples 30 --interval 3 --seed 7 "$@"; }
run -o 1.h5 >1.json
run -o 2.h5 >2.json
plain --samples 30 --interval 3 --seed 8 >3.json
expect "the same seed gives the same output" cmp 1.json 2.json
expect "the same seed gives the same file" cmp 1.h5 2.h5
expect "another seed gives another output" bash -c '! cmp -s 1.json 3.json'
plain --samples 30 --interval 3 --seed $((7 + (1 << 32))) | sed 's/"seed": [^,]*//' >6.json
expect "and so does one that differs above 32 bits" bash -c '! cmp -s <(sed "s/\"seed\": [^,]*//" 1.json) 6.json'
run --device emu-port -o 3.h5 >4.json
expect "the reference gives the same numbers" cmp 1.json 4.json
"$glauber" compile r.mtx --array small -o r.glbp >/dev/null
run --program r.glbp >5.json
expect "a compiled program gives the same numbers" cmp 1.json 5.json
expect "100 chains are rounded up to 7 boards of 16" json <(run --chains 100) "j['chains'] == 112"

printf '1 1\n2 -1\n3 0 1\n' >bad.txt
refuse "a clamp file with lines of different length" "bad.txt:3: values: 2; give 1 on every line" "$glauber" sample r.mtx --array small --clamp bad.txt
printf '%% a comment\n1 1 -1\n2 -1 1 # two columns\n' >c.txt
expect "clamped p-bits keep their values" json <(run --clamp c.txt) "j['magnetization'][0] == 0 and j['magnetization'][1] == 0"
printf '1 1 %% behind the value\n2 -1%%\n' >c.txt
expect "clamped p-bits keep their value in every chain" json <(run --clamp c.txt) "j['magnetization'][0] == 1 and j['magnetization'][1] == -1"
printf '1 0\n2 1\n' >c.txt
expect "0 in a clamp file is down" json <(run --clamp c.txt) "j['magnetization'][:2] == [-1, 1]"
"$glauber" info r.mtx --json >info.json
expect "info counts the couplings of the p-bits" json info.json "j['mean_degree'] == j['max_degree'] == 4"
"$glauber" graph complete n=40 -o k.mtx >/dev/null
for effort in 0 2; do
    "$glauber" compile k.mtx --array small --effort $effort --json >compiled.json 2>/dev/null
    clocks=$(python3 -c "import json; print(json.load(open('compiled.json'))['clocks'])")
    "$glauber" sample k.mtx --array small --effort $effort --json >effort.json 2>/dev/null
    expect "a sweep takes the clocks of compile --effort $effort" json effort.json "j['cycles'] == $clocks * j['sweeps']"
    echo "$clocks" >>clocks
done
# no array is named: the boards' one, or the large one where that is too small
"$glauber" graph complete n=130 -o wide.mtx >/dev/null
"$glauber" sample wide.mtx --effort 0 --samples 1 --burn-in 0 --json >wide.json 2>wide.report
expect "a graph too large for ulx3s-85 gets the array big" json wide.json "j['array'] == 'big' and j['pbits'] == 130"
expect "which the report tells" grep -q "^chosen     array big, as the graph does not fit ulx3s-85" wide.report
says 1 "but not where ulx3s-85 is asked for" "array ulx3s-85" "$glauber" sample wide.mtx --array ulx3s-85
"$glauber" sample k.mtx --effort 0 --samples 1 --json >k.json 2>k.report
expect "others get ulx3s-85, without a word" json k.json "j['array'] == 'ulx3s-85'"
refuse_in() { ! grep -q "$1" "$2"; }
expect "in the report" refuse_in "^chosen" k.report
"$glauber" compile wide.mtx --effort 0 -o wide.glbp >wide.compiled
expect "compile chooses, too" grep -q "^array: big, the first that the graph fits" wide.compiled
"$glauber" sample wide.mtx --program wide.glbp --samples 1 --burn-in 0 --json >again.json 2>/dev/null
expect "a program brings its array" json again.json "j['array'] == 'big'"
expect "which the effort changes" test "$(uniq clocks | wc -l)" = 2
printf '0.1 10\n1 20\n' >s.txt
expect "a schedule file" json <(plain --schedule s.txt --samples 10 --interval 3 --burn-in 0) "j['sweeps'] == 30 and j['beta'] == 1 and j['beta_first'] == 0.1 and j['samples'] == 10"
for i in $(seq 700); do echo "0.5 3"; done >s.txt
expect "a schedule of more steps than the array holds" json <(plain --schedule s.txt --samples 300 --interval 7 --burn-in 0) "j['sweeps'] == 2100 and j['samples'] == 300"
finish
