#!/bin/bash
# The row of a board in fpga/boards.def, or an error that lists the boards. Usage: board.sh BOARD; board.sh --same BOARD: the names of the
# boards that take the same bit files, its own first. SPDX-License-Identifier: Apache-2.0
cd "$(dirname "$0")/.." || exit 1
def=fpga/boards.def
same=
[ "${1:-}" != --same ] || { same=1; shift; }
board=${1:-}
row=$(awk -v b="$board" '!/^#/ && $1 == b' $def)
if [ -z "$row" ]; then
    names=$(awk '!/^#/ { printf " %s", $1 }' $def)
    if [ -z "$board" ]; then
        echo "no board given; say BOARD=NAME, one of:$names" >&2
    else
        echo "no board called $board in $def; there are:$names" >&2
    fi
    exit 1
fi
[ -n "$same" ] || { echo "$row"; exit; }
# the same top, constraints, device and package
echo "$board"
awk -v b="$board" 'NR == FNR { if ($1 == b) key = $2 $3 $4; next } !/^#/ && $1 != b && $2 $3 $4 == key { print $1 }' $def $def
