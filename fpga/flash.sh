#!/bin/bash
# Programs a board. Usage: flash.sh BOARD [FILE [sram|flash [FOLDER]]]. Without FILE the newest bit file that `make bit` has made in FOLDER
# (build/fpga) for the board or one that takes the same bit files, else that of fpga/prebuilt; SRAM by default.
# SPDX-License-Identifier: Apache-2.0
set -euo pipefail
cd "$(dirname "$0")/.."
die() {
    echo "flash.sh: $*" >&2
    exit 1
}
board=${1:-}
file=${2:-}
where=${3:-sram}
folder=${4:-build/fpga}
row=$(fpga/board.sh "$board") || exit 1
read -r _ _ _ _ _ _ _ _ _ _ programmer _ <<<"$row"
case $where in
sram | flash) ;;
*) die "$where: say sram (gone at power off) or flash" ;;
esac

# the newest of FOLDER for one of the boards $*
newest() {
    local bit of best=
    for bit in "$folder"/*/glb.bit; do
        of=$(sed -n 's/^{"board": "\([^"]*\)".*/\1/p' "${bit%glb.bit}row.json" 2>/dev/null) || continue
        case " $* " in *" $of "*) [ -n "$best" ] && [ ! "$bit" -nt "$best" ] || best=$bit ;; esac
    done
    echo "$best"
}
if [ -z "$file" ]; then
    # shellcheck disable=SC2046
    set -- $(fpga/board.sh --same "$board")
    file=$(newest "$@")
    for b in "$@"; do
        [ -n "$file" ] || [ ! -e "fpga/prebuilt/$b.bit" ] || file=fpga/prebuilt/$b.bit
    done
    [ -n "$file" ] || die "no bit file for $board in $folder nor in fpga/prebuilt; make bit BOARD=$board makes one"
fi
[ -e "$file" ] || die "$file: no such file; make bit BOARD=$board makes one, fpga/prebuilt holds built ones"

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
    tmp=$(mktemp -d)
    trap 'rm -rf "$tmp"' EXIT
    cp "$file" "$tmp/glb.bit"
    dfu-suffix -v "${arg%%:*}" -p "${arg#*:}" -a "$tmp/glb.bit" >/dev/null || die "dfu-suffix failed"
    # newer bootloaders offer two memories, of which 0 is the bit file's
    echo "flash: dfu-util -d $arg -a 0 -D $file"
    if ! dfu-util -d "$arg" -a 0 -D "$tmp/glb.bit" 2>&1 | tee "$tmp/log"; then
        # the bootloader 3.1 starts the new bit file before dfu-util has asked how it went
        grep -q '^Download done' "$tmp/log" ||
            die "no $board was programmed. Hold its button while plugging it in, so that the bootloader runs"
        echo "flash: all of the file was written; the error behind it is the bootloader's, which left too early"
    fi
fi
