#!/bin/bash
# Lint of the USB gateware and of the board tops with USB, with what LUNA's generator made. Usage: BUILD=build lint_usb.sh.
# SPDX-License-Identifier: Apache-2.0
cd "$(dirname "$0")/.." || exit 1
usb=${BUILD:-build}/usb
bad=0

check() { # check NAME SPEED OPTION...: verilator with what both speeds have
    local name=$1 speed=$2 out
    shift 2
    if out=$(verilator --lint-only -Wall --no-timing "-I$usb/$speed" -y fpga/usb fpga/usb/luna.vlt "$@" "$usb/glb_luna_ulpi.v" "$usb/glb_luna_fs.v" 2>&1); then
        echo "ok - lint: verilator -Wall, $name"
    else
        printf '%s\n' "$out" | sed 's/^/# /' | head -20
        echo "not ok - lint: verilator -Wall, $name"
        bad=1
    fi
}

check "USB, high speed" high -GHIGH_SPEED=1 --top-module glb_usb fpga/usb/glb_usb.sv
check "USB, full speed" full -GHIGH_SPEED=0 --top-module glb_usb fpga/usb/glb_usb.sv
for top in fpga/top_*_usb.sv; do
    name=$(basename "$top" .sv)
    speed=$(grep -q '\.HIGH_SPEED(1)' "$top" && echo high || echo full)
    check "$name" "$speed" --timescale 1ns/1ps --top-module "$name" -F rtl/rtl.f -y fpga rtl/lint.vlt tests/ecp5/glb_pll.v \
        tests/ecp5/glb_usb_pll.v "$top"
done
exit $bad
