#!/bin/bash
# Area and clocks of the USB part alone (glb_usb, no pads): high speed for ECPIX-5 and full speed for ULX3S. Prints a JSON row for each.
# Usage: area.sh DIR USB_DIR [SEED], USB_DIR: where glb_luna_*.v and SPEED/glb_usb_rom.svh are. SPDX-License-Identifier: Apache-2.0
set -eu
cd "$(dirname "$0")/../.."
. fpga/tools.sh
yosys=$(find_tool yosys)
nextpnr=$(find_tool nextpnr-ecp5)
seed=${3:-1}
for speed in high full; do
    dir=$1/usb-$speed
    mkdir -p "$dir"
    # the YoWASP tools see only the folder in which they run
    cp fpga/usb/glb_usb.sv fpga/usb/glb_usb_*.sv "$2"/glb_luna_*.v "$2/$speed/glb_usb_rom.svh" "$dir/"
    rm -f "$dir/glb_usb_top.sv"
    device="--um5g-85k --package CABGA554 --speed 8"
    board=ecpix5
    [ $speed = high ] || { device="--85k --package CABGA381 --speed 6" && board=ulx3s; }
    (cd "$dir" && "$yosys" -q -p "read_verilog -sv $(echo glb_usb*.sv) glb_luna_ulpi.v glb_luna_fs.v
        chparam -set HIGH_SPEED $([ $speed = high ] && echo 1 || echo 0) glb_usb
        synth_ecp5 -top glb_usb -json usb.json") >"$dir/yosys.log" 2>&1 || { tail -n 5 "$dir/yosys.log" >&2 && exit 1; }
    # shellcheck disable=SC2086
    (cd "$dir" && "$nextpnr" $device --json usb.json --out-of-context --freq 60 --seed "$seed" --timing-allow-fail) \
        >"$dir/nextpnr.log" 2>&1 || { grep -E '^ERROR' "$dir/nextpnr.log" | tail -n 3 >&2 && exit 1; }
    used() { nextpnr_used "$dir/nextpnr.log" "$1"; }
    fmax() { nextpnr_mhz "$dir/nextpnr.log" "$1"; }
    printf '{"usb": "%s", "board": "%s", "lut4": %s, "ff": %s, "ebr": %s, "seed": %s, "usb_clk_mhz": %s, "usb_clk_needed_mhz": %s, "usb_io_clk_mhz": %s, "usb_io_clk_needed_mhz": %s, "array_clk_mhz": %s}\n' \
        $speed $board "$(used TRELLIS_COMB)" "$(used TRELLIS_FF)" "$(used DP16KD)" "$seed" "$(fmax usb_clk)" \
        "$([ $speed = high ] && echo 60 || echo 12)" "$(v=$(fmax usb_io_clk) && echo "${v:-null}")" \
        "$([ $speed = high ] && echo null || echo 48)" "$(fmax clk)"
done
