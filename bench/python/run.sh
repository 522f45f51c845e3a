#!/bin/bash
# The cost of the Python layer, and the package beside dwave-samplers and OpenJij, in processor time; writes docs/results/python.md.
# Usage: bench/python/run.sh (after make python). SPDX-License-Identifier: Apache-2.0
set -euo pipefail
cd "$(dirname "$0")/../.."
build=${BUILD:-build}
venv=$build/bench-python-venv
if ! cmp -s bench/python/requirements.txt "$venv/requirements.txt"; then
    echo "run.sh: installing the peers into $venv"
    python3 -m venv "$venv"
    "$venv/bin/pip" install -q -r bench/python/requirements.txt
    cp bench/python/requirements.txt "$venv/requirements.txt"
fi
# one thread each, so that processor time is that of the work
PYTHONPATH=$build/python PYTHONDONTWRITEBYTECODE=1 OMP_NUM_THREADS=1 "$venv/bin/python" bench/python/measure.py >"$build/python.md"
mv "$build/python.md" docs/results/python.md
echo "run.sh: wrote docs/results/python.md"
