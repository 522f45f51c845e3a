#!/bin/bash
# What the libraries export is what the public headers declare, and host/glauber.symbols lists it. SPDX-License-Identifier: Apache-2.0
. "$(dirname "$0")/../cli/lib.sh"
root=$(cd "$(dirname "$0")/../.." && pwd)
build=${BUILD:-build}
cd "$root" || exit 1

scripts/symbols.sh >"$work/header"
grep -v '^#' host/glauber.symbols >"$work/list"
nm -D --defined-only "$build/libglauber.so" | awk '$2 != "A" { sub(/@.*/, "", $3); print $3 }' | LC_ALL=C sort >"$work/shared"
nm --defined-only --extern-only "$build/libglauber.a" | awk 'NF == 3 { print $3 }' | LC_ALL=C sort >"$work/static"

expect "the headers declare functions" test -s "$work/header"
expect "host/glauber.symbols lists what the headers declare (scripts/symbols.sh prints it)" diff "$work/list" "$work/header"
expect "the shared library exports that and nothing else" diff "$work/header" "$work/shared"
expect "and so does the static one" diff "$work/header" "$work/static"
soname=$(readelf -d "$build/libglauber.so" | sed -n 's/.*SONAME.*\[\(.*\)\]/\1/p')
expect "the soname is libglauber.so.0" test "$soname" = libglauber.so.0
version=$(sed -n 's/^#define GLB_VERSION_\(MAJOR\|MINOR\|PATCH\) *\([0-9]*\).*/\2/p' host/include/glauber.h | paste -sd.)
expect "the tool's version is the header's" test "$("$glauber" --version | awk '{ print $2 }')" = "$version"
finish
