#!/bin/bash
# Post-synthesis check: the netlist of array `tiny` in ECP5 cells as bit.sh gives it to nextpnr, behind fpga/netlist.awk, Verilated, in
# lockstep with the emulator: compiled jobs, random memory images and the byte protocol, as the RTL itself is tested.
# SPDX-License-Identifier: Apache-2.0
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/ecp5/share.sh
build=${BUILD:-build}
case $build in /*) ;; *) build=$PWD/$build ;; esac
work=$build/tests/netlist
mkdir -p "$work"
cells "$work/cells.v" LUT2 LUT4 TRELLIS_FF CCU2C TRELLIS_DPR16X4 || exit 1

. fpga/tools.sh
yosys=$(find_tool yosys) || exit 1
rm -rf "$work/rtl"
cp -r rtl "$work/rtl"
synthesise "$work" glb_core "$(chparam_words tiny)" "$(cd "$work" && echo rtl/*.sv rtl/*/*.sv)" "$FLATTEN; write_json yosys.json" &&
    awk -f fpga/netlist.awk "$work/yosys.json" >"$work/flat.json" 2>"$work/awk.log" &&
    (cd "$work" && "$yosys" -q -p "read_json flat.json; write_verilog -noattr flat.v") || {
    echo "not ok - netlist: synthesis"
    exit 1
}
# As nextpnr reads what the script made: a flip-flop that has M and no DI takes M. An open carry input does not count, so here it is 1, an
# open carry output drives nothing.
sed -e 's/\.M(/.DI(/' -e "s/\.CIN(1'hx)/.CIN(1'h1)/" -e "s/\.COUT(1'hx)/.COUT()/" "$work/flat.v" >"$work/netlist.v"
if grep -q "netlist: [1-9][0-9]* chain starts, [1-9][0-9]* chain ends, [1-9][0-9]* masks" "$work/awk.log"; then
    echo "ok - netlist: $(cat "$work/awk.log")"
else
    echo "not ok - netlist: fpga/netlist.awk changed nothing: $(cat "$work/awk.log")"
    exit 1
fi
scripts/verilate.sh tiny "$work/sim" "$work/netlist.v" "$work/cells.v" tests/ecp5/dp16kd.v tests/ecp5/mult18x18d.v || {
    echo "not ok - netlist: verilate"
    exit 1
}
bad=0
step() { # NAME COMMAND...
    local name=$1
    shift
    if GLAUBER_SIM_DIR=$work/sim "$@" >"$work/$name.log" 2>&1; then
        tail -n 1 "$work/$name.log" | sed 's/^/# /'
        echo "ok - netlist: $name"
    else
        tail -n 8 "$work/$name.log" | sed 's/^/# /'
        echo "not ok - netlist: $name"
        bad=1
    fi
}
step jobs "$build/tests/lockstep/lockstep" --seed 7 --jobs 20 tiny
step images "$build/tests/lockstep/raw" --seed 7 --jobs 10 tiny
step protocol "$build/tests/lockstep/port" --seed 7 --bursts 20 tiny
exit $bad
