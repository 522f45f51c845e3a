#!/bin/bash
# The comparison's report from made-up results: FPGA rates are clocks x MHz, cells without a measurement say why, and rows
# that no GPU made are refused. SPDX-License-Identifier: Apache-2.0
set -u
work=${BUILD:-build}/tests/report
status=0
export PYTHONDONTWRITEBYTECODE=1
rm -rf "$work"
mkdir -p "$work/bench"

check() { # check NAME COMMAND...
    local name=$1
    shift
    if "$@" > "$work/log" 2>&1; then
        echo "ok - report: $name"
    else
        sed 's/^/# /' "$work/log"
        echo "not ok - report: $name"
        status=1
    fi
}
report() { python3 bench/compare/report.py "$work"; }
refused() { ! report; }
has() { grep -q -- "$1" "$work/comparison.md"; }

echo '[{"graph": "p14-q", "pbits": 4000, "couplings": 1, "array": "ulx3s-85", "chains": 16, "clocks_per_sweep": 1000}]' \
    > "$work/bench/fpga-clocks.json"
cat > "$work/bench/cpu-thrml.json" <<'JSON'
{"kind": "cpu", "system": "thrml", "machine": {"cpu": "X", "cores": 2, "shared": true, "load_average": 3},
 "time": "processor time", "date": "2026-01-01", "versions": {"thrml": "1"}, "checks": [],
 "rows": [{"system": "thrml", "graph": "p14-q", "pbits": 4000, "chains": 1, "sweeps": 10, "flips_per_ns": 0.04,
           "seconds_per_sweep": 0.0001}]}
JSON
echo '{"row": "default-1", "epochs": 10, "pbits": 2000, "processor_seconds": 33, "device_array": "ulx3s-85", "device_mhz": 50, "device_seconds": 24}' \
    > "$work/training.json"
check "without GPU and routing" report
check "GPU cells say why they are empty" has 'no GPU | no GPU'
echo '{"rows": [{"board": "x", "array": "ulx3s-85", "device": "85F", "speed": 6, "fmax_mhz": 100, "seed": 1, "lut4": 60000, "ff": 57000, "ebr": 201}]}' \
    > "$work/ecp5.json"
check "with routing" report
check "16 chains: 4,000 x 16 / 1,000 x 100 MHz = 6.4 updates per ns" has '| 16 | .* 6.4 |'
check "50 chains take four jobs of 16, so they get 50/64 of it" has '| 50 | .* 5 |'
check "10^5 sweeps of one chain: 1 s, 300 times less than 5 minutes" has 'fpga x | 1 s .* | 300 |'
echo '[{"training": "x", "steps": 100, "device_sums": 1, "step_array_clocks": 12000000},
 {"board": "x", "speed": "high", "array_mhz": 50, "training_s": 30}]' > "$work/usb.json"
check "with USB" report
check "training: 100 x 12,000,000 clocks at 100 MHz are 12 s" has 'fpga x, 85F speed 6, one board | 12 s |'
check "training over USB" has 'x at 50 MHz, high speed | 30 s |'
check "the plot" test -s "$work/bench/flips-p14-q.png"
sed -e 's/"kind": "cpu"/"kind": "gpu"/' -e 's/"system": "thrml", "graph"/"real_gpu": false, "system": "gpu batch", "graph"/' \
    "$work/bench/cpu-thrml.json" > "$work/bench/gpu-x.json"
check "rows that no GPU made are refused" refused
exit $status
