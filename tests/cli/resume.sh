#!/bin/bash
# A resumed training is the one that was begun: options that are equal to the checkpoint's are accepted, others refused by name, and so
# are other images. SPDX-License-Identifier: Apache-2.0
. "$(dirname "$0")/lib.sh"
cd "$work" || exit 1
mkdir data other
bars data
bars other 2

# checkpoint NAME OPTIONS...: a training that is stopped after some batches, which leaves NAME.checkpoint
checkpoint() {
    local name=$1 pid
    shift
    "$glauber" train --data data --save-every 0 --epochs 200 --threads 1 -o "$name.h5" "$@" >log 2>&1 &
    pid=$!
    for _ in $(seq 1000); do
        [ -e "$name.h5.checkpoint" ] && break
        sleep 0.02
    done
    kill -INT $pid 2>/dev/null
    wait $pid
    [ -e "$name.h5.checkpoint" ] || { cat log && not_ok "a checkpoint"; }
}
# continues NAME OPTIONS...: --resume gets as far as to train on
continues() {
    cp "$1.h5.checkpoint" try.checkpoint
    timeout -s INT 60 "$glauber" train --resume --data data --checkpoint try.checkpoint -o try.h5 --describe "${@:2}" >log 2>&1 || {
        cat log
        return 1
    }
}
refused() { # refused OPTION OPTIONS...: named as the one that contradicts
    says 1 "refused: $*" "$1" "$glauber" train --resume --data data --checkpoint first.h5.checkpoint -o try.h5 "${@:2}"
}

begun=(--array small --topology local:hidden=80,fan=20 --batch 120 --shift 0 --rate 0.02 --seed 3 --binarise threshold=100 --images 1270)
checkpoint first "${begun[@]}"
sum=$(sha256sum first.h5.checkpoint)
expect "without its options" continues first
expect "with all of them" continues first "${begun[@]}" --epochs 200
expect "with the topology spelt out" continues first --topology local:hidden=80,fan=20,window=9
expect "with other threads" continues first --threads 2
checkpoint behind --array small --topology local:hidden=20,fan=12,window=5 --batch 64 --first 640 --images 640
expect "images from the middle of the set" continues behind
says 1 "refused: others than those" "--first 0 contradicts the checkpoint, which was begun with 640" "$glauber" train --resume --data data \
    --checkpoint behind.h5.checkpoint -o try.h5 --first 0
refused "--epochs 100 contradicts the checkpoint, which was begun with 200" --epochs 100
expect "more epochs" continues first --epochs 400
expect "and among all options" continues first "${begun[@]}" --epochs 300.5
refused "--rate 0.5 contradicts the checkpoint, which was begun with 0.02" --rate 0.5
refused "--seed 99" --seed 99
refused "--batch 256" --batch 256
refused "--images 1280" --images 1280
refused "--first 10" --first 10
refused "--shift 1" --shift 1
refused "--bits 4" --bits 4
refused "--topology deep contradicts" --topology deep
refused "--topology local:hidden=81,fan=20 contradicts" --topology local:hidden=81,fan=20
refused "--array 25f contradicts the checkpoint, which was begun with small" --array 25f
refused "--binarise threshold=101 contradicts" --binarise threshold=101
refused "--method drawing contradicts" --method drawing
refused "--method pcd contradicts" --method pcd --epochs 200 "${begun[@]}"
says 1 "refused: other images" "--data other: these are not the images" "$glauber" train --resume --data other \
    --checkpoint first.h5.checkpoint -o try.h5
# the same images in another order have the same means
mkdir turned
python3 - <<'P'
for part in ("train", "t10k"):
    for kind, head, size in (("images-idx3", 16, 784), ("labels-idx1", 8, 1)):
        data = open(f"data/{part}-{kind}-ubyte", "rb").read()
        rows = [data[k : k + size] for k in range(head, len(data), size)]
        first = 1270 if part == "train" else len(rows)
        open(f"turned/{part}-{kind}-ubyte", "wb").write(data[:head] + b"".join(rows[:first][::-1] + rows[first:]))
P
says 1 "refused: the same images in another order" "in another order; give those" "$glauber" train --resume --data turned \
    --checkpoint first.h5.checkpoint -o try.h5
sed 's/data_hash/data_hush/' first.h5.checkpoint >old.checkpoint
timeout -s INT 60 "$glauber" train --resume --data data --checkpoint old.checkpoint -o try.h5 --describe >log 2>warned
expect "a checkpoint of an older version is continued with a warning" grep -q 'warning: old.checkpoint: of an older version, without a hash' warned
says 1 "nothing to resume" "there is nothing to resume" "$glauber" train --resume --data data -o none.h5
"$glauber" train --data data --array small --topology local:hidden=20,fan=12,window=5 --batch 64 --epochs 0.1 -o done.h5 >log 2>&1
says 1 "a finished model" "cannot be resumed" "$glauber" train --resume --data data --checkpoint done.h5 -o try.h5
expect "the checkpoint is untouched" test "$(sha256sum first.h5.checkpoint)" = "$sum"

