#!/bin/bash
# The GPU kernels' source on the CPU: against enumeration, against the emulator on P14 and the MNIST graphs, and the same
# bits in any order of threads. Needs no CUDA. SPDX-License-Identifier: Apache-2.0
set -u
build=${BUILD:-build}
work=$build/tests/gpu
mkdir -p "$work"
status=0
"$build/bench/gpu_gibbs_cpu" check || status=1
"$build/bench/graphs" "$work" 1024 p14 mnist-shallow mnist-m2 || exit 1
for graph in p14 mnist-shallow mnist-m2; do
    "$build/bench/gpu_gibbs_cpu" compare "$work/$graph-q.mtx" "$work/$graph-q.ref" 128 || status=1
done
exit $status
