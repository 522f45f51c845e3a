#!/bin/bash
# Images of any size, number of classes and form: what is read from them is the same; glauber predict is eval without labels.
# SPDX-License-Identifier: Apache-2.0
. "$(dirname "$0")/lib.sh"
here=$(cd "$(dirname "$0")" && pwd)
cd "$work" || exit 1
images() { python3 -B "$here/checks/images.py" "$@"; }
mkdir idx gz dot
python3 "$tree/tests/support/bars.py" idx 1 640 60 12 4
cp idx/* gz && gzip gz/*
for file in idx/*; do cp "$file" "dot/$(basename "${file/-idx/.idx}")"; done
train=(train --array small --topology local:hidden=40,fan=12,window=7 --batch 64 --epochs 4 --shift 0 --warp 0)
"$glauber" "${train[@]}" --data idx -o idx.h5 >log 2>&1
h5 idx.h5 >idx.json

# same SOURCE NAME: a training on it gives the same machine
same() {
    "$glauber" "${train[@]}" --data "$1" -o x.h5 >log 2>&1 || { cat log && return 1; }
    h5 x.h5 >x.json
    python3 -c "
import json
a, b = (json.load(open(f)) for f in ('idx.json', 'x.json'))
assert a['weight'] == b['weight'] and a['bias'] == b['bias'] and a['mu'] == b['mu'] and len(set(a['weight']['values'])) > 5"
}
expect "gzip-compressed IDX files" same gz
expect "IDX files with a dot before idx" same dot
expect "a compressed one and another" same gz/train-images-idx3-ubyte.gz,idx/train-labels-idx1-ubyte
for kind in bytes shorts unit sixteen flat; do
    images npy idx train "npy-$kind" $kind && images npy idx t10k "npy-$kind" $kind
    expect "NumPy arrays: $kind" same "npy-$kind"
done
gzip -c npy-bytes/train-images.npy >packed
expect "a compressed NumPy array, by its content" same packed,npy-bytes/train-labels.npy

for kind in grey rgb alpha bits; do
    images png idx t10k "png-$kind/test" $kind
    cp -r "png-$kind/test" "flat-$kind"
    mkdir "png-$kind/train" && for class in a b c d; do mkdir -p "png-$kind/train/$class"; done
    "$glauber" eval idx.h5 --data "png-$kind" --json >png.log 2>&1
    "$glauber" eval idx.h5 --data idx --json >idx.log 2>&1
    # in another order, so with other noise
    # Chance: outside(60, 0.02, 0, 12) | images read otherwise; measured: none
    expect "pictures in folders: $kind" python3 -c "
import json
a, b = (json.loads(open(f).read().strip().split('\n')[-1]) for f in ('png.log', 'idx.log'))
assert a['images'] == b['images'] == 60 and abs(a['accuracy'] - b['accuracy']) < 0.2 and b['accuracy'] > 0.8, (a, b)"
done
rm -r png-grey/test/b
expect "a part may lack a class" eval '"$glauber" eval idx.h5 --data png-grey | grep -q "^   1           0     0     0     0   0.00 %"'
"$glauber" train --data flat-rgb --array small --topology local:hidden=40,fan=12,window=7 --batch 64 --epochs 2 -o flat.h5 >log 2>&1
expect "a folder of classes alone is a training set" grep -q '^60 images, 2 epochs' log

for set in "8 3 8x8" "32 16 32x32" "28 26 letters"; do
    read -r side classes name <<<"$set"
    mkdir "$name"
    python3 - "$name" "$side" "$classes" <<'P'
import struct, sys
folder, side, classes = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
for part in ("train", "t10k"):
    count = 20 * classes
    labels = bytes(k % classes for k in range(count))
    rows = lambda k: [bytes(255 if (y * side + x) * classes // side**2 == k else 0 for x in range(side)) for y in range(side)]
    data = b"".join(b"".join(rows(k)) for k in labels)
    open(f"{folder}/{part}-images-idx3-ubyte", "wb").write(struct.pack(">IIII", 0x803, count, side, side) + data)
    open(f"{folder}/{part}-labels-idx1-ubyte", "wb").write(struct.pack(">II", 0x801, count) + labels)
P
    "$glauber" train --data "$name" --topology local:hidden=60,fan=16,window=5 --batch 64 --epochs 40 --shift 0 --warp 0 -o "$name.h5" >log 2>&1
    "$glauber" eval "$name.h5" --data "$name" --json >eval.log 2>&1
    expect "$name: trained and read" json eval.log "j['accuracy'] > 0.9 and j['images'] == 20 * $classes"
done

"$glauber" eval idx.h5 --data idx --array small --batch 64 --json >eval.log 2>&1
predict() { "$glauber" predict idx.h5 "$@"; }
predict idx/t10k-images-idx3-ubyte --array small --batch 64 --picture seen.png --json >predict.log 2>&1
expect "predict reads as eval does, and prints the likeliest classes" images judged eval.log predict.log idx t10k
expect "--picture: the pixels of one bit" images seen idx t10k 32 3 seen.png
predict idx/t10k-images-idx3-ubyte --array small --batch 64 --picture wide.png --scale 5 >log 2>&1
expect "--scale" images seen idx t10k 32 5 wide.png
# other OPTION...: another reading of the same images
reading() { predict npy-flat/t10k-images.npy --array small "$@" --json 2>/dev/null | tail -1; }
reading >base.log
for options in "--threads 2" "--device emu-port"; do
    reading $options >x.log
    expect "the same probabilities with $options" python3 -c "
import json
a, b = (json.loads(open(f).read()) for f in ('base.log', 'x.log'))
assert a['probabilities'] == b['probabilities'] and a['labels'] == b['labels']"
done
for options in "--seed 2" "--sweeps 100" "--chains 2" "--burn-in 20" "--beta 0.5" "--batch 64"; do
    reading $options >x.log
    expect "others with $options" python3 -c "
import json
a, b = (json.loads(open(f).read()) for f in ('base.log', 'x.log'))
assert a['probabilities'] != b['probabilities']"
done
images one idx t10k 5 one.png && images one idx t10k 5 large.png 3 && images one idx t10k 5 dark.png 1 invert
predict one.png >one.log
expect "a picture has one line" grep -qx 'one.png: [0-3] (0\.[0-9]*\(), [0-3] (0\.[0-9]*\)*)' one.log
expect "--resize: pixels three times as wide are the same image" diff <(sed 's/one/x/' one.log) <(predict large.png --resize | sed 's/large/x/')
images odd odd.png && predict odd.png --resize --picture seen.png >log
expect "each side by its own factor" images shrunk 12 seen.png
expect "--invert: so is its negative" diff <(sed 's/one/x/' one.log) <(predict dark.png --invert | sed 's/dark/x/')
says 1 "another size" "large.png: 36 x 36 pixels (height x width) for a model of 12 x 12; give images of its size, or --resize" predict large.png
says 2 "no image" "MODEL IMAGE... is missing" predict
says 1 "labels for images" "these are labels, give images" predict idx/t10k-labels-idx1-ubyte
says 1 "a picture onto an image" "is also read" predict one.png --picture one.png
says 1 "a picture onto the model" "is also read" predict one.png --picture idx.h5
long=("$glauber" predict idx.h5 idx/train-images-idx3-ubyte --sweeps 65535 --chains 1)
for number in 1 3; do expect "--threads $number are so many" has_threads $number "${long[@]}" --threads $number; done
finish
