#!/bin/sh
# Prints the row of rtl/arrays.def called $1 as NAME=value words; without $1 the names of all rows; with --for WORD the names of the rows
# whose purpose starts with "WORD:". SPDX-License-Identifier: Apache-2.0
def=$(dirname "$0")/../rtl/arrays.def
if [ $# -eq 0 ]; then
    sed -n 's/^GLB_ARRAY("\([^"]*\)".*/\1/p' "$def"
    exit
fi
if [ "$1" = --for ]; then
    sed -n "s/^GLB_ARRAY(\"\([^\"]*\)\".* \"$2:[^\"]*\").*/\1/p" "$def"
    exit
fi
row=$(grep "^GLB_ARRAY(\"$1\"," "$def") || {
    echo "array.sh: no array called $1 in rtl/arrays.def; there are: $("$0" | tr '\n' ' ')" >&2
    exit 1
}
set -- $(echo "$row" | sed 's/^GLB_ARRAY("[^"]*",//; s/,[^,]*".*$//' | tr ',' ' ')
echo "TILES=$1 LANES=$2 CHAINS=$3 JW=$4 ACC=$5 GW=$6 SDEPTH=$7 CDEPTH=$8"
