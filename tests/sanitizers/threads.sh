#!/bin/bash
# Every command of the tool that runs several threads, with four: a build with the thread sanitizer reports its races.
# SPDX-License-Identifier: Apache-2.0
. "$(dirname "$0")/../cli/lib.sh"
cd "$work" || exit 1
mkdir data
python3 "$tree/tests/support/bars.py" data 1 256 40
train=(train --data data --array small --batch 64 --topology local:hidden=40,fan=12,window=5 --threads 4)
"$glauber" graph regular n=200,d=4,weights=gauss -o g.mtx >/dev/null
expect "sample on four boards" "$glauber" sample g.mtx --array small --chains 64 --samples 300 -o s.h5
expect "anneal on four boards" "$glauber" anneal g.mtx --array small --chains 64 --sweeps 300
expect "train with four threads" "$glauber" "${train[@]}" --epochs 2 --save-every 0 -o m.h5
expect "train by drawing" "$glauber" "${train[@]}" --epochs 1 --method drawing -o d.h5
expect "with warps and shifts" "$glauber" "${train[@]}" --epochs 1 --warp 1 --shift 1 -o w.h5
expect "eval, with free energies" "$glauber" eval m.h5 --data data --batch 64 --sweeps 30 --threads 4 --free-energy
expect "draw and judge" "$glauber" draw d.h5 --array small --columns 3 --sweeps 100 --judge --data data --threads 4 -o d.png
expect "self-test" "$glauber" selftest --array tiny

# interrupted in the middle: a signal meets threads at work
"$glauber" "${train[@]}" --epochs 1000 --save-every 0 -o i.h5 >/dev/null 2>&1 &
training=$!
until [ -e i.h5.checkpoint ] || ! kill -0 $training 2>/dev/null; do sleep 0.02; done
kill -INT $training
wait $training
status=$?
expect "Ctrl-C ends a training with status 130" test $status = 130
expect "which goes on" timeout -s INT 60 "$glauber" train --data data --resume --threads 4 --describe -o i.h5
finish
