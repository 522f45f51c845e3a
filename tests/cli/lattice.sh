#!/bin/bash
# Machines on lattices in the tool: couplings are those of `glauber graph`, devices, threads and a stop in between change no bit, labels are
# read, what cannot be is refused. SPDX-License-Identifier: Apache-2.0
. "$(dirname "$0")/lib.sh"
dir=$work
bars "$dir"

same_model() { # every weight, bias, mean and place: times and commands differ
    h5 "$1" >"$dir/one.json" && h5 "$2" >"$dir/two.json" && python3 -c "
import json, sys
one, two = ({k: v for k, v in json.load(open(f)).items() if '@' not in k} for f in sys.argv[1:])
sys.exit(one != two or len(one['master']['values']) < 500)" "$dir/one.json" "$dir/two.json"
}

cat >"$dir/couplings.py" <<'P'
import json, sys
model, graph = sys.argv[1:]
j = json.load(open(model))
edges = set()
for line in open(graph).read().split("\n"):
    if line and line[0] != "%":
        edges.add(frozenset(int(x) - 1 for x in line.split()[:2]))
place = j["qubit"]["values"]
used = {frozenset((place[a], place[b])) for a, b in zip(j["edge_i"]["values"], j["edge_j"]["values"])}
sys.exit(not (used <= edges and len(used) == j["@couplings"] and len(set(place)) == j["@pbits"]))
P

common=(--data "$dir" --array small --batch 64 --method contrast --shift 0 --warp 0)
for lattice in pegasus:m=4 zephyr:m=3,t=2 chimera:m=6; do
    name=${lattice%%:*}
    size=${lattice#*:}
    options=("${common[@]}" --topology "$lattice,placement=structured" --epochs 0.5)
    "$glauber" train "${options[@]}" -o "$dir/$name.h5" --threads 1 --json >"$dir/log" 2>&1
    expect "train on $lattice" json "$dir/log" "j['epochs'] == 0.5"
    h5 "$dir/$name.h5" >"$dir/model.json"
    expect "some pixels are shown, in a file of version 4" json "$dir/model.json" \
        "j['@version'] == 4 and len(j['pixel_of']['values']) == j['layer_pbits']['values'][0] and max(j['pixel_of']['values']) < 784"
    "$glauber" graph "$name" "$size" -o "$dir/$name.mtx" >"$dir/log" 2>&1
    expect "its couplings are those of glauber graph $name $size" python3 "$dir/couplings.py" "$dir/model.json" "$dir/$name.mtx"
    "$glauber" train "${options[@]}" -o "$dir/port.h5" --device emu-port >"$dir/log" 2>&1
    expect "the same model with other threads and on another device" same_model "$dir/$name.h5" "$dir/port.h5"
done

options=("${common[@]}" --topology pegasus:m=5,placement=structured --epochs 12)
"$glauber" train "${options[@]}" -o "$dir/whole.h5" >"$dir/log" 2>&1
"$glauber" train "${options[@]}" -o "$dir/part.h5" --save-every 0 >"$dir/log" 2>&1 &
for _ in $(seq 600); do
    [ -e "$dir/part.h5.checkpoint" ] && break
    sleep 0.02
done
kill -INT $!
wait $!
expect "a stopped training leaves its checkpoint" test -e "$dir/part.h5.checkpoint"
says 1 "other places are not resumed" "contradicts" "$glauber" train --data "$dir" --resume -o "$dir/part.h5" --topology pegasus:m=5,placement=structured,copies=4
says 1 "nor those of another seed" "contradicts" "$glauber" train --data "$dir" --resume -o "$dir/part.h5" --topology pegasus:m=5,placement=structured,seed=2
"$glauber" train --data "$dir" --resume -o "$dir/part.h5" --topology pegasus:m=5,placement=structured >"$dir/log" 2>&1
expect "stopped and resumed: the same model" same_model "$dir/whole.h5" "$dir/part.h5"
"$glauber" eval "$dir/whole.h5" --data "$dir" --array small --batch 64 --json >"$dir/log" 2>&1
# Chance: measured(0.99, 0.01, 0.9) | share of 200 images read right; of three seeds
expect "it reads more than 90 % of the labels" json "$dir/log" "j['accuracy'] > 0.9 and j['accuracy_free_energy'] is None"
"$glauber" eval "$dir/whole.h5" --data "$dir" --array small --batch 64 --device emu-port --json >"$dir/port" 2>&1
expect "and the same behind the byte protocol" test "$(tail -n 1 "$dir/log" | sed 's/.*"accuracy": \([^,]*\).*/\1/')" = \
    "$(tail -n 1 "$dir/port" | sed 's/.*"accuracy": \([^,]*\).*/\1/')"
says 1 "it does not draw" "trained to read, without a free-running phase" "$glauber" draw "$dir/whole.h5" --array small --columns 2 --sweeps 100 -o "$dir/x.png"
expect "its weights can be seen" "$glauber" draw "$dir/whole.h5" --columns 3 --weights -o "$dir/weights.png"

"$glauber" train --data "$dir" --topology pegasus:m=14,placement=strict --array ulx3s-85 --describe >"$dir/log" 2>&1
expect "each pixel once, on the array of a board" grep -q "pixels *784 p-bits" "$dir/log"
says 1 "too small for that" "choose a larger m" "$glauber" train "${common[@]}" --topology pegasus:m=5,placement=strict -o "$dir/x.h5"
finish
