#!/bin/bash
# CPU samplers on the graphs of the comparison, one core, into docs/results/bench/cpu-*.json; FPGA clocks too.
# Usage: bench/compare/cpu.sh [SYSTEM...] (make bench builds what it needs). SPDX-License-Identifier: Apache-2.0
set -euo pipefail
cd "$(dirname "$0")/../.."
build=${BUILD:-build}
venv=${PEERS_VENV:-$build/peers-venv}
graphs=$build/bench/graphs.d
out=${OUT:-docs/results/bench}
export PYTHONDONTWRITEBYTECODE=1

[ $# -gt 0 ] || set -- glauber dwave-samplers openjij thrml
if ! [ -x "$venv/bin/python" ] || ! cmp -s bench/peers/requirements.txt "$venv/requirements.txt"; then
    echo "cpu.sh: installing the peers into $venv"
    python3 -m venv "$venv"
    "$venv/bin/pip" install -q -r bench/peers/requirements.txt
    cp bench/peers/requirements.txt "$venv/requirements.txt"
fi
mkdir -p "$graphs" "$out"
[ -e "$graphs/clocks.json" ] || "$build/bench/graphs" "$graphs" 8192
for system in "$@"; do
    echo "cpu.sh: $system"
    "$venv/bin/python" bench/compare/cpu.py "$system" "$graphs" "$out/cpu-$system.json" --emu "$build/bench/emu_gibbs"
done
cp "$graphs/clocks.json" "$out/fpga-clocks.json"
