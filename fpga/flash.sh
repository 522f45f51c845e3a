#!/bin/bash
# Programs a board with a bit file. Usage: flash.sh BOARD FILE [sram|flash], SRAM by default. SPDX-License-Identifier: Apache-2.0
set -eu
cd "$(dirname "$0")/.."
die() {
    echo "flash.sh: $*" >&2
    exit 1
}
[ $# -ge 2 ] || die "usage: fpga/flash.sh BOARD FILE [sram|flash]; make boards lists the boards"
board=$1
file=$2
where=${3:-sram}
row=$(grep "^$board " fpga/boards.def) || die "no board called $board in fpga/boards.def"
read -r _ _ _ _ _ _ _ _ _ _ programmer _ <<<"$row"
[ -e "$file" ] || die "$file: no such file; make bit BOARD=$board makes it, fpga/prebuilt/ holds built ones"
case $where in
sram | flash) ;;
*) die "$where: say sram (gone at power off) or flash" ;;
esac
tool=${programmer%%:*}
arg=${programmer#*:}
command -v "$tool" >/dev/null 2>&1 || die "$tool is not installed (Debian: apt install $(echo "$tool" | tr 'A-Z' 'a-z'))"
if [ "$tool" = openFPGALoader ]; then
    set -- -b "$arg"
    [ "$where" = flash ] && set -- "$@" -f
    echo "flash: openFPGALoader $* $file"
    openFPGALoader "$@" "$file" || die "no $board was programmed. Is it plugged in and may you open it (udev rules of openFPGALoader)?"
else
    [ "$where" = flash ] || echo "flash: the bootloader of $board writes to flash only"
    tmp=$(mktemp)
    trap 'rm -f "$tmp"' EXIT
    cp "$file" "$tmp"
    dfu-suffix -v "${arg%%:*}" -p "${arg#*:}" -a "$tmp" >/dev/null || die "dfu-suffix failed"
    echo "flash: dfu-util -d $arg -D $file"
    dfu-util -d "$arg" -D "$tmp" || die "no $board was programmed. Hold its button while plugging it in, so that the bootloader runs"
fi
