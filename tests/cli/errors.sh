#!/bin/bash
# Bad input is refused with a message that names what is wrong, and old files survive. SPDX-License-Identifier: Apache-2.0
. "$(dirname "$0")/lib.sh"
cd "$work" || exit 1

"$glauber" graph regular n=20,d=3 -o g.mtx >/dev/null
refuse "no command" "usage" "$glauber"
refuse "unknown command" "no command 'smaple'" "$glauber" smaple
refuse "unknown option" "--betta" "$glauber" sample g.mtx --betta 1
refuse "option without a value" "needs a value" "$glauber" sample g.mtx --beta
refuse "beta that is no number" "--beta x" "$glauber" sample g.mtx --beta x
refuse "negative beta" ">= 0" "$glauber" sample g.mtx --beta -1
refuse "a seed that is no number" "--seed abc" "$glauber" sample g.mtx --seed abc
refuse "0 chains" "--chains 0" "$glauber" sample g.mtx --chains 0
refuse "unknown convention" "zte-34" "$glauber" sample g.mtx --convention ising
refuse "unknown array" "no array is called ulx4m" "$glauber" sample g.mtx --array ulx4m
refuse "unknown device" "no device" "$glauber" sample g.mtx --device fpga
refuse "missing graph" "none.mtx" "$glauber" sample none.mtx
refuse "missing schedule" "none.txt" "$glauber" sample g.mtx --schedule none.txt
refuse "schedule and beta" "--schedule" "$glauber" sample g.mtx --schedule none.txt --beta 1
refuse "graph too large for the array" "tiny" "$glauber" sample <("$glauber" graph regular n=500,d=3 -o big.mtx >/dev/null; cat big.mtx) --array tiny
printf '1 2 3\n' >v.txt
refuse "clamp value out of range" "v.txt:1:" "$glauber" sample g.mtx --clamp v.txt
printf '21 1\n' >v.txt
refuse "clamped p-bit out of range" "allowed are 1 to 20" "$glauber" sample g.mtx --clamp v.txt
printf '0 1\n' >v.txt
refuse "p-bits count from 1" "allowed are 1 to 20" "$glauber" sample g.mtx --clamp v.txt
printf '1 1\n1 1\n' >v.txt
refuse "a p-bit twice" "v.txt:2:" "$glauber" sample g.mtx --clamp v.txt
printf '1 -5\n' >s.txt
refuse "schedule with negative sweeps" "s.txt:1:" "$glauber" sample g.mtx --schedule s.txt
printf '1 50\n' >s.txt
refuse "schedule too short for the samples" "50 sweeps" "$glauber" sample g.mtx --schedule s.txt --samples 100
refuse "output folder that is not there" "nowhere" "$glauber" sample g.mtx -o nowhere/out.h5
echo old >out.h5
refuse "a failing run" ":1: " "$glauber" sample g.mtx --clamp <(printf 'x\n') -o out.h5
expect "leaves the old output alone" grep -q old out.h5
"$glauber" compile g.mtx --array small -o g.glbp >/dev/null
"$glauber" graph regular n=20,d=3 --seed 2 -o h.mtx >/dev/null
refuse "a program of another graph" "another graph" "$glauber" sample h.mtx --array small --program g.glbp
refuse "a program of another array" "array" "$glauber" sample g.mtx --array tiny --program g.glbp
refuse "a program that is none" "g.mtx" "$glauber" sample g.mtx --program g.mtx
expect "help" "$glauber" sample --help
expect "version" "$glauber" --version
finish
