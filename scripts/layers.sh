#!/bin/bash
# Checks the one-way order of the host's rooms (host/lib/README.md): a source file includes only its own room and rooms below it, names
# the room in the include, and system interfaces stay in the rooms made for them. Also: no circle of includes between files.
# Usage: layers.sh [DIR], DIR: the tree to check, by default this one. SPDX-License-Identifier: Apache-2.0
cd "${1:-$(dirname "$0")/..}" || exit 2

# room: the rooms that it may include besides itself
order='
base:
graph: base
files: base
array: base graph files
compiler: base graph array
emulator: base array
wire: base array
transports: base array emulator wire
device: base graph array emulator wire transports
sampler: base graph files array compiler device
learn: base graph files array compiler device
check: base graph files array compiler emulator wire transports device sampler learn
usb_board: base array wire transports
tool: base graph files array compiler emulator wire transports device sampler learn check usb_board
'

# system header or function: the rooms that may use it
interfaces='
#include <hdf5: files
#include <libusb: transports tool/cmd_usb.c
#include <termios: transports
#include <dlfcn: transports usb_board
#include <png: files tool
#include <getopt: tool
(^|[^a-z_])(printf|puts|putchar)\(|(^|[^a-z_])stdout: tool
'

find host/lib host/usb_board host/tool -name '*.[ch]' | sort | xargs awk -v order="$order" -v interfaces="$interfaces" '
function room_of(file, part) { # host/lib/ROOM/... or host/ROOM/...
    split(file, part, "/")
    if (part[2] != "lib") return part[2]
    return part[3]
}
function complain(text) {
    print FILENAME ":" FNR ": " text
    bad = 1
}
BEGIN {
    rows = split(order, line, "\n")
    for (k = 1; k <= rows; k++) {
        if (split(line[k], half, ":") < 1) continue
        known[half[1]] = 1
        n = split(half[2], below, " ")
        for (i = 1; i <= n; i++) may[half[1], below[i]] = 1
    }
    rows = split(interfaces, line, "\n")
    for (k = 1; k <= rows; k++) {
        if (line[k] == "") continue
        match(line[k], /: [^:]*$/)
        pattern[++patterns] = substr(line[k], 1, RSTART - 1)
        where[patterns] = " " substr(line[k], RSTART + 2) " "
    }
}
FNR == 1 {
    room = room_of(FILENAME)
    path = FILENAME
    sub(/^host\/(lib\/)?/, "", path)
    if (!(room in known)) complain("no room is called " room "; scripts/layers.sh lists them")
}
/^#include "/ {
    split($0, quoted, "\"")
    target = quoted[2]
    if (target !~ /\//) {
        if (target != "arrays.def" && target !~ /^glb_(usb_)?sim\.h$/) complain("\"" target "\" does not name its room")
        next
    }
    to = target
    sub(/\/.*/, "", to)
    if (to != room && !((room, to) in may)) complain(room " may not include \"" target "\"")
    edge[++edges] = path SUBSEP target
}
{
    for (k = 1; k <= patterns; k++)
        if ($0 ~ pattern[k] && index(where[k], " " room " ") == 0 && index(where[k], " " path " ") == 0)
            complain(room " may not use " pattern[k] "; only" where[k] "may")
}
END { # files that nothing unvisited includes are taken away; what stays is a circle
    for (e = 1; e <= edges; e++) { split(edge[e], pair, SUBSEP); needs[pair[1]]++ }
    do {
        removed = 0
        for (e = 1; e <= edges; e++) {
            if (e in gone) continue
            split(edge[e], pair, SUBSEP)
            if (needs[pair[2]] > 0) continue
            gone[e] = 1
            needs[pair[1]]--
            removed = 1
        }
    } while (removed)
    for (e = 1; e <= edges; e++)
        if (!(e in gone)) { split(edge[e], pair, SUBSEP); print "circle: " pair[1] " includes " pair[2]; bad = 1 }
    exit bad
}'
