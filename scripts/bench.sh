#!/bin/bash
# Runs one bench of tests/rtl or a folder there with Icarus Verilog; passes if it prints PASS and no FAIL. Its first line names the files it takes besides
# all of rtl/. Usage: BUILD=build bench.sh [--compile | --run] tb_NAME, one of the two halves or both.
# SPDX-License-Identifier: Apache-2.0
cd "$(dirname "$0")/.." || exit 2
half=both
case $1 in --compile | --run) half=$1 && shift ;; esac
build=${BUILD:-build}
bench=$(find tests/rtl -name "$1.sv")
[ -n "$bench" ] || { echo "bench.sh: tests/rtl has no $1.sv; give the name of a bench, such as tb_glb_beta" >&2 && exit 2; }
mkdir -p "$build/tests/rtl"
exe=$build/tests/rtl/$1.vvp
files=$(sed -n '1s|^// FILES: *||p' "$bench")
if [ $half != --run ]; then
    # shellcheck disable=SC2086
    iverilog -g2012 -Irtl -I"$(dirname "$bench")" -s "$1" -o "$exe" "$bench" $files rtl/*.sv rtl/*/*.sv || exit 1
fi
[ $half != --compile ] || exit 0
vvp -n "$exe" | tee "$exe.out"
grep -q '^PASS' "$exe.out" && ! grep -q '^FAIL' "$exe.out"
