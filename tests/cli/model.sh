#!/bin/bash
# Model files, the JSON of train and eval, and eval's options against a second computation (model.py). SPDX-License-Identifier: Apache-2.0
. "$(dirname "$0")/lib.sh"
here=$(cd "$(dirname "$0")" && pwd)
cd "$work" || exit 1
mkdir data
bars data
machine=(--data data --array small --batch 64 --topology "local:hidden=20,fan=12,window=5" --shift 0 --warp 0)
phases=(--positive-burn 3 --positive 6 --negative-burn 3 --negative 6)
"$glauber" train "${machine[@]}" "${phases[@]}" --epochs 0.3 --seed 5 --readout-beta 0.75 --mhz 25 -o m.h5 --json >log 2>&1
h5 m.h5 >m.json
expect "every item of a model file and every key of train --json" python3 "$here/checks/model.py" train m.json data log log
expect "the command is as it was typed" json log "j['command'].startswith('glauber train --data data --array small --batch 64 --topology') and j['command'].endswith('-o m.h5 --json')"

# ---- eval ----
"$glauber" train "${machine[@]}" --epochs 6 -o good.h5 --json >train.log 2>&1
h5 good.h5 >good.json
read_labels() { "$glauber" eval good.h5 --data data --array small "$@" --json; }
read_labels --batch 128 --sweeps 30 --chains 3 --burn-in 4 --seed 8 --mhz 50 --free-energy >e.log 2>e.err
expect "the exact accuracy" python3 "$here/checks/model.py" eval good.json data e.log t10k 0 200
read_labels --part train --first 7 --images 90 --free-energy >p.log 2>&1
expect "of --part train --first 7 --images 90" python3 "$here/checks/model.py" eval good.json data p.log train 7 90
read_labels --first 150 --free-energy >p.log 2>&1
expect "and of all behind --first 150" python3 "$here/checks/model.py" eval good.json data p.log t10k 150 50
"$glauber" eval m.h5 --data data --array small --images 16 --json >beta.log 2>&1
expect "labels are read at the beta of the model" json beta.log "j['beta'] == 0.75 and j['weight_bits'] == 8"
"$glauber" eval good.h5 --data data --array big --images 16 --json >big.log 2>&1
expect "no time of an array that no board has" json big.log "j['device_seconds'] is None and j['cycles'] > 0"
"$glauber" train --data data --array small --batch 120 --topology local:hidden=20,fan=12,window=5 --images 120 --epochs 1 -o x.h5 --json >batch.log 2>&1
expect "a batch is rounded up to whole boards" json batch.log "j['batch'] == 128"
expect "epochs are of the images used" grep -q '^epoch   1.07 of 1: ' batch.log
cat >keys.py <<'P'
import json, sys
e, t = (json.loads(open(f).read().strip().split("\n")[-1]) for f in ("e.log", "train.log"))
text = open("e.log").read()
rows = [line.split() for line in text.split("\n")[2:12]]
confusion = [list(map(int, r[1:11])) for r in rows]
labels = open("data/t10k-labels-idx1-ubyte", "rb").read()[8:]
assert [sum(r) for r in confusion] == [labels.count(k) for k in range(10)], confusion
batches, clocks = 5, int(t["cycles"] / t["flips"] * 64 * 30 / 4)  # 600 chains in batches of 128; clocks of a sweep of a board
known = dict(model="good.h5", topology=t["topology"], pbits=814, couplings=440, layers=3, weight_bits=8, images=200,
             accuracy=sum(confusion[k][k] for k in range(10)) / 200, sweeps=30, chains=3, burn_in=4, beta=0.9, seed=8,
             flips=batches * 128 * 30 * 10, cycles=batches * 8 * 10 * clocks, command=t["command"], revision=t["revision"],
             training_flips=t["flips"], training_seconds=t["seconds"], version=t["version"])
