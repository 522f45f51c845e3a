# What a bit file with USB has besides: LUNA's core, descriptors and, at full speed, a second PLL. Sourced by fpga/bit.sh, which reads
# usb_files (copied to the sources), usb_sources (read besides rtl/glb_*.sv) and top_words (for chparam), and calls usb_row. Uses top, osc,
# dir, ecppll and USB. SPDX-License-Identifier: Apache-2.0
usb_made=${USB:-build/usb}
if grep -q ulpi_clk "constraints/$top.lpf"; then
    usb_core=glb_luna_ulpi.v
    usb_speed=high
    usb_sources="rtl/$usb_core"
else
    usb_core=glb_luna_fs.v
    usb_speed=full
    usb_sources="rtl/$usb_core usb_pll.v"
    # 240 MHz close the loop: 48 and 12 divide it
    (cd "$dir" && "$ecppll" -i "$osc" --clkout0 240 --clkout1 48 --clkout2 12 --module glb_usb_pll -f usb_pll.v) >"$dir/usb_pll.log" 2>&1 ||
        die "ecppll cannot make 48 and 12 MHz from $osc, see $dir/usb_pll.log"
    [ "$(grep -cE '^clkout(1 frequency: 48|2 frequency: 12) MHz' "$dir/usb_pll.log")" = 2 ] ||
        die "ecppll missed 48 and 12 MHz, see $dir/usb_pll.log"
fi
usb_files="$usb_made/$usb_core $usb_made/$usb_speed/glb_usb_rom.svh $(echo fpga/usb/*.sv)"
top_words=''
for f in $usb_files; do [ -s "$f" ] || die "$f: not there; make bit BOARD=$board makes it"; done

# usb_clock LOG KEY CLOCK MHZ: into usb_keys, and into slow if below MHZ
usb_clock() {
    local f
    f=$(nextpnr_mhz "$1" "$3")
    [ -n "$f" ] || die "no frequency of $3 in $1"
    usb_keys="$usb_keys, \"$2\": $f"
    awk -v f="$f" -v m="$4" 'BEGIN { exit !(f >= m) }' || slow="$2 $f MHz of $4"
}

# usb_row LOG: the USB side's clocks; of ULPI also the longest ways from pins to flip-flops and back (without pads and the clock's way
# in), which must leave of the period the 5 ns that the PHY takes: see docs/design/usb.md
usb_row() {
    local in out
    if [ $usb_speed = full ]; then
        usb_clock "$1" usb_mhz usb_clk 12
        usb_clock "$1" usb_io_mhz usb_io_clk 48
        return
    fi
    usb_clock "$1" usb_mhz "ulpi_clk[^']*" 60
    in=$(sed -n "s/^Info: Max delay <async> *-> posedge [^ ]*ulpi_clk[^ ]*: *\([0-9.]*\) ns$/\1/p" "$1" | tail -n 1)
    out=$(sed -n "s/^Info: Max delay posedge [^ ]*ulpi_clk[^ ]* *-> <async> *: *\([0-9.]*\) ns$/\1/p" "$1" | tail -n 1)
    [ -n "$in" ] && [ -n "$out" ] || die "no delays of the ULPI pins in $1"
    usb_keys="$usb_keys, \"pins_in_ns\": $in, \"pins_out_ns\": $out"
    awk -v i="$in" -v o="$out" 'BEGIN { exit !(i <= 11.6 && o <= 11.6) }' || slow="ULPI pins $in ns in and $out ns out of 11.6"
}
