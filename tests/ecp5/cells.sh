#!/bin/bash
# The benches of the data path once more with the ECP5 cells in place of their behavioural models (define GLB_ECP5), simulated with
# Yosys' models of CCU2C, TRELLIS_FF and LUTs and dp16kd.v. Usage: cells.sh [BENCH...] SPDX-License-Identifier: Apache-2.0
cd "$(dirname "$0")/../.." || exit 1
work=${BUILD:-build}/tests/ecp5
case ${BUILD:-build} in /*) work=$BUILD/tests/ecp5 ;; esac
mkdir -p "$work"

. tests/ecp5/share.sh
cells "$work/cells.v" LUT2 LUT4 TRELLIS_FF CCU2C || exit 1

bad=0
[ $# -gt 0 ] || set -- tb_glb_pbit tb_glb_memories tb_glb_array
for tb in "$@"; do
    files=$(sed -n '1s|^// FILES: *||p' "tests/rtl/$tb.sv")
    # shellcheck disable=SC2086
    if iverilog -g2012 -s "$tb" -DGLB_ECP5 -DGLB_SHORT -Irtl -Itests/rtl -o "$work/$tb.vvp" "tests/rtl/$tb.sv" $files \
        rtl/*.sv rtl/*/*.sv tests/ecp5/dp16kd.v "$work/cells.v" >"$work/$tb.log" 2>&1 && vvp -n "$work/$tb.vvp" >"$work/$tb.out" &&
        grep -q '^PASS' "$work/$tb.out" && ! grep -q FAIL "$work/$tb.out"; then
        echo "ok - ecp5 cells: $tb"
    else
        tail -q -n 5 "$work/$tb.log" "$work/$tb.out" 2>/dev/null | sed 's/^/# /'
        echo "not ok - ecp5 cells: $tb"
        bad=1
    fi
done
exit $bad
