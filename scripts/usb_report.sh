#!/bin/bash
# Measures USB and writes docs/results/usb.json. Usage: BUILD=build [FAULTS=1000] [FUZZ_INPUTS=1000000] [STEPS='20 1318'] usb_report.sh [PART...]. Parts:
#   high, full   throughput in bus cycles at the simulated pins
#   load         how long a large program takes to load at them
#   faults       faults in training runs
#   fuzz         fuzzers of all that parses bytes
#   area         area and clocks of the USB part alone
#   training     what a step of training moves and how long it takes on boards, at the rates of high and full, the clocks of fpga/boards.def,
#                and half a (micro)frame each way, the mean wait of a host controller that starts transfers at its beginning: early, and in the middle
#   eval         the same of reading an image's label
# Without a name: all. Rows of parts that are not named stay as they are. SPDX-License-Identifier: Apache-2.0
set -eu
cd "$(dirname "$0")/.."
build=${BUILD:-build}
result=docs/results/usb.json
rows=$build/usb/rows
all=(high full faults fuzz area training eval load) # the order in the file
mkdir -p "$rows"
export GLAUBER_SIM_DIR=$build/sim

measure() {
    case $1 in
    high) "$build/bench/usb" high ;;
    full) "$build/bench/usb" full small ;; # an array whose memories fill the largest frames
    load)
        "$build/glauber" graph pegasus m=14 -o "$rows/../p14.mtx" >"$rows/../p14.log"
        "$build/glauber" compile "$rows/../p14.mtx" --array ulx3s-85 --effort 2 -o "$rows/../p14.h5" >>"$rows/../p14.log"
        "$build/bench/usb" high ulx3s-85 "$rows/../p14.h5"
        ;;
    faults) "$build/tests/usb/faults" "${FAULTS:-1000}" | sed -n 's/^# {/{/p' ;;
    fuzz) scripts/fuzz.sh "$build/fuzz" "${FUZZ_INPUTS:-1000000}" ;;
    area) fpga/usb/area.sh "$build/usb/area" "$build/usb" ;;
    training)
        for step in ${STEPS:-20 1318}; do
            on_board ulx3s-usb full 0.0005 usb_training data/mnist ulx3s-85 "$step"
            on_board ecpix5-usb high 0.0000625 usb_training data/mnist ulx3s-85 "$step"
        done
        "$build/bench/usb_training" data/mnist ulx3s-85 20 0 0 0 0 |
            sed 's/^{/{"board": "emulator, one thread", "speed": null, /; s/"array_mhz": 0,/"array_mhz": null,/'
        ;;
    eval)
        on_board ulx3s-usb full 0.0005 usb_eval models/default.h5 data/mnist ulx3s-85 128
        on_board ecpix5-usb high 0.0000625 usb_eval models/default.h5 data/mnist ulx3s-85 128
        ;;
    esac
}

# Bytes a second of a speed, one direction.
rate() {
    awk -v key="\"speed\": \"$1\", \"direction\": \"$2\"" 'function value(k) {
        return match($0, "\"" k "\": *[^,}]*") ? substr($0, RSTART + length(k) + 4, RLENGTH - length(k) - 4) + 0 : 0
    } index($0, key) { print value("stream_bytes") / value("bus_cycles") * value("bus_mhz") * 1e6 }' "$rows/$1"
}

# BOARD SPEED LATENCY BENCH ARGUMENTS...: the row of a board.
on_board() {
    local mhz
    mhz=$(awk -v b="$1" '$1 == b { print $8 }' fpga/boards.def)
    "$build/bench/$4" "${@:5}" "$(rate "$2" out)" "$(rate "$2" in)" "$mhz" "$3" |
        sed "s/^{/{\"board\": \"$1\", \"speed\": \"$2\", /"
}

# The rows of a part in the result as it is.
kept() {
    case $1 in
    high | full) key="\"speed\": \"$1\", \"direction\"" ;;
    load) key='"load"' ;;
    faults) key='"faults_injected"' ;;
    fuzz) key='"fuzzer"' ;;
    area) key='"usb"' ;;
    training) key='"training"' ;;
    eval) key='"eval"' ;;
    esac
    grep -F -- "$key:" "$result" | sed 's/,$//' || true
}

parts=("$@")
[ ${#parts[@]} -gt 0 ] || parts=("${all[@]}")
for part in "${parts[@]}"; do
    case " ${all[*]} " in *" $part "*) ;; *) echo "usb_report.sh: no part $part; there are ${all[*]}" >&2 && exit 2 ;; esac
done
for part in "${all[@]}"; do
    case " ${parts[*]} " in
    *" $part "*) measure "$part" >"$rows/$part" ;;
    *) kept "$part" >"$rows/$part" ;;
    esac
done
{
    echo "["
    for part in "${all[@]}"; do cat "$rows/$part"; done | sed '$!s/$/,/'
    echo "]"
} >$result.new
mv $result.new $result
cat $result
