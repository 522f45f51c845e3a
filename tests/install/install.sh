#!/bin/bash
# make install: everything in its place, programs build against it with pkg-config, shared and static; make uninstall leaves nothing.
# SPDX-License-Identifier: Apache-2.0
. "$(dirname "$0")/../cli/lib.sh"
root=$(cd "$(dirname "$0")/../.." && pwd)
here=$(cd "$(dirname "$0")" && pwd)
run_make() { make -s -C "$root" BUILD="${BUILD:-build}" "$@"; }

lib=$work/usr/lib/some-triplet
expect "make install" run_make install PREFIX="$work/usr" libdir="$lib"
version=$("$glauber" --version | awk '{ print $2 }')
for f in bin/glauber "lib/some-triplet/libglauber.so.$version" lib/some-triplet/libglauber.so.0 lib/some-triplet/libglauber.so \
    lib/some-triplet/libglauber.a include/glauber.h include/glauber/learn.h include/glauber/glb_sim.h \
    lib/some-triplet/pkgconfig/glauber.pc share/man/man1/glauber.1; do
    expect "installs $f" test -s "$work/usr/$f"
done
built=$(find "${BUILD:-build}"/sim/*/ -maxdepth 1 -name 'libglauber-sim-*.so' 2>/dev/null | wc -l)
expect "installs the simulators that are built" test "$(find "$lib" -name 'libglauber-sim-*.so' | wc -l)" = "$built"
export PKG_CONFIG_PATH=$lib/pkgconfig
expect "pkg-config has the version" test "$(pkg-config --modversion glauber)" = "$version"
expect "linking with the shared library needs no other one" test "$(pkg-config --libs glauber | wc -w)" = 2

# outside the tree, with the installed header alone
cp "$here/consumer.c" "$work/consumer.c"
cd "$work" || exit 1
flags='-std=c11 -Wall -Wextra -Werror'
# shellcheck disable=SC2046,SC2086
expect "a program builds with pkg-config" gcc $flags -o shared consumer.c $(pkg-config --cflags --libs glauber) -lm
expect "and samples, anneals, trains and classifies" env LD_LIBRARY_PATH="$lib" ./shared
expect "linked with the shared library" sh -c "readelf -d shared | grep -q libglauber.so.0"
# shellcheck disable=SC2046,SC2086
expect "the same statically" gcc $flags -o static consumer.c $(pkg-config --cflags glauber) "$lib/libglauber.a" \
    $(pkg-config --libs --static glauber | sed 's/-lglauber//') -lm
expect "runs without the shared library" ./static
expect "the installed tool runs" "$work/usr/bin/glauber" info --arrays

cd "$root" || exit 1
expect "make install with DESTDIR" run_make install PREFIX=/opt/glauber DESTDIR="$work/stage"
expect "puts it below DESTDIR" test -x "$work/stage/opt/glauber/bin/glauber"
expect "and the paths without it into glauber.pc" grep -qx 'prefix=/opt/glauber' "$work/stage/opt/glauber/lib/pkgconfig/glauber.pc"
expect "make uninstall" run_make uninstall PREFIX="$work/usr" libdir="$lib"
expect "leaves no file" test -z "$(find "$work/usr" ! -type d)"
finish
