#!/bin/bash
# The same job through --device sim and --device emu gives the same file, bit for bit. SPDX-License-Identifier: Apache-2.0
. "$(dirname "$0")/lib.sh"
cd "$work" || exit 1
"$glauber" graph regular n=100,d=4,weights=gauss,bias=gauss -o g.mtx --bias b.mtx >/dev/null
printf '3 1\n10 -1\n' >c.txt
printf '0.2 20\n1 30\n' >s.txt
job() { "$glauber" sample g.mtx --bias b.mtx --array small --clamp c.txt --schedule s.txt --samples 10 --interval 3 --burn-in 5 --chains 32 --seed 99 "$@"; }
expect "a job on the emulator" job -o emu.h5
sleep 1.1 # no file may depend on the time of day
expect "the job on the Verilated RTL" job --device sim -o sim.h5
# only the attribute `device` differs, and it is of the same length
cmp -l emu.h5 sim.h5 >diff.txt
expect "the files differ in the device's name alone" test "$(wc -l <diff.txt)" -le 3
expect "identity of the simulated device" "$glauber" info --device sim --array small
# Chance: 2 * above(5) | chi-square as normal deviate
expect "self-test of the emulator" "$glauber" selftest --array small
expect "self-test of the simulated device" "$glauber" selftest --device sim --array small
refuse "a simulator that was not built" "make sim ARRAY=25f" env GLAUBER_SIM_DIR=/nonexistent "$glauber" info --device sim --array 25f
finish
