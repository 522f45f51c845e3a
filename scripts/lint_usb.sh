#!/bin/sh
# Lint of the USB gateware at both speeds, with what LUNA's generator made. Usage: BUILD=build lint_usb.sh. SPDX-License-Identifier: Apache-2.0
cd "$(dirname "$0")/.." || exit 1
usb=${BUILD:-build}/usb
bad=0
for speed in high full; do
    if out=$(verilator --lint-only -Wall --no-timing -GHIGH_SPEED="$([ $speed = high ] && echo 1 || echo 0)" --top-module glb_usb \
        "-I$usb/$speed" fpga/usb/luna.vlt fpga/usb/glb_usb.sv fpga/usb/glb_usb_in.sv fpga/usb/glb_usb_out.sv fpga/usb/glb_usb_fifo.sv \
        fpga/usb/glb_usb_requests.sv "$usb/glb_luna_ulpi.v" "$usb/glb_luna_fs.v" 2>&1); then
        echo "ok - lint: verilator -Wall, USB, $speed speed"
    else
        printf '%s\n' "$out" | sed 's/^/# /' | head -20
        echo "not ok - lint: verilator -Wall, USB, $speed speed"
        bad=1
    fi
done
exit $bad
