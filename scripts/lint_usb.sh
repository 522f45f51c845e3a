#!/bin/bash
# Lint of the USB gateware and of the board tops with USB, with what LUNA's generator made. Usage: BUILD=build lint_usb.sh.
# SPDX-License-Identifier: Apache-2.0
cd "$(dirname "$0")/.." || exit 1
usb=${BUILD:-build}/usb
. scripts/lint_check.sh

cores=("$usb/glb_luna_ulpi.v" "$usb/glb_luna_fs.v")
lint() { # lint SPEED OPTION...: verilator with what both speeds have
    local speed=$1
    shift
    verilator --lint-only -Wall --no-timing "-I$usb/$speed" -y fpga/usb fpga/usb/luna.vlt "$@" "${cores[@]}"
}
elaborate() { # elaborate SPEED HIGH_SPEED: Icarus takes it too
    iverilog -g2012 "-I$usb/$1" -s glb_usb "-Pglb_usb.HIGH_SPEED=$2" -o "$usb/$1/lint.vvp" fpga/usb/glb_usb.sv \
        fpga/usb/glb_usb_{fifo,in,out,requests,turn}.sv "${cores[@]}"
}

check "verilator -Wall, USB, high speed" lint high -GHIGH_SPEED=1 --top-module glb_usb fpga/usb/glb_usb.sv
check "verilator -Wall, USB, full speed" lint full -GHIGH_SPEED=0 --top-module glb_usb fpga/usb/glb_usb.sv
check "iverilog, USB, high speed" elaborate high 1
check "iverilog, USB, full speed" elaborate full 0
for top in fpga/top_*_usb.sv; do
    name=$(basename "$top" .sv)
    speed=$(grep -q '\.HIGH_SPEED(1)' "$top" && echo high || echo full)
    check "verilator -Wall, $name" lint "$speed" --timescale 1ns/1ps --top-module "$name" -F rtl/rtl.f -y fpga rtl/lint.vlt tests/ecp5/glb_pll.v \
        tests/ecp5/glb_usb_pll.v "$top"
done
exit $bad
