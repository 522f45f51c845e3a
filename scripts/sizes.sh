#!/bin/bash
# Small rooms: source files stay under 300 lines (tables aside), folders under 30 source files. SPDX-License-Identifier: Apache-2.0
cd "$(dirname "$0")/.." || exit 2
bad=0
list=$(scripts/sources.sh .c .h .cc .cu .cuh .sv .svh .v .py .sh .awk .js .css .html .mk Makefile)
# tables of numbers
tables=' glb_noise_q.svh glb_usb_rom.svh '
while read -r file; do
    [ -e "$file" ] || continue
    case $tables in *" ${file##*/} "*) continue ;; esac
    lines=$(wc -l <"$file")
    if [ "$lines" -gt 300 ]; then
        echo "$file: $lines lines; a file does one thing in at most 300"
        bad=1
    fi
done <<<"$list"
while read -r count folder; do
    if [ "$count" -gt 30 ]; then
        echo "$folder: $count source files; a folder holds at most 30"
        bad=1
    fi
done < <(xargs -n1 dirname <<<"$list" | sort | uniq -c)
exit $bad
