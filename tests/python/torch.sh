#!/bin/bash
# The tests of glauber.torch, in an environment of their own, .venv-torch: PyTorch for CPUs is 200 MB, that of PyPI brings CUDA and takes
# 6 GB. Usage: torch.sh, after `make python`. TORCH_INDEX: the index where pip finds torch, see PyTorch's page on its installation; `default`:
# pip's own. Without it, or where torch cannot be had, the line says so.
# SPDX-License-Identifier: Apache-2.0
cd "$(dirname "$0")/../.." || exit 1
build=${BUILD:-build}
venv=.venv-torch
index=${TORCH_INDEX:-}
version=$(cat tests/python/torch-version)
if ! cmp -s tests/python/torch-version "$venv/version"; then
    if [ -z "$index" ]; then
        echo "not ok - tests/python/test_torch.py # SKIP no torch $version here; TORCH_INDEX=ADDRESS is the index of PyTorch for CPUs, TORCH_INDEX=default pip's own, with CUDA"
        exit 0
    fi
    options=(--index-url "$index")
    [ "$index" != default ] || options=()
    python3 -m venv "$venv" || exit 1
    if ! "$venv/bin/pip" install -q --retries 1 "${options[@]}" "torch==$version" >"$build/torch.log" 2>&1 ||
        ! "$venv/bin/pip" install -q $(grep -iE '^(cffi|networkx|numpy|pytest)==' tests/python/requirements.txt) >>"$build/torch.log" 2>&1; then
        tail -n 2 "$build/torch.log" | sed 's/^/# /'
        echo "not ok - tests/python/test_torch.py # SKIP torch $version cannot be had from $index; TORCH_INDEX names another index"
        exit 0
    fi
    cp tests/python/torch-version "$venv/version"
fi
export PYTHONPATH=$build/python PYTHONDONTWRITEBYTECODE=1
exec "$venv/bin/python" -m pytest -q --no-header -p no:cacheprovider tests/python/test_torch.py
