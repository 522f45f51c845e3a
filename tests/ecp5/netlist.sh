#!/bin/bash
# Post-synthesis check: the netlist of array `tiny` in ECP5 cells, Verilated, in lockstep with the emulator: compiled jobs, random memory
# images and the byte protocol, as the RTL itself is tested. SPDX-License-Identifier: Apache-2.0
set -u
cd "$(dirname "$0")/../../rtl" || exit 1
. ../tests/ecp5/share.sh
build=${BUILD:-build}
case $build in /*) ;; *) build=$(cd .. && pwd)/$build ;; esac
work=$build/tests/netlist
mkdir -p "$work"
cells "$work/cells.v" LUT2 LUT4 TRELLIS_FF CCU2C TRELLIS_DPR16X4 || exit 1

cd .. || exit 1
. fpga/tools.sh
yosys=$(find_tool yosys) || { echo "not ok - netlist: no yosys"; exit 1; }
set=
for p in $(scripts/array.sh tiny); do set="$set -set ${p/=/ }"; done
# YoWASP's yosys sees only the folder in which it runs
rm -rf "$work/rtl"
cp -r rtl "$work/rtl"
(cd "$work" && "$yosys" -q -p "read_verilog -sv -DGLB_ECP5 -Irtl $(cd "$work" && echo rtl/*.sv); chparam $set glb_core; hierarchy -top glb_core;
    setattr -mod -set keep_hierarchy 1 *glb_host_port *glb_sequencer *glb_array *glb_network *glb_net_mem *glb_group;
    synth_ecp5 -nowidelut -top glb_core; write_verilog -noattr netlist.v") >"$work/yosys.log" 2>&1 || {
    tail -n 5 "$work/yosys.log"
    echo "not ok - netlist: synthesis"
    exit 1
}
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
