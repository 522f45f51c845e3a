#!/bin/bash
# Devices: their names, and that floorplan.awk uses its coordinates on the device that has them only. SPDX-License-Identifier: Apache-2.0
. "$(dirname "$0")/../cli/lib.sh"
cd "$tree" || exit 1
. fpga/tools.sh
named() { [ "$(device_part "$1")" = "$2" ]; }
expect "LFE5U-12F" named --12k LFE5U-12F
expect "LFE5U-45F" named --45k LFE5U-45F
expect "LFE5UM-25F" named --um-25k LFE5UM-25F
expect "LFE5UM5G-45F" named --um5g-45k LFE5UM5G-45F
expect "an option that there is not" sh -c ". fpga/tools.sh; ! device_part --65k"

# one memory in each of four groups, as Yosys writes cells
for g in 0 1 2 3; do
    printf '        "u_core.u_array.g_group[%d].u_group.g_tile[0].u_tile.u_ebr": {\n          "type": "DP16KD",\n          "attributes": {\n' $g
    printf '          }\n        },\n'
done >"$work/flat.json"
plan() { awk ${1:+-v part=$1} -v file="$work/flat.json" -f fpga/floorplan.awk "$work/flat.json" 2>"$work/log"; }
for part in LFE5U-85F LFE5UM5G-85F; do
    plan $part >"$work/$part"
    expect "$part: four memories at four places" test "$(grep -o '"BEL": "[^"]*"' "$work/$part" | sort -u | wc -l)" = 4
done
for part in LFE5U-45F LFE5UM5G-25F ''; do
    plan "$part" >"$work/other"
    expect "${part:-no part}: as it was" cmp -s "$work/flat.json" "$work/other"
    expect "${part:-no part}: with a word" grep -q "no coordinates of ${part:-an unnamed}" "$work/log"
done
finish
