# What a bit file with USB has besides: LUNA's core, descriptors and, at full speed, a second PLL. Sourced by fpga/bit.sh, which reads
# usb_files (copied to the sources), usb_sources (read besides rtl/glb_*.sv), usb_needs (KEY:CLOCK:MHZ of the clocks that must be met)
# and top_words (for chparam). Uses top, osc, dir, ecppll and USB. SPDX-License-Identifier: Apache-2.0
usb_made=${USB:-build/usb}
if grep -q ulpi_clk "constraints/$top.lpf"; then
    usb_core=glb_luna_ulpi.v
    usb_speed=high
    usb_sources="rtl/$usb_core"
    usb_needs='usb_mhz:ulpi_clk[^'"'"']*:60'
else
    usb_core=glb_luna_fs.v
    usb_speed=full
    usb_sources="rtl/$usb_core usb_pll.v"
    usb_needs='usb_mhz:usb_clk:12 usb_io_mhz:usb_io_clk:48'
    # 240 MHz close the loop: 48 and 12 divide it
    (cd "$dir" && "$ecppll" -i "$osc" --clkout0 240 --clkout1 48 --clkout2 12 --module glb_usb_pll -f usb_pll.v) >"$dir/usb_pll.log" 2>&1 ||
        die "ecppll cannot make 48 and 12 MHz from $osc, see $dir/usb_pll.log"
    [ "$(grep -cE '^clkout(1 frequency: 48|2 frequency: 12) MHz' "$dir/usb_pll.log")" = 2 ] ||
        die "ecppll missed 48 and 12 MHz, see $dir/usb_pll.log"
fi
usb_files="$usb_made/$usb_core $usb_made/$usb_speed/glb_usb_rom.svh $(echo fpga/usb/*.sv)"
top_words=''
for f in $usb_files; do [ -s "$f" ] || die "$f: not there; make bit BOARD=$board makes it"; done
