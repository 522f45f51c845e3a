#!/bin/bash
# Everything that a machine with an NVIDIA GPU is needed for: builds the samplers if nvcc is there (else takes
# build/bench/gpu_gibbs as made beforehand), checks them, times them with power, and writes one JSON file. Needs no
# internet and nothing but the driver. Usage: bench/gpu/run.sh [OUT.json]; BIN=... uses that program, QUICK=1 makes a
# short run. docs/gpu.md says how to get the graphs there. SPDX-License-Identifier: Apache-2.0
set -uo pipefail
cd "$(dirname "$0")/../.."
build=${BUILD:-build}
graphs=${GRAPHS:-$build/bench/graphs.d}
work=$build/bench/gpu-run
mkdir -p "$work" docs/results/bench
rows=$work/rows.txt
checks=$work/checks.txt
: > "$rows"
: > "$checks"

fail() {
    echo "run.sh: $1" >&2
    exit 1
}

bin=${BIN:-$build/bench/gpu_gibbs}
if [ -z "${BIN:-}" ] && command -v nvcc >/dev/null 2>&1; then
    bench/gpu/build.sh || fail "nvcc could not build the samplers"
fi
[ -x "$bin" ] || fail "no nvcc, and no $bin made beforehand (bench/gpu/build.sh on a machine with PyPI)"
[ -e "$graphs/clocks.json" ] || fail "no graphs in $graphs (make bench, or bench/gpu/bundle.sh, makes them)"
device=$("$bin" device) || fail "no usable GPU"
echo "run.sh: $device"

# chains of the timing, graphs, sweeps of one batch in Niazi et al., batches of the default training (1,024 images, 2 + 10 sweeps in each phase)
if [ "${QUICK:-0}" = 1 ]; then
    chains=(1 40) timed=(mnist-shallow-q) compared=(mnist-shallow-q) many=64 sweeps=20 batches=2 seconds=0.01 meter=0
else
    chains=(1 4 16 50 128 512 1024 16384 100000) timed=(p14-q p14 mnist-shallow-q mnist-m2-q)
    compared=(p14-q mnist-shallow-q mnist-m2-q) many=1024 sweeps=100000 batches=2637 seconds=0.15 meter=3
fi

echo "run.sh: against enumeration"
"$bin" check | tee -a "$checks" | grep -v '^ok'
echo "run.sh: against the emulator"
for g in "${compared[@]}"; do
    "$bin" compare "$graphs/$g.mtx" "$graphs/$g.ref" "$many" | tee -a "$checks" | grep -v '^ok'
done
if grep -q '^not ok' "$checks" || ! grep -q '^ok' "$checks"; then
    fail "checks failed: no rates are measured; see $checks"
fi

power() { nvidia-smi --query-gpu=power.draw --format=csv,noheader,nounits 2>/dev/null | head -n 1; }
idle=$(power)
run() { # a failing part is left out of the file, and named in it
    "$@" | tee -a "$rows" || echo "$*" >> "$work/failed.txt"
}
: > "$work/failed.txt"
for g in "${timed[@]}"; do
    echo "run.sh: timing $g"
    on_meter=0
    [ "$g" = p14-q ] && on_meter=$meter
    run "$bin" time "$graphs/$g.mtx" $seconds "$on_meter" "${chains[@]}"
done
echo "run.sh: one batch of $sweeps sweeps"
run "$bin" sweeps "$graphs/${timed[0]}.mtx" $sweeps 1
run "$bin" sweeps "$graphs/${timed[0]}.mtx" $sweeps 50
echo "run.sh: the sampling of a default MNIST training"
run "$bin" training "$graphs/mnist-shallow-q.mtx" $batches 1024 12 12
python=${PYTHON:-python3}
export PYTHONPATH=$build/bench/wheels${PYTHONPATH:+:$PYTHONPATH} PYTHONDONTWRITEBYTECODE=1
if "$python" -c 'import jax, thrml; jax.devices("gpu")' >/dev/null 2>&1; then
    echo "run.sh: thrml on the GPU"
    run "$python" bench/gpu/thrml_gpu.py "$graphs" "${timed[@]}"
    thrml='"measured"'
else
    thrml='"not measured: no jax that sees a GPU, or no thrml, on that machine"'
fi

name=$(printf '%s' "$device" | sed 's/,.*//; s/[^A-Za-z0-9]\{1,\}/-/g; s/-$//' | tr '[:upper:]' '[:lower:]')
out=${1:-docs/results/bench/gpu-$name.json}
# lines as a JSON list: strings, or objects as they are
list() {
    awk -v strings="$2" '
        strings { gsub(/["\\]/, " "); $0 = "\"" $0 "\"" }
        { printf "%s  %s", (NR > 1 ? ",\n" : ""), $0 }
        END { print "" }' "$1"
}
{
    printf '{\n "kind": "gpu",\n "machine": {"gpu": "%s", "cpu": "%s", "nvidia_smi": "%s", "idle_watts": %s},\n' "$device" \
        "$(sed -n 's/^model name[^:]*: *//p' /proc/cpuinfo | head -n 1)" \
        "$(nvidia-smi --query-gpu=name,driver_version,power.limit,clocks.max.sm --format=csv,noheader 2>/dev/null | head -n 1)" \
        "${idle:-null}"
    printf ' "date": "%s",\n "versions": {"glauber": "%s", "nvcc": "%s"},\n' "$(date +%F)" \
        "$(git rev-parse --short HEAD 2>/dev/null || cat REVISION 2>/dev/null || echo unknown)" \
        "$(command -v nvcc >/dev/null 2>&1 && nvcc --version | tail -n 1 || echo 'built beforehand')"
    printf ' "command": "bench/gpu/run.sh",\n "time": "wall clock of whole runs, median of three",\n "thrml": %s,\n' "$thrml"
    printf ' "checks": [\n%s\n ],\n' "$(list "$checks" 1)"
    printf ' "failed": [\n%s\n ],\n' "$(list "$work/failed.txt" 1)"
    printf ' "rows": [\n%s\n ]\n}\n' "$(list "$rows" 0)"
} > "$out.tmp"
mv "$out.tmp" "$out"
echo "run.sh: wrote $out"
