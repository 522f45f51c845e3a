#!/bin/bash
# make HDF5=0: the library without HDF5 links without it, samples, and refuses the files that need it.
# SPDX-License-Identifier: Apache-2.0
. "$(dirname "$0")/../cli/lib.sh"
root=$(cd "$(dirname "$0")/../.." && pwd)
build=${BUILD:-build}
cd "$root" || exit 1
expect "make HDF5=0 PNG=0" make -s BUILD="$build/no-hdf5" HDF5=0 PNG=0 all
expect "no HDF5 in the shared library" sh -c "! readelf -d $build/no-hdf5/libglauber.so | grep NEEDED | grep -qi hdf5"
expect "nor libpng" sh -c "! readelf -d $build/no-hdf5/libglauber.so | grep NEEDED | grep -qi png"
expect "nor in the tool" sh -c "! readelf -d $build/no-hdf5/glauber | grep NEEDED | grep -qi hdf5"
tool=$build/no-hdf5/glauber
expect "a graph" "$tool" graph torus2d lx=8 -o "$work/g.mtx"
"$tool" sample "$work/g.mtx" --array small --seed 3 --json >"$work/without" 2>/dev/null
"$glauber" sample "$work/g.mtx" --array small --seed 3 --json >"$work/with" 2>/dev/null
keep='s/"[a-z_]*seconds": [^,}]*//g; s/"device": "[^"]*"//; s/"version": "[^"]*"//; s/"[a-z_]*per_second": [^,}]*//g'
expect "samples the same bits" diff <(sed "$keep" "$work/without") <(sed "$keep" "$work/with")
refuse "a sample file" "make HDF5=0" "$tool" sample "$work/g.mtx" --array small -o "$work/out.h5"
expect "and leaves none behind" sh -c "! ls $work/out.h5*"
refuse "a model" "make HDF5=0" "$tool" draw models/draw.h5 -o "$work/x.png"
finish
