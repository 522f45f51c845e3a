#!/bin/bash
# The check of the rooms' order fails on what it must fail on: each case changes a copy of host/ in one place.
# SPDX-License-Identifier: Apache-2.0
. "$(dirname "$0")/../cli/lib.sh"
root=$(cd "$(dirname "$0")/../.." && pwd)
cd "$root" || exit 1

copy() { # a fresh copy to break
    rm -rf "$work/tree"
    mkdir "$work/tree"
    cp -r host "$work/tree/host"
}
# breaks NAME TEXT FILE LINE: with LINE put in front of FILE the check fails and prints TEXT
breaks() {
    copy
    [ -e "$work/tree/$3" ] || { not_ok "$1 ($3 does not exist)" && return; }
    printf '%s\n' "$4" | cat - "$root/$3" >"$work/tree/$3"
    if scripts/layers.sh "$work/tree" >"$work/out" 2>&1; then
        not_ok "$1"
    elif grep -qF -- "$2" "$work/out"; then
        ok "$1"
    else
        sed 's/^/# /' "$work/out" | head -5
        not_ok "$1"
    fi
}

copy
expect "the tree as it is passes" scripts/layers.sh "$work/tree"
breaks "an include from a room above" 'graph may not include "compiler/plan.h"' host/lib/graph/graph.c '#include "compiler/plan.h"'
breaks "from a room beside" 'sampler may not include "learn/model/model.h"' host/lib/sampler/sampler.c '#include "learn/model/model.h"'
breaks "a library room that includes the tool" 'learn may not include "tool/json.h"' host/lib/learn/model/model.c '#include "tool/json.h"'
breaks "an include without its room" '"graph.h" does not name its room' host/lib/graph/energy.c '#include "graph.h"'
breaks "a circle of headers inside a room" 'circle: ' host/lib/base/status.h '#include "base/parallel.h"
#include "base/bits.h"
#include "base/status.h"'
breaks "HDF5 outside files" 'learn may not use #include <hdf5' host/lib/learn/model/model.c '#include <hdf5.h>'
breaks "libusb outside transports" 'device may not use #include <libusb' host/lib/device/device.c '#include <libusb.h>'
breaks "libusb in the tool's other commands" 'tool may not use #include <libusb' host/tool/cmd_info.c '#include <libusb-1.0/libusb.h>'
breaks "libpng outside files" 'learn may not use #include <png' host/lib/learn/model/model.c '#include <png.h>'
breaks "options in the library" 'may not use #include <getopt' host/lib/sampler/sampler.c '#include <getopt.h>'
breaks "printing in the library" 'may not use ' host/lib/sampler/sampler.c 'static void f(void) { printf("x"); }'
breaks "standard output in the library" 'may not use ' host/lib/graph/graph.c 'static void f(void) { fputs("x", stdout); }'
copy
mkdir "$work/tree/host/lib/cellar"
echo '/* x */' >"$work/tree/host/lib/cellar/x.c"
scripts/layers.sh "$work/tree" >"$work/rooms" 2>&1
expect "a room that is not listed is named" grep -q 'no room is called cellar' "$work/rooms"
finish
