#!/bin/bash
# Checks the compiled library, the simulated board and the tool: no file uses a symbol of a room above its own (the order of layers.sh
# by definitions instead of includes), and no circle of files use each other's symbols.
# Usage: circles.sh BUILD, after `make`. SPDX-License-Identifier: Apache-2.0
set -o pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
cd "$1" || exit 2
rooms='base graph files array compiler emulator wire transports device sampler learn check usb_board tool'
find host -name '*.o' | sort | while read -r o; do [ ! -e "$root/${o%.o}.c" ] || echo "$o"; done | xargs nm -A | awk -v rooms="$rooms" '
function room_of(file, part) {
    split(file, part, "/")
    if (part[2] != "lib") return part[2]
    return part[3]
}
BEGIN { n = split(rooms, name, " "); for (i = 1; i <= n; i++) floor[name[i]] = i }
{
    split($0, half, ":")
    file = half[1]
    symbol = $NF
    kind = $(NF - 1)
    if (kind ~ /^[TDBRGVWi]$/) defined[symbol] = file
    if (kind == "U") { use_file[++uses] = file; use_symbol[uses] = symbol }
}
END {
    for (u = 1; u <= uses; u++) {
        from = use_file[u]
        to = defined[use_symbol[u]]
        if (to == "" || to == from) continue
        if (floor[room_of(to)] > floor[room_of(from)]) { print from " uses " use_symbol[u] " of " to ", a room above"; bad = 1 }
        if (!((from, to) in seen)) {
            seen[from, to] = 1
            edge_from[++edges] = from
            edge_to[edges] = to
            needs[from]++
        }
    }
    do { # files that need nothing any more are taken away, then files that nothing needs: what stays lies on a circle
        removed = 0
        for (e = 1; e <= edges; e++)
            if (!(e in gone) && needs[edge_to[e]] == 0) { gone[e] = 1; needs[edge_from[e]]--; removed = 1 }
    } while (removed)
    for (e = 1; e <= edges; e++) if (!(e in gone)) wanted[edge_to[e]]++
    do {
        removed = 0
        for (e = 1; e <= edges; e++)
            if (!(e in gone) && wanted[edge_from[e]] == 0) { gone[e] = 1; wanted[edge_to[e]]--; removed = 1 }
    } while (removed)
    for (e = 1; e <= edges; e++)
        if (!(e in gone)) { print "circle: " edge_from[e] " uses " edge_to[e]; bad = 1 }
    exit bad
}'