# interrupted FILE OPTIONS...: a training that writes FILE after each batch and is stopped after that and SLEEP seconds
interrupted() {
    local file=$1 before pid
    before=$(stat -c %i "$file" 2>/dev/null)
    "$glauber" train --data data --save-every 0 --threads 1 "${@:2}" >log 2>&1 &
    pid=$!
    for _ in $(seq 1000); do
        [ "$(stat -c %i "$file" 2>/dev/null)" = "$before" ] || break
        sleep 0.02
    done
    sleep "$SLEEP"
    kill -INT $pid
    wait $pid
}
long=(--array small --topology local:hidden=20,fan=12,window=5 --batch 64 --epochs 20000 -o long.h5)
SLEEP=1 interrupted long.h5.checkpoint "${long[@]}"
h5 long.h5.checkpoint >1.json
start=$EPOCHREALTIME
SLEEP=0 interrupted long.h5.checkpoint --resume -o long.h5
end=$EPOCHREALTIME
h5 long.h5.checkpoint >2.json
expect "the seconds and updates of a resumed training are those of all its parts" python3 -c "
import json
first, all = (json.load(open(f)) for f in ('1.json', '2.json'))
assert 0.7 < first['@seconds'] < all['@seconds'] < first['@seconds'] + $end - $start, (first['@seconds'], all['@seconds'])
assert first['@flips'] < all['@flips'] and first['@epochs'] < all['@epochs']"

drawn=(--array small --topology local:hidden=40,fan=12 --method drawing --batch 64)
checkpoint drawing "${drawn[@]}"
expect "the method with its options" continues drawing "${drawn[@]}" --epochs 200
expect "and without them" continues drawing
says 1 "a method whose other options the checkpoint does not have" "begun with --epochs 200" "$glauber" train --resume --data data \
    --checkpoint drawing.h5.checkpoint -o try.h5 --method drawing

expect "more epochs than those of the method" continues drawing "${drawn[@]}" --epochs 300

# a complete training whose checkpoint was kept goes on; the longer one's rate and average are of its own length
brief=(--array small --topology local:hidden=20,fan=12,window=5 --batch 64)
train() { "$glauber" train --data data --threads 1 "$@" >log 2>&1; }
train "${brief[@]}" --epochs 2 --keep-checkpoint -o kept.h5
expect "--keep-checkpoint says so" grep -q '^kept.h5.checkpoint: kept; .*--epochs N' log
cp kept.h5 two.h5
train --resume -o kept.h5 --epochs 3 --keep-checkpoint
expect "it goes on to more epochs" grep -q '^continues at batch 40 of 60' log
h5 kept.h5 >kept.json && h5 two.h5 >two.json
expect "the model has them, and the command that asked for them" python3 -c "
import json
a, b = (json.load(open(f)) for f in ('two.json', 'kept.json'))
assert (a['@epochs'], b['@epochs']) == (2, 3) and a['weight'] != b['weight'] and b['@flips'] == a['@flips'] * 3 // 2, (a['@epochs'], b['@epochs'])
assert b['@command'] == a['@command'] + '; --resume --epochs 3', b['@command']"
h5 kept.h5.checkpoint >kept.json
expect "and the average of the last fifth of all" json kept.json "j['trainer@averaged'] == 12 and j['trainer@epochs'] == 3"
train --resume -o kept.h5 --save-every 0
expect "nothing is left to do" grep -q '^continues at batch 60 of 60' log
expect "and the checkpoint goes away with a word" eval '[ ! -e kept.h5.checkpoint ] && grep -q "^kept.h5.checkpoint: removed, since the training is complete" log'

read=(--array small --topology local:hidden=40,fan=12 --method contrast --batch 64 --read 3)
checkpoint read "${read[@]}"
expect "contrast with its options" continues read "${read[@]}" --epochs 200
expect "and without them" continues read
says 1 "other sweeps of reading" "--read 4 contradicts the checkpoint, which was begun with 3" "$glauber" train --resume --data data \
    --checkpoint read.h5.checkpoint -o try.h5 --read 4
says 1 "another method with the same epochs" "--method conditional contradicts" "$glauber" train --resume --data data \
    --checkpoint read.h5.checkpoint -o try.h5 --method conditional --epochs 200

cp first.h5.checkpoint again.h5.checkpoint
says 1 "a checkpoint that a new training would replace" "continue it with --resume, remove it" "$glauber" train --data data --array small \
    --topology local:hidden=20,fan=12,window=5 --batch 64 --epochs 0.1 -o again.h5
expect "it stays as it was" cmp first.h5.checkpoint again.h5.checkpoint
finish
