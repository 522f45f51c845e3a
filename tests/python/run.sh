#!/bin/bash
# The Python package with pytest, a TAP line a test (conftest.py). Usage: run.sh [TESTS OR ARGUMENTS OF PYTEST], by default all; needs
# `make python`.
# SPDX-License-Identifier: Apache-2.0
cd "$(dirname "$0")/../.." || exit 1
build=${BUILD:-build}
export PYTHONPATH=$build/python PYTHONDONTWRITEBYTECODE=1
export GLAUBER=${GLAUBER:-$PWD/$build/glauber}
exec .venv-python/bin/python -m pytest -q --no-header "${@:-tests/python}"
