#!/bin/bash
# The wheel in an environment of its own for each Python from 3.10 that is at hand (PYTHONS), with the packages that pip finds for it.
# Usage: versions.sh, after `make wheel test-python`; needs a network. SPDX-License-Identifier: Apache-2.0
set -u
cd "$(dirname "$0")/../.." || exit 1
build=${BUILD:-build}
wheel=$(ls "$PWD/$build"/dist/*.whl) || exit 1
bad=0
for python in ${PYTHONS:-python3.10 python3.11 python3.12 python3.13 python3.14}; do
    command -v "$python" >/dev/null 2>&1 || continue
    folder=$build/versions/$("$python" -c 'import platform; print(platform.python_version())')
    [ -x "$folder/bin/python" ] || "$python" -m venv "$folder" || exit 1
    "$folder/bin/pip" install -q --force-reinstall --no-deps "$wheel" &&
        "$folder/bin/pip" install -q "${wheel}[dimod,graphs,learn]" pytest h5py &&
        GLAUBER=$PWD/$build/glauber PYTHONDONTWRITEBYTECODE=1 "$folder/bin/python" -m pytest -q --no-header -p no:cacheprovider \
            tests/python/test_{graph,runs,sampler,dimod,boltzmann,faults,thrml}.py >"$folder/log" 2>&1
    status=$?
    [ $status = 0 ] && echo "ok - $("$folder/bin/python" -V)" || { echo "not ok - $folder/log"; bad=1; }
done
exit $bad
