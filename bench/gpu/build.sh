#!/bin/bash
# Compiles the GPU samplers with nvcc for sm_80, sm_90 and sm_100 (and PTX for later ones): BUILD/bench/gpu_gibbs, which
# needs nothing but the driver (580 or later) to run. Without nvcc on the PATH, the compiler of NVIDIA's wheels is
# installed into BUILD/nvcc (pinned; needs PyPI). Usage: bench/gpu/build.sh. SPDX-License-Identifier: Apache-2.0
set -euo pipefail
cd "$(dirname "$0")/../.."
build=${BUILD:-build}
mkdir -p "$build/bench"

if ! command -v nvcc >/dev/null 2>&1; then
    if ! [ -x "$build/nvcc/bin/python" ] || ! cmp -s bench/gpu/requirements.txt "$build/nvcc/requirements.txt"; then
        echo "build.sh: no nvcc on the PATH; installing it into $build/nvcc"
        python3 -m venv "$build/nvcc"
        "$build/nvcc/bin/pip" install -q -r bench/gpu/requirements.txt
        cp bench/gpu/requirements.txt "$build/nvcc/requirements.txt"
    fi
    root=$("$build/nvcc/bin/python" -c 'import nvidia.cu13 as m; print(m.__path__[0])')
    PATH=$root/bin:$PATH
    library=(-L"$root/lib") # where nvcc of a whole toolkit looks by itself
fi
targets=()
for arch in 80 90 100; do
    targets+=(-gencode "arch=compute_$arch,code=sm_$arch")
done
targets+=(-gencode arch=compute_100,code=compute_100)
nvcc --version | tail -n 1
nvcc -DGLB_CUDA -std=c++17 -O3 "${targets[@]}" -Xcompiler -Wall,-Wextra,-Werror ${library[@]+"${library[@]}"} \
    -Xcompiler -static-libstdc++,-static-libgcc --Werror all-warnings \
    bench/gpu/sampler.cu bench/gpu/on_cuda.cu $(ls bench/gpu/*.cc | grep -v on_cpu) -o "$build/bench/gpu_gibbs.tmp"
mv "$build/bench/gpu_gibbs.tmp" "$build/bench/gpu_gibbs"
echo "build.sh: $build/bench/gpu_gibbs for sm_80, sm_90, sm_100"
