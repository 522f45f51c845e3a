#!/bin/bash
# Area on ECP5: LUT4, FF, EBR and DSP per module and per p-bit unit, by yosys synth_ecp5. The netlist is left in the folder.
# Usage: area.sh ARRAY [FOLDER], FOLDER: build/area by default. SPDX-License-Identifier: Apache-2.0
set -eu
[ $# -ge 1 ] || { echo "usage: fpga/area.sh ARRAY [FOLDER]" >&2; exit 2; }
array=$1
dir=${2:-build/area}/$array
cd "$(dirname "$0")/.."
. fpga/tools.sh
parameters=$(scripts/array.sh "$array")
mkdir -p "$dir"
rm -rf "$dir/rtl"
cp -r rtl "$dir/rtl"
synthesise "$dir" glb_core "$(chparam_words "$array")" "$(cd "$dir" && echo rtl/*.sv rtl/*/*.sv)" \
    "write_json glb_core.json; tee -o glb_core.stat stat"
eval "$(echo "$parameters" | tr ' ' '\n' | grep -E '^(TILES|LANES|CHAINS)=')"
echo "$array: $parameters"
awk -v units=$((TILES * LANES * CHAINS)) -f fpga/area.awk "$dir/glb_core.stat"
