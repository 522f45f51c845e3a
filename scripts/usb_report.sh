#!/bin/bash
# Measures USB and writes docs/results/usb.json: throughput in bus cycles at the simulated pins, faults in training runs, fuzzers, area and
# clocks of the USB part, what training moves, how long a large program takes to load. Usage: BUILD=build usb_report.sh [FAULTS [FUZZ_INPUTS]]. SPDX-License-Identifier: Apache-2.0
set -eu
cd "$(dirname "$0")/.."
build=${BUILD:-build}
faults=${1:-1000}
inputs=${2:-1000000}
rows=$build/usb/rows
mkdir -p "$rows"
export GLAUBER_SIM_DIR=$build/sim
"$build/bench/usb" high >"$rows/1high"
# full speed on an array whose memories fill the largest frames
"$build/bench/usb" full small >"$rows/2full"
"$build/glauber" graph pegasus m=14 -o "$rows/../p14.mtx" >"$rows/../p14.log"
"$build/glauber" compile "$rows/../p14.mtx" --array ulx3s-85 -o "$rows/../p14.h5" >>"$rows/../p14.log"
"$build/bench/usb" high ulx3s-85 "$rows/../p14.h5" >"$rows/7load"
"$build/tests/usb/faults" "$faults" | sed -n 's/^# {/{/p' >"$rows/3faults"
scripts/fuzz.sh "$build/fuzz" "$inputs" >"$rows/4fuzz"
fpga/usb/area.sh "$build/usb/area" "$build/usb" >"$rows/5area"
"$build/bench/usb_training" data/mnist >"$rows/6training"
{
    echo "["
    cat "$rows"/[1-7]* | sed '$!s/$/,/'
    echo "]"
} >docs/results/usb.json.new
mv docs/results/usb.json.new docs/results/usb.json
cat docs/results/usb.json
