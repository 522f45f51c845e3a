#!/bin/bash
# Time to solution of glauber anneal and dwave-samplers' simulated annealing, in processor time of one thread: a quarter of an hour of one core;
# writes docs/results/tts.json and tts.md. Usage: bench/tts/run.sh [OPTIONS OF measure.py] (after make python). SPDX-License-Identifier: Apache-2.0
set -euo pipefail
cd "$(dirname "$0")/../.."
build=${BUILD:-build}
venv=$build/tts-venv
if ! cmp -s bench/tts/requirements.txt "$venv/requirements.txt"; then
    echo "run.sh: installing dwave-samplers into $venv"
    python3 -m venv "$venv"
    "$venv/bin/pip" install -q -r bench/tts/requirements.txt
    cp bench/tts/requirements.txt "$venv/requirements.txt"
fi
export PYTHONPATH=$build/python PYTHONDONTWRITEBYTECODE=1 OMP_NUM_THREADS=1
nice "$venv/bin/python" bench/tts/measure.py "$@" >"$build/tts.json"
mv "$build/tts.json" docs/results/tts.json
python3 bench/tts/report.py docs/results/tts.json >"$build/tts.md"
mv "$build/tts.md" docs/results/tts.md
echo "run.sh: wrote docs/results/tts.md"
