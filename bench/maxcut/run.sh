#!/bin/bash
# Max-cut and 3D +-J: the emulator against dwave-samplers with the same schedule, chains and number of p-bit updates; writes
# docs/results/maxcut.md. Usage: bench/maxcut/run.sh (after make and bench/peers/run.sh). SPDX-License-Identifier: Apache-2.0
set -euo pipefail
cd "$(dirname "$0")/../.."
build=${BUILD:-build}
python=$build/peers-venv/bin/python
work=$build/maxcut
chains=64
seeds=5
steps=250 # of the schedule: beta rises linearly from 0.1 to 3
export PYTHONDONTWRITEBYTECODE=1

[ -x "$build/glauber" ] || { echo "run.sh: no $build/glauber; run make first" >&2; exit 1; }
[ -x "$python" ] || { echo "run.sh: no $python; run bench/peers/run.sh first" >&2; exit 1; }
mkdir -p "$work" docs/results
lines=$work/lines.json
: > "$lines"

for name in 1 22 43; do
    "$build/glauber" graph gset "name=$name" -o "$work/G$name.mtx"
done
for side in 10 12; do
    "$build/glauber" graph rudy "kind=spinglass3pm,rows=$side,density=50,seed=1" -o "$work/torus3d-$side.mtx"
done

for sweeps in 500 2500; do
    schedule=$work/schedule-$sweeps.txt
    awk -v n=$steps -v s=$((sweeps / steps)) \
        'BEGIN { for (k = 0; k < n; k++) printf "%.6f %d\n", 0.1 + 2.9 * k / (n - 1), s }' > "$schedule"
    for graph in G1 G22 G43 torus3d-10 torus3d-12; do
        file=$work/$graph.mtx
        for seed in $(seq $seeds); do
            "$build/glauber" anneal "$file" --convention maxcut --device emu --array ulx3s-85 \
                --schedule "$schedule" --interval $sweeps --chains $chains --seed "$seed" --json 2> "$work/report.txt" | tail -n 1 |
                sed "s/^{/{\"system\": \"glauber emu\", \"graph\": \"$graph\", /; s/\"magnetization\":[^]]*\], *//" |
                tee -a "$lines"
        done
        for acceptance in Gibbs Metropolis; do
            "$python" bench/maxcut/dwave_anneal.py "$file" --schedule "$schedule" --chains $chains --seeds $seeds \
                --acceptance $acceptance | sed "s/^{/{\"sweeps\": $sweeps, /" | tee -a "$lines"
        done
    done
done
awk -f bench/maxcut/table.awk -v chains=$chains -v seeds=$seeds "$lines" > docs/results/maxcut.md.tmp
mv docs/results/maxcut.md.tmp docs/results/maxcut.md
