#!/bin/bash
# make install: everything in its place, and a program builds against it. SPDX-License-Identifier: Apache-2.0
. "$(dirname "$0")/lib.sh"
root=$(cd "$(dirname "$0")/../.." && pwd)
expect "make install" make -s -C "$root" BUILD="${BUILD:-build}" install PREFIX="$work/usr"
for f in bin/glauber lib/libglauber.a include/glauber.h lib/pkgconfig/glauber.pc share/man/man1/glauber.1; do
    expect "installs $f" test -s "$work/usr/$f"
done
export PKG_CONFIG_PATH=$work/usr/lib/pkgconfig
# shellcheck disable=SC2046
expect "the example builds with pkg-config" gcc -O1 -o "$work/example" "$root/docs/example.c" $(pkg-config --cflags --libs glauber)
expect "and runs" "$work/example"
expect "the installed tool runs" "$work/usr/bin/glauber" info --arrays
finish
