#!/bin/bash
# A bit file: synthesis, place and route, packing. Ends with 3 if a clock is not met. What it makes lies in
# FOLDER/BOARD-ARRAY-SEED: glb.bit, nextpnr.log, report.json (nextpnr's) and row.json (a row of docs/results/ecp5.json).
# PNR in the environment: further options of nextpnr, "--placer static --router router1" by default; MARGIN: placer and router aim at so
# much more than MHZ, 1.05 by default, because the placer's estimate and the analysis after routing differ by some percent. USB in the environment
# (build/usb): what luna_core.py and usb_rom made, for boards whose top ends in _usb; `make bit` makes it.
# Usage: bit.sh BOARD [ARRAY [MHZ [SEED [FOLDER]]]]; defaults are in fpga/boards.def. SPDX-License-Identifier: Apache-2.0
set -eu
cd "$(dirname "$0")/.."
. fpga/tools.sh
die() {
    echo "bit.sh: $*" >&2
    exit 1
}
board=${1:-}
row=$(fpga/board.sh "$board") || exit 1
read -r _ top device package speed osc array mhz seed pack _ <<<"$row"
part=$(device_part "$device") || die "nextpnr-ecp5 has no device $device, see the row of $board in fpga/boards.def"
array=${2:-$array}
mhz=${3:-$mhz}
seed=${4:-$seed}
parameters=$(scripts/array.sh "$array")
dir=${5:-build/fpga}/$board-$array-$seed
nextpnr=$(find_tool nextpnr-ecp5)
ecppack=$(find_tool ecppack)
ecppll=$(find_tool ecppll)
options=${PNR---placer static --router router1}
margin=${MARGIN-1.05}
revision=$(git rev-parse --short=8 HEAD 2>/dev/null || echo 00000000)
mkdir -p "$dir"
dir=$(cd "$dir" && pwd)

echo "bit: $board, array $array ($parameters), $mhz MHz, seed $seed"
# the YoWASP tools see only the folder in which they run
cp -f constraints/"$top".lpf "$dir/pins.lpf"
if awk -v o="$osc" -v m="$mhz" 'BEGIN { exit !(o == m) }'; then
    # the oscillator's own clock: no PLL
    printf 'module glb_pll(input clkin, output clkout0, output locked);\n  assign clkout0 = clkin;\n  assign locked = 1;\nendmodule\n' >"$dir/pll.v"
    made=$osc clock="clk_[0-9]*mhz[^']*"
else
    (cd "$dir" && "$ecppll" -i "$osc" -o "$mhz" --module glb_pll -f pll.v) >"$dir/ecppll.log" 2>&1 || die "ecppll cannot make $mhz MHz from $osc, see $dir/ecppll.log"
    clock=clk made=$(sed -n 's/^clkout0 frequency: \([0-9.]*\) MHz.*/\1/p' "$dir/ecppll.log")
    [ -n "$made" ] || die "ecppll printed no frequency, see $dir/ecppll.log"
fi
hz=$(awk -v m="$made" 'BEGIN { printf "%.0f", m * 1e6 }')
case $top in
*_usb) source fpga/usb/bit.sh ;;
*) usb_files='' usb_sources='' top_words="-set CLK_HZ $hz" ;;
esac

