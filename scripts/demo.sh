#!/bin/bash
# `make demo`: trains a sparse Boltzmann machine on all of MNIST, reads the labels of the test images, draws digits.
# Two small batches also run on the simulated RTL. Results: out/. SPDX-License-Identifier: Apache-2.0
set -euo pipefail
cd "$(dirname "$0")/.."
BUILD=${BUILD:-build}
ARRAY=ulx3s-85
GLAUBER=$BUILD/glauber
mkdir -p out

# run LOG COMMAND...: shows a command's output and keeps it; the JSON object of its last line is for the summary.
run() {
    log=$1
    shift
    printf '\n$ %s\n' "$*"
    "$@" 2>&1 | tee -i "$log" | grep --line-buffered -v '^{'
}

# value LOG KEY: of the JSON object in the last line of a log.
value() {
    tail -n 1 "$1" | sed -n "s/.*\"$2\": *\"\{0,1\}\([^\",}]*\).*/\1/p"
}

scripts/data.sh mnist
echo "the RTL of $ARRAY for the simulator (a minute or two the first time)"
make -s --no-print-directory BUILD="$BUILD" ARRAY=$ARRAY sim-lib

# a few boards' worth of the same training, on the emulator and on the simulated RTL
run out/verify.log "$GLAUBER" train --method contrast --verify-sim 2 --batch 64 --images 128 --epochs 1 -o out/verify.h5 --json
run out/model.log "$GLAUBER" train --method contrast -o out/model.h5 --json
run out/eval.log "$GLAUBER" eval out/model.h5 --free-energy --curve-file out/model.curve --json
run out/draw.log "$GLAUBER" train --method drawing -o out/draw.h5 --json
run out/digits.log "$GLAUBER" draw out/draw.h5 --judge -o out/digits.png --json
run out/inpaint.log "$GLAUBER" draw out/draw.h5 --inpaint --columns 15 -o out/inpaint.png
run out/weights.log "$GLAUBER" draw out/model.h5 --weights -o out/weights.png
if command -v gnuplot >/dev/null; then
    scripts/curves.sh out/curves.png out/model out/draw
fi

awk -v a="$(value out/eval.log accuracy)" 'BEGIN { exit !(a >= 0.98) }' || {
    echo "demo: test accuracy $(value out/eval.log accuracy) is below 0.98" >&2
    exit 1
}
percent() { awk -v x="$1" 'BEGIN { printf "%.2f %%", 100 * x }'; }
short() { awk -v x="$1" 'BEGIN { printf "%.3g", x }'; }
T=out/model.log E=out/eval.log D=out/draw.log J=out/digits.log V=out/verify.log
cat <<SUMMARY

summary
  data       MNIST: $(value $T images) training images, $(value $E images) test images, one bit a pixel
  machine    $(value $T topology | cut -d: -f1): $(value $T pbits) p-bits, $(value $T couplings) couplings of $(value $E weight_bits) bits
  device     $(tail -n 1 $T | sed -n 's/.*"device": "\([^"]*\)".*/\1/p')
  RTL        $(value $V verified_batches) batches of such a training on the simulated RTL: $(value $V verified_bits) sampled bits, all identical
  training   $(value $T epochs) epochs, $(short "$(value $T flips)") p-bit updates in $(short "$(value $T seconds)") s; one board at 100 MHz: $(short "$(value $T device_seconds)") s
  test       $(percent "$(value $E accuracy)") of the labels right, $(value $E sweeps) Gibbs sweeps an image; by exact free energies $(percent "$(value $E accuracy_free_energy)")
  readout    $(short "$(value $E flips)") p-bit updates in $(short "$(value $E seconds)") s
  drawing    a second machine, $(value $D epochs) epochs in $(short "$(value $D seconds)") s; nearest neighbours read $(percent "$(value $J agreement)") of its digits as meant
  pictures   out/digits.png, inpaint.png, weights.png, curves.png
  models     out/model.h5, out/draw.h5
SUMMARY
