#!/bin/bash
# Log-likelihood, AATS and Frechet distance of a drawing machine. Usage: run.sh [MODEL] [OPTIONS OF run.py], after `make python` and `make data`.
# SPDX-License-Identifier: Apache-2.0
set -euo pipefail
cd "$(dirname "$0")/../.."
PYTHONPATH=${BUILD:-build}/python PYTHONDONTWRITEBYTECODE=1 exec .venv-python/bin/python bench/measures/run.py "$@"