assert all(e[k] == v for k, v in known.items()), {k: (e[k], v) for k, v in known.items() if e[k] != v}
assert set(e) == set(known) | {"accuracy_spins", "accuracy_free_energy", "device_seconds", "seconds", "device"}, e
assert abs(e["device_seconds"] - e["cycles"] / 50e6) < 1e-12 and 0 < e["seconds"] < 60 and e["device"].startswith("emu small, 8 boards")
right = sum(confusion[k][k] for k in range(10))
assert f"{right} of 200 labels right: {right / 2:.2f} % with 30 sweeps an image in 3 chains at beta 0.9, {e['flips']:.3g} p-bit updates, " in text
assert f"by exact free energies: {100 * e['accuracy_free_energy']:.2f} %" in text
assert [r[11:] for r in rows] == [[f"{100 * confusion[k][k] / sum(confusion[k]):.2f}", "%"] for k in range(10)], rows
# Chance: measured(0.934, 0.043, 0.7) | images read right by a model that has learnt; five seeds
assert f"spins instead of their fields: {100 * e['accuracy_spins']:.2f} %" in text and e["accuracy"] > 0.7
P
expect "every key of eval --json" python3 keys.py
read_labels --images 50 --curve --curve-file points >curve.log 2>&1
read_labels --images 50 >plain.log 2>&1
expect "--curve prints what --curve-file writes, and changes nothing else" python3 -c "
import json, re
curve, plain = open('curve.log').read(), open('plain.log').read()
shown = re.findall(r'  ([0-9]+): ([0-9.]+) %', next(l for l in curve.split('\n') if l.startswith('sweeps an image:')))
written = [l.split() for l in open('points')]
assert len(shown) == 7 and [(a, f'{100 * float(b):.2f}') for a, b in written] == shown, (shown, written)
assert 'sweeps an image:' not in plain
assert json.loads(curve.split('\n')[-2])['accuracy'] == json.loads(plain.split('\n')[-2])['accuracy']"
# labels NAME OPTIONS...: what is read, without times and devices, into the file NAME
labels() {
    read_labels --images 64 --chains 1 --sweeps 10 --batch 64 "${@:2}" >log 2>&1 && sed '/p-bit updates\|^{\|^local/d' log >"$1"
}
labels plain --burn-in 0
expect "labels are read" test "$(wc -l <plain)" = 12
same() { labels other "$@" && cmp plain other; }
differing() { labels other "$@" && ! cmp -s plain other; }
expect "the same options read the same labels" same --burn-in 0
expect "so does the reference" same --burn-in 0 --device emu-port
expect "and any number of threads" same --burn-in 0 --threads 2
expect "another seed reads others" differing --burn-in 0 --seed 2
expect "so does another burn-in" differing --burn-in 7
expect "and another beta" differing --burn-in 0 --beta 0.2
for number in 1 3; do
    expect "train --threads $number are so many" has_threads $number "$glauber" train --data data --array small --batch 1024 \
        --topology local:hidden=200,fan=12 --epochs 100000 -o never.h5 --threads $number
    expect "eval --threads $number are so many" has_threads $number "$glauber" eval good.h5 --data data --part train --array small --batch 10240 \
        --chains 8 --sweeps 65535 --threads $number
done
read_labels --images 100 --beta 0.01 --spins >beta.log 2>&1
# Chance: outside(100, 0.2, 0, 59) | labels read right, a tenth by chance
expect "a hot machine reads noise" json beta.log "j['beta'] == 0.01 and j['accuracy'] < 0.6"
read_labels --images 100 --batch 100 --chains 1 --sweeps 10 >batch.log 2>&1
expect "--batch 100 is rounded up to whole boards" json batch.log "j['flips'] == 112 * 30 * 10 and j['device'].startswith('emu small, 7 boards')"
says 1 "an array that is too small" "tiny" "$glauber" eval good.h5 --data data --images 16 --array tiny
"$glauber" eval good.h5 --data data --images 16 --json >array.log 2>&1
expect "without --array it is the board's" json array.log "j['device'].startswith('emu ulx3s-85, ')"
finish
