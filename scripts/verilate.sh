#!/bin/sh
# Verilates glb_core for one array into DIR/libglauber-sim-ARRAY.so; with TRACE=1 it can write waveforms. Usage: verilate.sh ARRAY DIR
# [NETLIST...]: with Verilog files of a synthesised netlist and its cells these take the place of rtl/.
# SPDX-License-Identifier: Apache-2.0
set -eu
array=$1
dir=$2
shift 2
root=$(cd "$(dirname "$0")/.." && pwd)
parameters=$("$root/scripts/array.sh" "$array")
mkdir -p "$dir/obj"
dir=$(cd "$dir" && pwd)
g=
for p in $parameters; do
    g="$g -G$p"
done
# the identity tells which sources a simulator was built from
hash=$(cat "$root"/rtl/*.svh "$root"/rtl/*.sv "$root"/rtl/*/*.sv | cksum | cut -d' ' -f1)
trace=
defines="-DVM_TRACE=0 -DVM_TRACE_FST=0"
if [ "${TRACE:-0}" = 1 ]; then
    trace=--trace-fst
    defines="-DVM_TRACE=1 -DVM_TRACE_FST=1"
fi
echo "verilate: $array ($parameters)"
if [ $# -gt 0 ]; then
    sources=$*
else
    cd "$root"
    sources="-F rtl/rtl.f $g -GBUILD_HASH=32'd$hash rtl/glb_core.sv"
fi
# generated code is full of warnings that say nothing about ours
# shellcheck disable=SC2086
verilator --cc $trace --no-timing -O3 --x-assign fast --x-initial fast --noassert \
    --top-module glb_core -Wno-fatal -Werror-USERERROR --output-split 20000 \
    --Mdir "$dir/obj" $sources >"$dir/verilator.log" 2>&1 || {
    cat "$dir/verilator.log" >&2
    exit 1
}
cxx=${GLB_SIM_CXX:-g++}
make -s -C "$dir/obj" -f Vglb_core.mk Vglb_core__ALL.a CXX="$cxx" LINK="$cxx" AR=ar \
    OPT_FAST="${GLB_SIM_OPT:--O2}" OPT_SLOW=-O0 OPT_GLOBAL=-O2 \
    USER_CPPFLAGS="-fPIC -fvisibility=hidden -w" >"$dir/build.log" 2>&1 || {
    cat "$dir/build.log" >&2
    exit 1
}
vroot=$(verilator --getenv VERILATOR_ROOT)
runtime="$vroot/include/verilated.cpp"
[ -z "$trace" ] || runtime="$runtime $vroot/include/verilated_fst_c.cpp"
[ -e "$vroot/include/verilated_threads.cpp" ] && runtime="$runtime $vroot/include/verilated_threads.cpp"
# shellcheck disable=SC2086
$cxx -O2 -w -fPIC -shared -std=c++17 $defines -DVM_SC=0 -DVM_COVERAGE=0 -DVM_TRACE_VCD=0 -DVL_TIME_CONTEXT \
    "-DGLB_SIM_ARRAY=\"$array\"" -I"$dir/obj" -I"$vroot/include" -I"$vroot/include/vltstd" -I"$root/sim" \
    "$root/sim/glb_sim.cc" $runtime "$dir/obj/Vglb_core__ALL.a" -lz -pthread -Wl,--as-needed -latomic \
    -o "$dir/libglauber-sim-$array.so.tmp"
mv "$dir/libglauber-sim-$array.so.tmp" "$dir/libglauber-sim-$array.so"
