#!/bin/bash
# The names that the public headers declare with GLB_API, sorted: what host/glauber.symbols must hold and the shared library export.
# Usage: symbols.sh [HEADER...]; by default all of host/include. SPDX-License-Identifier: Apache-2.0
cd "$(dirname "$0")/.." || exit 1
[ $# -gt 0 ] || set -- host/include/glauber.h host/include/glauber/*.h
for header in "$@"; do
    [ ! -e "$header" ] || cat "$header"
done | sed 's|/\*.*\*/||; /^#/d' | tr '\n' ' ' | sed 's|/\*[^*]*\*\+\([^/*][^*]*\*\+\)*/||g' | tr ';' '\n' |
    sed -n 's/.*GLB_API[^(]*\<\(glb_[a-z0-9_]*\) *(.*/\1/p' | LC_ALL=C sort
