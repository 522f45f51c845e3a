#!/bin/bash
# The JSON and the pictures of draw against a second computation (draw.py), and every option of its. SPDX-License-Identifier: Apache-2.0
. "$(dirname "$0")/lib.sh"
here=$(cd "$(dirname "$0")" && pwd)
cd "$work" || exit 1
mkdir data
bars data
"$glauber" train --data data --array small --batch 64 --topology local:hidden=50,fan=20 --epochs 4 --method drawing --seed 3 -o d.h5 >train.log 2>&1
h5 d.h5 >d.json
draw() { "$glauber" draw d.h5 --array small --columns 3 --sweeps 200 "$@" >log 2>&1; }
picture() { python3 -B "$here/checks/draw.py" "$@"; }
draw --judge --data data --mhz 50 --json -o plain.png
expect "every key of draw --json, the judge's too" picture judge plain.png data log
expect "the number of its class before each row" picture numbers plain.png
cp log judged
expect "the judge's report" grep -q '^3 nearest neighbours (.* read .* of 30 drawn digits as the clamped label$' judged
draw --mhz 100 --json -o x.png
expect "device_seconds halve at twice the clock" python3 -c "
import json
a, b = (json.loads(open(f).read().strip().split('\n')[-1])['device_seconds'] for f in ('judged', 'log'))
assert abs(a - 2 * b) < 1e-12"
expect "the same options draw the same picture" cmp plain.png x.png
draw --seed 1 --beta 0.9 --average 10 --scale 3 --threads 2 -o x.png
expect "so do the defaults spelt out, and any number of threads" cmp plain.png x.png
draw --seed 2 -o x.png
expect "another seed draws another" eval '! cmp -s plain.png x.png'
"$glauber" draw d.h5 --array small --columns 1 --sweeps 20 --scale 1 -o emu.png >log && "$glauber" draw d.h5 --array small --columns 1 --sweeps 20 --scale 1 \
    --device emu-port -o port.png >log
expect "the reference draws the same" cmp emu.png port.png
draw --scale 2 -o x.png
expect "--scale 2: every pixel twice as wide and high" picture tiles x.png 3 2 plain.png
draw --average 1 -o x.png
expect "one sweep alone is black and white" picture grey x.png 0 0
draw --average 20 --beta 0.05 -o x.png
expect "a hot machine is grey" picture grey x.png 0.9 1
draw --average 20 --beta 8 -o x.png
# Chance: measured(0.0118, 0.0021, 0.001) | share of grey pixels; five seeds
expect "a cold one is not" picture grey x.png 0.001 0.3
"$glauber" draw d.h5 --columns 3 --weights -o w.png >log 2>&1
expect "--weights shows the couplings of hidden units" picture weights w.png d.json
# files of version 0.1 have the command alone
sed 's/generative/generat_ve/' d.h5 >old.h5
sed 's/--method drawing/--method other  /' old.h5 >noise.h5
sed 's/--method drawing/--generative 3  /' old.h5 >free.h5
old() { "$glauber" draw "$1.h5" --array small --columns 1 --sweeps 20 -o x.png >log 2>&1; }
expect "a model of an older version" old old
expect "that was trained with --generative" old free
expect "is refused if it was trained without" eval '! old noise && grep -q "trained to read" log'
says 1 "more averaged than there are" "the last tenth can be averaged" "$glauber" draw d.h5 --array small --sweeps 200 --average 21 -o x.png

long=("$glauber" draw d.h5 --array small --columns 200 --sweeps 10000000 -o never.png)
for number in 1 3; do expect "--threads $number are so many" has_threads $number "${long[@]}" --threads $number; done
finish
