#!/bin/bash
# Rates of the emulator, dwave-samplers and thrml on the same graphs and the same machine; writes docs/results/peers.md.
# Usage: bench/peers/run.sh (after make). SPDX-License-Identifier: Apache-2.0
set -euo pipefail
cd "$(dirname "$0")/../.."
build=${BUILD:-build}
venv=$build/peers-venv
work=$build/peers
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

"$build/glauber" graph pegasus m=14,weights=pm1 --seed 1 -o "$work/p14.mtx"
"$build/glauber" graph regular n=2048,d=41,weights=pm1 --seed 1 -o "$work/regular41.mtx"

# chains and sweeps: about a second a run
for graph in p14 regular41; do
    for setting in 1:2000 16:500 512:50; do
        chains=${setting%:*} sweeps=${setting#*:}
        for threads in 1 0; do
            for peer in dwave_sa thrml_gibbs; do
                "$venv/bin/python" bench/peers/$peer.py "$work/$graph.mtx" --chains "$chains" \
                    --sweeps "$sweeps" --threads $threads | tee -a "$lines"
            done
        done
    done
done
