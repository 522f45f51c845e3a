#!/bin/bash
# `make demo`: trains a sparse Boltzmann machine on all of MNIST, reads the labels of the test images, draws digits.
# The first two batches also run on the simulated RTL. Results: out/. SPDX-License-Identifier: Apache-2.0
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
make -s BUILD="$BUILD" ARRAY=$ARRAY sim-lib

run out/train.log "$GLAUBER" train --verify-sim 2 -o out/model.h5 --json
run out/eval.log "$GLAUBER" eval out/model.h5 --curve --json
run out/train-draw.log "$GLAUBER" train --generative 3 --epochs 20 --shift 0 -o out/draw.h5 --json
run out/draw.log "$GLAUBER" draw out/draw.h5 -o out/digits.png --json

awk -v a="$(value out/eval.log accuracy)" 'BEGIN { exit !(a >= 0.95) }' || {
    echo "demo: test accuracy $(value out/eval.log accuracy) is below 0.95" >&2
    exit 1
}
percent() { awk -v x="$1" 'BEGIN { printf "%.2f %%", 100 * x }'; }
short() { awk -v x="$1" 'BEGIN { printf "%.3g", x }'; }
T=out/train.log E=out/eval.log D=out/train-draw.log
cat <<SUMMARY

summary
  data       MNIST: $(value $T images) training images, $(value $E images) test images, one bit a pixel
  machine    $(value $T topology | cut -d: -f1): $(value $T pbits) p-bits, $(value $T couplings) couplings of $(value $E weight_bits) bits
  device     $(tail -n 1 $T | sed -n 's/.*"device": "\([^"]*\)".*/\1/p')
  RTL        the first $(value $T verified_batches) batches on the simulated RTL: $(value $T verified_bits) sampled bits, all identical
  training   $(value $T epochs) epochs, $(short "$(value $T flips)") p-bit updates in $(short "$(value $T seconds)") s; training labels $(percent "$(value $T training_accuracy)")
  test       $(percent "$(value $E accuracy)") of the labels right, $(value $E sweeps) Gibbs sweeps an image
  readout    $(short "$(value $E flips)") p-bit updates in $(short "$(value $E seconds)") s
  drawing    a second machine learns the images too: $(value $D epochs) epochs in $(short "$(value $D seconds)") s
  pictures   out/digits.png
  models     out/model.h5, out/draw.h5
SUMMARY
