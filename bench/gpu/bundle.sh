#!/bin/bash
# Packs what bench/gpu/run.sh needs on a GPU machine without internet into BUILD/gpu-bundle.tar.gz: sources, graphs with the
# emulator's statistics, the samplers built beforehand, thrml. Usage: bench/gpu/bundle.sh (after make bench).
# SPDX-License-Identifier: Apache-2.0
set -euo pipefail
cd "$(dirname "$0")/../.."
build=${BUILD:-build}
bundle=$build/gpu-bundle
graphs=$build/bench/graphs.d

bench/gpu/build.sh
mkdir -p "$graphs"
[ -e "$graphs/clocks.json" ] || "$build/bench/graphs" "$graphs" 8192
if ! [ -e "$build/bench/wheels/thrml" ]; then
    python3 -m pip download -q --no-deps -d "$build/bench/wheels.tmp" "$(grep '^thrml==' bench/peers/requirements.txt)"
    mkdir -p "$build/bench/wheels"
    for wheel in "$build"/bench/wheels.tmp/*.whl; do
        python3 -m zipfile -e "$wheel" "$build/bench/wheels"
    done
    rm -r "$build/bench/wheels.tmp"
fi
rm -rf "$bundle"
mkdir -p "$bundle/build/bench" "$bundle/bench" "$bundle/docs/results/bench"
cp -r bench/gpu bench/peers "$bundle/bench/"
cp -r "$build/bench/gpu_gibbs" "$graphs" "$build/bench/wheels" "$bundle/build/bench/"
git rev-parse --short HEAD > "$bundle/REVISION"
tar -C "$build" -czf "$build/gpu-bundle.tar.gz" gpu-bundle
echo "bundle.sh: $build/gpu-bundle.tar.gz; on the GPU machine: tar xzf gpu-bundle.tar.gz && gpu-bundle/bench/gpu/run.sh"
