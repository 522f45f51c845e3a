#!/bin/bash
# Curves of trainings as a PNG, with gnuplot: training labels against epochs, test accuracy against sweeps an image.
#   scripts/curves.sh PICTURE.png NAME...     NAME.log is a training's output, NAME.curve comes from `eval --curve-file`
# SPDX-License-Identifier: Apache-2.0
set -euo pipefail
if [ $# -lt 2 ]; then
    echo "usage: scripts/curves.sh PICTURE.png NAME..." >&2
    exit 2
fi
if ! command -v gnuplot >/dev/null; then
    echo "curves: gnuplot is missing (Debian: gnuplot-nox); no picture is made" >&2
    exit 1
fi
picture=$1
shift
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
epochs='' sweeps=''
for name in "$@"; do
    title=$(basename "$name")
    sed -n 's/^epoch *\([0-9.]*\) of [^:]*: *\([0-9.]*\) % .*/\1 \2/p' "$name.log" >"$dir/$title.log"
    if [ -s "$dir/$title.log" ]; then
        epochs="$epochs${epochs:+, }'$dir/$title.log' with linespoints pt 7 ps 0.5 title '$title'"
    fi
    if [ -s "$name.curve" ]; then
        sweeps="$sweeps${sweeps:+, }'$name.curve' using 1:(100*\$2) with linespoints pt 7 ps 0.5 title '$title'"
    fi
done
gnuplot <<PLOT
set terminal pngcairo size 1100,440 font ',11'
set output '$dir/picture.png'
set multiplot layout 1,2
set grid
set key bottom right
set ylabel 'labels right, %'
set xlabel 'epoch'
set title 'training images, negative phase'
set yrange [*:100]
${epochs:+plot $epochs}
set title 'test images, by sweeps an image'
set xlabel 'sweeps'
set logscale x
set yrange [*:100]
${sweeps:+plot $sweeps}
unset multiplot
PLOT
mv "$dir/picture.png" "$picture"
echo "$picture: curves of $# trainings"
