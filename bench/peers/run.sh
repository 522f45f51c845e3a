#!/bin/bash
# Rates of the emulator, dwave-samplers and thrml on the same graphs and the same machine; writes docs/results/peers.md.
# Usage: bench/peers/run.sh (after make). SPDX-License-Identifier: Apache-2.0
set -euo pipefail
cd "$(dirname "$0")/../.."
build=${BUILD:-build}
venv=$build/peers-venv
work=$build/peers
load=$(cut -d ' ' -f 1 /proc/loadavg) # of others; high: no rates of all cores in the table
out=docs/results/peers.md
export PYTHONDONTWRITEBYTECODE=1

[ -x "$build/glauber" ] || { echo "run.sh: no $build/glauber; run make first" >&2; exit 1; }
if ! [ -x "$venv/bin/python" ] || ! cmp -s bench/peers/requirements.txt "$venv/requirements.txt"; then
    echo "run.sh: installing the peers into $venv"
    python3 -m venv "$venv"
    "$venv/bin/pip" install -q -r bench/peers/requirements.txt
    cp bench/peers/requirements.txt "$venv/requirements.txt"
fi
mkdir -p "$work" docs/results
lines=$work/lines.json
: > "$lines"

echo "run.sh: correctness of the peers against enumeration"
"$venv/bin/python" bench/peers/dwave_sa.py --check | tee "$work/check.txt"
"$venv/bin/python" bench/peers/thrml_gibbs.py --check | tee -a "$work/check.txt"

make -s BUILD="$build" "$build/bench/emu_gibbs"

"$build/glauber" graph pegasus m=14 --seed 1 -o "$work/pegasus14.mtx"
"$build/glauber" graph regular n=2048,d=41 --seed 1 -o "$work/regular41.mtx"

# chains:sweeps, about a second a run for the peers
for graph in pegasus14:ulx3s-85 regular41:big; do
    file=$work/${graph%:*}.mtx array=${graph#*:}
    for setting in 1:2000 16:500 512:50; do
        chains=${setting%:*} sweeps=${setting#*:}
        for threads in 1 0; do
            pin=()
            [ $threads = 0 ] || pin=(taskset -c 0)
            "${pin[@]}" "$build/bench/emu_gibbs" "$file" "$array" "$chains" "$sweeps" 1 $threads 3 | tee -a "$lines"
            for peer in dwave_sa thrml_gibbs; do
                "${pin[@]}" "$venv/bin/python" bench/peers/$peer.py "$file" --chains "$chains" --sweeps "$sweeps" \
                    --beta 1 --threads $threads | tee -a "$lines"
            done
        done
    done
done
awk -f bench/peers/table.awk -v cpu="$(sed -n 's/^model name[^:]*: *//p' /proc/cpuinfo | head -n 1)" \
    -v cores_here="$(nproc)" -v load="$load" -v checks="$work/check.txt" "$lines" > $out.tmp
mv $out.tmp $out
echo "run.sh: wrote $out"
