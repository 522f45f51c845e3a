#!/bin/bash
# The report of place and route: docs/results/ecp5.json and the table in docs/results/ecp5.md, from the row.json files under
# docs/results/ecp5/ (one a run of bit.sh) and from what the compiled graphs take on each array.
# Usage: report.sh GLAUBER ROW.json... (rows to add; without any: the report anew). SPDX-License-Identifier: Apache-2.0
set -eu
cd "$(dirname "$0")/.."
glauber=$1
shift
rows=docs/results/ecp5
mkdir -p "$rows"
for f in "$@"; do
    [ -s "$f" ] || { echo "report.sh: $f: no such row; make bit writes row.json" >&2; exit 1; }
    name=$(sed 's/.*"board": "\([^"]*\)".*"array": "\([^"]*\)".*"seed": \([0-9]*\).*/\1-\2-\3/' "$f")
    cp "$f" "$rows/$name.json"
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# value KEY < JSON: the value of a key of a flat object
value() { sed -n "s/.*\"$1\": \"\{0,1\}\([^,\"}]*\).*/\1/p" | tail -n 1; }

graphs="p14 mnist-shallow mnist-m2"
"$glauber" graph pegasus m=14 -o "$work/p14.mtx" >"$work/log"
"$glauber" graph mnist-shallow -o "$work/mnist-shallow.mtx" >>"$work/log"
"$glauber" graph mnist-m2 -o "$work/mnist-m2.mtx" >>"$work/log"
arrays=$(cat "$rows"/*.json | sed 's/.*"array": "\([^"]*\)".*/\1/' | sort -u)
for a in $arrays; do
    for g in $graphs; do
        # a graph that an array cannot hold has no figure
        "$glauber" compile "$work/$g.mtx" --array "$a" --effort 2 --json >"$work/out" 2>>"$work/log" || continue
        printf '%s %s %s %s %s\n' "$a" "$g" "$(value flips_per_cycle <"$work/out")" "$(value clocks <"$work/out")" \
            "$(value couplings <"$work/out")" >>"$work/graphs"
    done
done
touch "$work/graphs"

cat "$rows"/*.json | sort >"$work/rows"
awk -v graphs="$work/graphs" -f fpga/report.awk "$work/rows" >"$work/report"
sed -n '/^\[/,/^\]/p' "$work/report" >docs/results/ecp5.json.new
mv docs/results/ecp5.json.new docs/results/ecp5.json
{
    sed '/^<!-- table -->$/q' docs/results/ecp5.md
    echo
    awk 'seen; /^\]/ { seen = 1 }' "$work/report" | sed 1d
    echo
    sed -n '/^<!-- end -->$/,$p' docs/results/ecp5.md
} >docs/results/ecp5.md.new
mv docs/results/ecp5.md.new docs/results/ecp5.md
sed -n '/^|/p' "$work/report"
