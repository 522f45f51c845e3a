#!/bin/bash
# `make flash` and `make bit` with stubs of the programming tools: which file goes to which board, and what the tools are told.
# SPDX-License-Identifier: Apache-2.0
. "$(dirname "$0")/../cli/lib.sh"
cp -r "$tree/fpga" "$tree/mk" "$tree/scripts" "$tree/Makefile" "$work/"
mkdir -p "$work/bin" "$work/rtl" "$work/host/include/glauber"
cp "$tree/rtl/arrays.def" "$work/rtl/"
cp "$tree"/host/include/glauber/*.h "$work/host/include/glauber/"
cd "$work" || exit 1
rm -f fpga/prebuilt/*.bit
for board in ulx3s ecpix5 ecpix5-usb orangecrab-25f orangecrab-85f; do echo $board >fpga/prebuilt/$board.bit; done

# the stubs note how they were called; DFU=part|after: dfu-util fails in the middle, or when all is written
for tool in openFPGALoader dfu-util; do
    printf '#!/bin/sh\necho "%s $*" >>%s/calls\n' "$tool" "$work" >bin/$tool
done
cat >>bin/dfu-util <<'END'
for file; do :; done
cp "$file" written
[ "${DFU:-}" != part ] || { echo "dfu-util: No DFU capable USB device available"; exit 74; }
echo "Download done."
[ "${DFU:-}" != after ] || { echo "dfu-util: unable to read DFU status after completion (LIBUSB_ERROR_IO)"; exit 74; }
END
printf '#!/bin/sh\n' >bin/dfu-suffix
chmod +x bin/*
export PATH=$work/bin:$PATH

# built BOARD FOLDER TIME
built() {
    mkdir -p "b/fpga/$2"
    echo "{\"board\": \"$1\", \"device\": \"x\"}" >"b/fpga/$2/row.json"
    touch -d "2026-01-01 $3" "b/fpga/$2/glb.bit"
}
# takes NAME WANTED MAKE-WORDS...: the first call of a tool matches WANTED
takes() {
    local name=$1 wanted=$2
    shift 2
    rm -f calls
    make -s BUILD=b flash "$@" >out 2>&1
    if head -n 1 calls 2>/dev/null | grep -qE -- "^$wanted\$"; then ok "$name"; else
        sed 's/^/# /' calls out 2>/dev/null
        not_ok "$name"
    fi
}

refuse "flash without a board names the boards" "BOARD=NAME, one of: ulx3s .*ecpix5-usb" make BUILD=b flash
refuse "bit without a board names the boards" "BOARD=NAME, one of: ulx3s .*ecpix5-usb" make BUILD=b bit
refuse "a board that there is not" "no board called ulx3 in fpga/boards.def; there are: ulx3s" fpga/board.sh ulx3
refuse "a pattern is no board" "no board called ulx3. in" fpga/board.sh ulx3.
takes "a fresh clone has the file of fpga/prebuilt" "openFPGALoader -b ulx3s fpga/prebuilt/ulx3s.bit" BOARD=ulx3s
takes "another revision of a board takes its file" "openFPGALoader -b ecpix5_r03 fpga/prebuilt/ecpix5.bit" BOARD=ecpix5-r03
takes "also the one with USB" "openFPGALoader -b ecpix5_r03 fpga/prebuilt/ecpix5-usb.bit" BOARD=ecpix5-r03-usb

built ulx3s ulx3s-ulx3s-85-1 01:00
built ulx3s ulx3s-ulx3s-85-2 02:00
built ulx3s ulx3s-25f-1 00:30
built ulx3s-usb ulx3s-usb-ulx3s-85-1 03:00
takes "the newest build" "openFPGALoader -b ulx3s b/fpga/ulx3s-ulx3s-85-2/glb.bit" BOARD=ulx3s
built ecpix5-r03 ecpix5-r03-ulx3s-85-1 01:00
built ecpix5 ecpix5-ulx3s-85-1 02:00
takes "the newest of boards with one bit file" "openFPGALoader -b ecpix5 b/fpga/ecpix5-ulx3s-85-1/glb.bit" BOARD=ecpix5
built orangecrab-25f orangecrab-25f-25f-1 01:00
echo 25f >b/fpga/orangecrab-25f-25f-1/glb.bit
takes "a board of two devices" "dfu-util .*" BOARD=orangecrab-85f
expect "gets the file of its own" cmp -s written fpga/prebuilt/orangecrab-85f.bit
refuse "a file that there is not" "x.bit: no such file" fpga/flash.sh ulx3s x.bit
touch calls.bit
takes "BIT and TO" "openFPGALoader -b ulx3s -f calls.bit" BOARD=ulx3s BIT=calls.bit TO=flash

takes "dfu-util is told which memory" "dfu-util -d 1209:5af0 -a 0 -D .*" BOARD=orangecrab-25f
expect "an error after the download is no failure" env DFU=after make BUILD=b flash BOARD=orangecrab-25f
refuse "an error before it is one" "no orangecrab-25f was programmed" env DFU=part make BUILD=b flash BOARD=orangecrab-25f
finish
