#!/bin/bash
# A bit file with the seed that is given, or, if none is, with the board's own and, where that misses a clock, the next ones. A placer is a
# chaotic thing: another version of it, or one gate more, moves the result of a seed by some percent.
# Usage: bit_seeds.sh BOARD [ARRAY [MHZ [SEED [FOLDER]]]], as bit.sh. SPDX-License-Identifier: Apache-2.0
set -eu
cd "$(dirname "$0")/.."
tries=4
row=$(fpga/board.sh "${1:-}") || exit 1
read -r _ _ _ _ _ _ _ _ seed _ <<<"$row"
if [ -n "${4:-}" ]; then
    exec fpga/bit.sh "$@"
fi
for ((try = 0; try < tries; try++)); do
    status=0
    fpga/bit.sh "$1" "${2:-}" "${3:-}" $((seed + try)) "${5:-}" || status=$?
    [ $status = 3 ] || exit $status
    [ $try = $((tries - 1)) ] || echo "bit: seed $((seed + try)) misses its clock; seed $((seed + try + 1)) is next"
done
echo "bit_seeds.sh: seeds $seed to $((seed + tries - 1)) all miss a clock: ask for a lower one (MHZ=...)" >&2
exit 3