# the same netlist for every seed
# shellcheck disable=SC2086
stamp="$revision $array $made $part $(cat rtl/*.svh rtl/*.sv rtl/*/*.sv fpga/*.sv fpga/*.awk fpga/tools.sh $usb_files | cksum)"
if [ ! -e "$dir/top.json" ] || [ "$(cat "$dir/stamp" 2>/dev/null)" != "$stamp" ]; then
    echo "bit: synthesis"
    rm -rf "$dir/rtl"
    cp -r rtl "$dir/rtl"
    # shellcheck disable=SC2086
    cp -f fpga/*.sv $usb_files "$dir/rtl/"
    sources=$(cd "$dir" && echo rtl/glb_*.sv rtl/*/glb_*.sv)
    synthesise "$dir" "top_$top" "$(chparam_words "$array") $top_words -set BUILD_HASH 32'h$revision" \
        "$sources rtl/top_$top.sv pll.v $usb_sources" "tee -o yosys.stat stat; $FLATTEN; write_json yosys.json" || die "synthesis failed, see $dir/yosys.log"
    awk -f fpga/netlist.awk "$dir/yosys.json" >"$dir/flat.json" 2>"$dir/netlist.log"
    awk -v part="$part" -v file="$dir/flat.json" -f fpga/floorplan.awk "$dir/flat.json" >"$dir/top.json" 2>>"$dir/netlist.log"
    rm "$dir/yosys.json" "$dir/flat.json"
    echo "$stamp" >"$dir/stamp"
fi

echo "bit: place and route (minutes), log in $dir/nextpnr.log"
# the oscillator, and so every clock, faster by the margin
awk -v m="$margin" '/^FREQUENCY/ { $4 = $4 * m } { print }' "$dir/pins.lpf" >"$dir/aim.lpf"
# shellcheck disable=SC2086
(cd "$dir" && "$nextpnr" "$device" --package "$package" --speed "$speed" --json top.json --lpf aim.lpf $options --seed "$seed" \
    --freq "$(awk -v f="$made" -v m="$margin" 'BEGIN { print f * m }')" --textcfg glb.config.new --report report.json --timing-allow-fail \
    >nextpnr.log 2>&1) || { grep -E '^ERROR' "$dir/nextpnr.log" | tail -n 3 >&2; die "place and route failed, see $dir/nextpnr.log"; }
fmax=$(nextpnr_mhz "$dir/nextpnr.log" "$clock")
[ -n "$fmax" ] || die "no frequency in $dir/nextpnr.log"
used() { nextpnr_used "$dir/nextpnr.log" "$1"; }
eval "$(echo "$parameters" | tr ' ' '\n' | grep -E '^(TILES|LANES|CHAINS)=')"
usb_keys=''
slow=''
[ -z "$usb_files" ] || usb_row "$dir/nextpnr.log"
printf '{"board": "%s", "device": "%s", "speed": %s, "array": "%s", "tiles": %s, "lanes": %s, "chains": %s, "units": %s, "lut4": %s, "ff": %s, "ebr": %s, "dsp": %s, "seed": %s, "asked_mhz": %s, "fmax_mhz": %s%s, "revision": "%s"}\n' \
    "$board" "$part" "$speed" "$array" "$TILES" "$LANES" "$CHAINS" $((TILES * LANES * CHAINS)) "$(used TRELLIS_COMB)" \
    "$(used TRELLIS_FF)" "$(used DP16KD)" "$(used MULT18X18D)" "$seed" "$made" "$fmax" "$usb_keys" "$revision" >"$dir/row.json"
cat "$dir/row.json"
if ! awk -v f="$fmax" -v m="$made" 'BEGIN { exit !(f >= m) }'; then
    grep -n -A 12 '^Info: Critical path report for clock' "$dir/nextpnr.log" | head -n 14 >&2
    slow="$fmax MHz of $made asked"
fi
if [ -n "$slow" ]; then
    echo "bit.sh: timing: $slow with seed $seed. Try another seed (SEED=...) or a lower clock (MHZ=...); the log is $dir/nextpnr.log" >&2
    exit 3
fi

options=${pack//,/ }
[ "$options" = - ] && options=
# shellcheck disable=SC2086
(cd "$dir" && "$ecppack" $options --input glb.config.new --bit glb.bit.new) >"$dir/ecppack.log" 2>&1 ||
    { tail -n 3 "$dir/ecppack.log" >&2; die "ecppack failed"; }
mv "$dir/glb.config.new" "$dir/glb.config"
mv "$dir/glb.bit.new" "$dir/glb.bit"
echo "bit: $dir/glb.bit, $(wc -c <"$dir/glb.bit") bytes, $fmax MHz possible, runs at $made"
