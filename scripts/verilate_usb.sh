#!/bin/sh
# Verilates the board top with USB for one array and speed into DIR/libglauber-usb-ARRAY-SPEED.so.
# Usage: verilate_usb.sh ARRAY high|full DIR USB_DIR, USB_DIR: where glb_luna_*.v and SPEED/glb_usb_rom.svh are. SPDX-License-Identifier: Apache-2.0
set -eu
array=$1
speed=$2
root=$(cd "$(dirname "$0")/.." && pwd)
mkdir -p "$3/obj"
dir=$(cd "$3" && pwd)
usb=$(cd "$4" && pwd)
parameters=$("$root/scripts/array.sh" "$array")
g="-GHIGH_SPEED=$([ "$speed" = high ] && echo 1 || echo 0)"
for p in $parameters; do g="$g -G$p"; done
hash=$(cat "$root"/rtl/*.svh "$root"/rtl/*.sv "$root"/rtl/*/*.sv "$root"/fpga/usb/*.sv "$usb"/glb_luna_ulpi.v "$usb"/glb_luna_fs.v | cksum | cut -d' ' -f1)
echo "verilate: USB, $speed speed, $array"
cd "$root"
# generated code is full of warnings that say nothing about ours
# shellcheck disable=SC2086
verilator --cc --no-timing -O3 --x-assign fast --x-initial fast --noassert --top-module glb_usb_top -Wno-fatal -Werror-USERERROR --output-split 20000 \
    -F rtl/rtl.f -y fpga -y fpga/usb "-I$usb/$speed" $g "-GBUILD_HASH=32'd$hash" --Mdir "$dir/obj" fpga/usb/glb_usb_top.sv \
    "$usb/glb_luna_ulpi.v" "$usb/glb_luna_fs.v" >"$dir/verilator.log" 2>&1 || { cat "$dir/verilator.log" >&2 && exit 1; }
cxx=${GLB_SIM_CXX:-g++}
make -s -C "$dir/obj" -f Vglb_usb_top.mk Vglb_usb_top__ALL.a CXX="$cxx" LINK="$cxx" AR=ar OPT_FAST="${GLB_SIM_OPT:--O2}" OPT_SLOW=-O0 \
    OPT_GLOBAL=-O2 USER_CPPFLAGS="-fPIC -fvisibility=hidden -w" >"$dir/build.log" 2>&1 || { cat "$dir/build.log" >&2 && exit 1; }
vroot=$(verilator --getenv VERILATOR_ROOT)
runtime="$vroot/include/verilated.cpp"
[ -e "$vroot/include/verilated_threads.cpp" ] && runtime="$runtime $vroot/include/verilated_threads.cpp"
so=$dir/libglauber-usb-$array-$speed.so
# shellcheck disable=SC2086
$cxx -O2 -w -fPIC -shared -std=c++17 -DVM_TRACE=0 -DVM_TRACE_FST=0 -DVM_SC=0 -DVM_COVERAGE=0 -DVM_TRACE_VCD=0 -DVL_TIME_CONTEXT \
    -I"$dir/obj" -I"$vroot/include" -I"$vroot/include/vltstd" -I"$root/sim" "$root/sim/glb_usb_sim.cc" $runtime \
    "$dir/obj/Vglb_usb_top__ALL.a" -pthread -Wl,--as-needed -latomic -o "$so.tmp"
mv "$so.tmp" "$so"
