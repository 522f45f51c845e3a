#!/bin/bash
# glauber train, eval and draw on a small made-up data set: learning, threads, Ctrl-C and resume, messages.
# SPDX-License-Identifier: Apache-2.0
. "$(dirname "$0")/lib.sh"
dir=$work
here=$(cd "$(dirname "$0")" && pwd)

check() { # check NAME STATUS
    if [ "$2" = 0 ]; then ok "$1"; else not_ok "$1"; fi
}
bars "$dir"

value() { # value KEY: of the JSON object in the last line of $dir/log
    tail -n 1 "$dir/log" | sed -n "s/.*\"$1\": *\"\{0,1\}\([^\",}]*\).*/\1/p"
}
same_model() { # every weight, bias and mean: times and commands differ
    h5 "$1" >"$dir/one.json" && h5 "$2" >"$dir/two.json" && python3 -c "
import json, sys
one, two = ({k: v for k, v in json.load(open(f)).items() if '@' not in k} for f in sys.argv[1:])
sys.exit(one != two or len(one['master']['values']) < 1000)" "$dir/one.json" "$dir/two.json"
}

# stop NAME: Ctrl-C for the training that was started last, once it has written NAME's checkpoint
stop() {
    for _ in $(seq 600); do
        [ -e "$dir/$1.h5.checkpoint" ] && break
        sleep 0.02
    done
    kill -INT $!
    wait $!
}

common=(--data "$dir" --array small --batch 64)
options=("${common[@]}" --topology local:hidden=80,fan=20 --shift 0)
"$glauber" train "${options[@]}" --epochs 12 -o "$dir/whole.h5" --json >"$dir/log" 2>&1
check "train runs" $?
check "no bar and no control characters in a pipe" "$(grep -c $'[\r\033]' "$dir/log")"
[ "$(value images)" = 1280 ] && [ "$(value pbits)" = 874 ]
check "train --json describes the machine" $?
[ ! -e "$dir/whole.h5.checkpoint" ]
check "a finished training leaves no checkpoint" $?

# Chance: 6 * outside(200, 0.01, 0, 19) | images of 200 read wrong by five readers and the judge; of three seeds none was
"$glauber" eval "$dir/whole.h5" --data "$dir" --array small --batch 64 --sweeps 60 --json >"$dir/log" 2>&1
awk -v a="$(value accuracy)" 'BEGIN { exit !(a > 0.9) }'
status=$? # the name resets it
check "eval reads more than 90 % of the labels: $(value accuracy)" $status
spins=$(value accuracy_spins)
"$glauber" eval "$dir/whole.h5" --data "$dir" --array small --batch 64 --sweeps 60 --spins --json >"$dir/log" 2>&1
[ -n "$spins" ] && [ "$(value accuracy)" = "$spins" ]
check "eval --spins is what the other one says of spins: $spins" $?
"$glauber" eval "$dir/whole.h5" --data "$dir" --array small --batch 64 --sweeps 60 --chains 1 --json >"$dir/log" 2>&1
[ "$(value chains)" = 1 ] && awk -v a="$(value accuracy)" 'BEGIN { exit !(a > 0.9) }'
status=$? # the name resets it
check "eval with one chain an image: $(value accuracy)" $status

"$glauber" train "${options[@]}" --epochs 12 --threads 1 --save-every 0 -o "$dir/part.h5" >"$dir/log" 2>&1 &
stop part
status=$?
[ $status = 130 ] && [ ! -e "$dir/part.h5" ] && [ -e "$dir/part.h5.checkpoint" ]
check "Ctrl-C ends a training with status 130 and leaves its checkpoint" $?
"$glauber" train --data "$dir" --resume -o "$dir/part.h5" --json >"$dir/log" 2>&1
check "resume" $?
expect "the processor time of all its parts is not known" json "$dir/log" "j['processor_seconds'] is None and j['seconds'] > 0 and j['epochs'] == 12"
[ ! -e "$dir/part.h5.checkpoint" ]
check "which leaves no checkpoint when it is finished" $?
same_model "$dir/whole.h5" "$dir/part.h5"
check "stopped, resumed, other threads: the same model" $?
h5 "$dir/part.h5" >"$dir/part.json"
expect "its command is the one that began it" json "$dir/part.json" "j['@command'].endswith('--threads 1 --save-every 0 -o $dir/part.h5')"

# who counts makes no difference: half an epoch with the host, with devices, and with both
counting=("${options[@]}" --epochs 0.5)
"$glauber" train "${counting[@]}" -o "$dir/host.h5" --json >"$dir/log" 2>&1
expect "the emulator leaves counting to the host" json "$dir/log" "(j['device_sums'], j['host_sums']) == (0, 2490)"
for device in emu emu-port; do
    "$glauber" train "${counting[@]}" --device $device --count device -o "$dir/device.h5" --json >"$dir/log" 2>&1
    expect "--count device on $device" json "$dir/log" "(j['device_sums'], j['host_sums']) == (2490, 0)"
    expect "of which the output tells" grep -q "the device counts 2490 of 2490 sums" "$dir/log"
    same_model "$dir/host.h5" "$dir/device.h5"
    check "it gives the same model" $?
done
"$glauber" train "${counting[@]}" --device emu-port -o "$dir/device.h5" --json >"$dir/log" 2>&1
expect "other devices count unless told otherwise" json "$dir/log" "j['device_sums'] == 2490"
"$glauber" train "${counting[@]}" --device emu-port --count host -o "$dir/device.h5" --json >"$dir/log" 2>&1
expect "--count host" json "$dir/log" "j['device_sums'] == 0"
same_model "$dir/host.h5" "$dir/device.h5"
check "the same model again" $?
large=("${common[@]}" --shift 0 --topology local:hidden=150,fan=20 --epochs 0.2 --device emu-port)
"$glauber" train "${large[@]}" -o "$dir/large.h5" --json >"$dir/log" 2>&1
expect "where a part of the sums spares no samples the host counts" json "$dir/log" "(j['device_sums'], j['host_sums']) == (0, 4660)"
"$glauber" train "${large[@]}" --count device -o "$dir/part.h5" --json >"$dir/log" 2>&1
expect "unless the device is to" json "$dir/log" "0 < j['device_sums'] == 4660 - j['host_sums'] < 4660"
same_model "$dir/large.h5" "$dir/part.h5"
check "with the same model" $?
rm "$dir/part.h5"
"$glauber" train "${counting[@]}" --device emu-port -o "$dir/stopped.h5" --save-every 0 >"$dir/log" 2>&1 &
stop stopped
"$glauber" train --data "$dir" --resume -o "$dir/stopped.h5" --count device >"$dir/log" 2>&1
same_model "$dir/host.h5" "$dir/stopped.h5"
check "stopped where a board counts, resumed on the emulator" $?

read=("${options[@]}" --method contrast)
"$glauber" train "${read[@]}" --epochs 0.5 -o "$dir/read.h5" --threads 1 >"$dir/log" 2>&1 &&
    "$glauber" train "${read[@]}" --epochs 0.5 -o "$dir/port.h5" --device emu-port >"$dir/log" 2>&1
same_model "$dir/read.h5" "$dir/port.h5"
check "contrast on another device: the same model" $?
"$glauber" train "${read[@]}" --epochs 12 -o "$dir/read.h5" >"$dir/log" 2>&1
"$glauber" train "${read[@]}" --epochs 12 -o "$dir/again.h5" --save-every 0 >"$dir/log" 2>&1 &
stop again
[ -e "$dir/again.h5.checkpoint" ] && "$glauber" train --data "$dir" --resume -o "$dir/again.h5" >"$dir/log" 2>&1
same_model "$dir/read.h5" "$dir/again.h5"
check "contrast, stopped and resumed: the same model" $?
"$glauber" eval "$dir/read.h5" --data "$dir" --array small --batch 64 --sweeps 60 --json >"$dir/log" 2>&1
awk -v a="$(value accuracy)" 'BEGIN { exit !(a > 0.9) }'
status=$? # the name resets it
check "it reads more than 90 % of the labels: $(value accuracy)" $status

drawing=(--topology local:hidden=50,fan=20 --epochs 4)
"$glauber" train "${common[@]}" "${drawing[@]}" --method drawing -o "$dir/draw.h5" >"$dir/log" 2>&1 &&
    "$glauber" train "${common[@]}" "${drawing[@]}" --generative 3 --rate 0.02 --label-rate 1 --decay 0 --shift 0 --warp 0 --common-noise 0 \
        --positive-burn 0 --positive 8 --negative-burn 0 --negative 20 -o "$dir/spelt.h5" >"$dir/log" 2>&1
check "train --method drawing" $?
same_model "$dir/draw.h5" "$dir/spelt.h5"
check "it is what docs/training.md says" $?
"$glauber" draw "$dir/draw.h5" --array small --columns 3 --sweeps 200 -o "$dir/digits.png" >"$dir/log" 2>&1
python3 "$here/checks/picture.py" drawn "$dir/digits.png"
check "draw writes a PNG whose rows show the classes" $?
"$glauber" draw "$dir/draw.h5" --array small --columns 3 --sweeps 200 --average 10 -o "$dir/mean.png" >"$dir/log" 2>&1 &&
    "$glauber" draw "$dir/draw.h5" --array small --columns 3 --sweeps 200 --average 1 -o "$dir/last.png" >"$dir/log" 2>&1 &&
    cmp "$dir/digits.png" "$dir/mean.png" && ! cmp -s "$dir/mean.png" "$dir/last.png"
check "a pixel is the mean of a twentieth of the sweeps" $?
brief=(eval "$dir/draw.h5" --data "$dir" --array small --batch 64 --sweeps 1 --chains 1 --burn-in 0 --json)
"$glauber" "${brief[@]}" --mhz 50 >"$dir/log" 2>&1
expect "device_seconds are cycles at --mhz" json "$dir/log" "math.isclose(j['device_seconds'], j['cycles'] / 50e6) and j['cycles'] > 0"
spins=$(value accuracy_spins)
# Chance: 0.9 ** 200 | spins read one of 200 images in ten wrong at least; of eight seeds one in seven at least
expect "few sweeps: fields read labels better than spins" json "$dir/log" "j['accuracy'] > j['accuracy_spins']"
"$glauber" "${brief[@]}" --spins >"$dir/log" 2>&1
[ -n "$spins" ] && [ "$(value accuracy)" = "$spins" ]
check "eval --spins reads by spins: $spins" $?

# Chance: measured(0.817, 0.06, 0.5) | share of 200 drawings that is read as held; eight seeds
"$glauber" draw "$dir/draw.h5" --array small --columns 20 --sweeps 200 --judge --data "$dir" -o "$dir/digits.png" --json \
    >"$dir/log" 2>&1
awk -v a="$(value agreement)" -v j="$(value judge_accuracy)" 'BEGIN { exit !(a > 0.5 && j > 0.9) }'
status=$? # the name resets it
check "draw --judge: $(value agreement) are read as the class that was held, by a reader that knows $(value judge_accuracy)" $status
"$glauber" draw "$dir/draw.h5" --columns 3 --inpaint --array small --sweeps 200 --data "$dir" -o "$dir/inpaint.png" >"$dir/log" 2>&1 &&
    python3 "$here/checks/picture.py" inpaint "$dir/inpaint.png" "$dir"
check "draw --inpaint keeps the upper halves of test images" $?
"$glauber" draw "$dir/draw.h5" --columns 2 --inpaint --array small --sweeps 20 --data "$dir" -o "$dir/two.png" >"$dir/log" 2>&1
grep -q ': 10 x 3 pictures' "$dir/log"
check "and shows a whole number of threes" $?
"$glauber" draw "$dir/draw.h5" --columns 3 --weights -o "$dir/weights.png" >"$dir/log" 2>&1
[ "$(head -c 4 "$dir/weights.png" | tail -c 3)" = PNG ]
check "draw --weights" $?
draws() { "$glauber" draw "$dir/$1.h5" --array small --columns 3 --sweeps 20 -o "$dir/noise.png" "${@:2}" >"$dir/log" 2>&1; }
says 1 "draw refuses a model that was trained to read" "its pictures would be noise; train a model with --method drawing, or add --anyway" \
    "$glauber" draw "$dir/whole.h5" --array small --columns 3 --sweeps 20 -o "$dir/noise.png"
expect "but for --anyway" draws whole --anyway
expect "and draws with one that was trained to draw" draws draw
h5 "$dir/draw.h5" >"$dir/draw.json"
expect "whose free-running phase is in its file" json "$dir/draw.json" "j['@generative'] == 3"

pair=$dir/train-images-idx3-ubyte,$dir/train-labels-idx1-ubyte
"$glauber" train --data "$pair" --batch 64 --shift 0 --bits 4 --dropout 0.1 --binarise threshold=100+200 \
    --topology local:hidden=80,fan=20,planes=2 --epochs 8 -o "$dir/few.h5" --json >"$dir/log" 2>&1
check "train on a pair of files, two planes, 4 bits" $?
expect "of 4 bits" json "$dir/log" "j['weight_bits'] == 4"
h5 "$dir/few.h5" >"$dir/few.json"
expect "the model has both thresholds" json "$dir/few.json" "j['binarise_planes']['values'] == [100, 200] and j['@binarise_threshold'] == 100 and j['@weight_bits'] == 4"
"$glauber" eval "$dir/few.h5" --data "$dir" --batch 64 --sweeps 60 --free-energy --curve-file "$dir/few.curve" \
    --json >"$dir/log" 2>&1
[ "$(value weight_bits)" = 4 ] && awk -v a="$(value accuracy)" -v f="$(value accuracy_free_energy)" \
    'BEGIN { exit !(a > 0.8 && f > 0.8) }'
status=$? # the name resets it
check "eval by sampling and by free energies: $(value accuracy), $(value accuracy_free_energy)" $status
[ "$(wc -l <"$dir/few.curve")" = 7 ]
check "eval --curve-file" $?

# a model that has hardly learnt: its labels depend on the sweeps
poor=(--data "$dir" --array small --batch 64 --images 190)
"$glauber" train "${common[@]}" --topology local:hidden=20,fan=12,window=5 --epochs 0.1 --threads 1 -o "$dir/poor.h5" >"$dir/log" 2>&1
expect "no warning of --threads on the emulator" test "$(grep -c warning "$dir/log")" = 0
"$glauber" eval "$dir/poor.h5" "${poor[@]}" --free-energy --curve-file "$dir/poor.curve" --json >"$dir/log" 2>&1
expect "the exact accuracy is a share of the images" json "$dir/log" \
    "0 < j['accuracy_free_energy'] < 1 and abs(j['accuracy_free_energy'] * 190 % 1 - 0.5) > 0.499"
for point in "5 --chains 1 --burn-in 0" "20 --chains 1 --burn-in 1" "100" "500"; do
    # shellcheck disable=SC2086
    "$glauber" eval "$dir/poor.h5" "${poor[@]}" --sweeps $point --json >"$dir/log" 2>&1
    expect "the curve at ${point%% *} sweeps" json "$dir/log" "f\"${point%% *} {j['accuracy']:.4f}\\n\" in open('$dir/poor.curve')"
done
[ "$(cut -d ' ' -f 2 "$dir/poor.curve" | sort -u | wc -l)" -gt 2 ]
check "whose points differ" $?

"$glauber" train "${common[@]}" --shift 0 --topology deep:h1=60,h2=10,h3=10 --epochs 1 -o "$dir/deep.h5" >"$dir/log" 2>&1 &&
    "$glauber" eval "$dir/deep.h5" --data "$dir" --array small --batch 64 --sweeps 30 --free-energy --json >"$dir/log" 2>&1
[ $? = 0 ] && [ "$(value accuracy_free_energy)" = null ] && [ "$(value layers)" = 5 ]
check "three hidden layers: no free energies" $?

# other sizes: 16 x 12 pixels, twelve classes, the last four missing from the test images
mkdir "$dir/other"
python3 - "$dir/other" <<'PYTHON'
import random, struct, sys
random.seed(2)
for part, count in (("train", 640), ("t10k", 100)):
    labels = bytes(random.randrange(12 if part == "train" else 8) for _ in range(count))
    images = bytearray()
    for label in labels:
        for y in range(12):
            for x in range(16):
                images.append(255 if (y == label) != (random.random() < 0.03) else 0)
    with open(f"{sys.argv[1]}/{part}-images-idx3-ubyte", "wb") as f:
        f.write(struct.pack(">IIII", 0x803, count, 12, 16) + images)
    with open(f"{sys.argv[1]}/{part}-labels-idx1-ubyte", "wb") as f:
        f.write(struct.pack(">II", 0x801, count) + labels)
PYTHON
mkdir "$dir/twelve"
cp "$dir/t10k-images-idx3-ubyte" "$dir/twelve"
{ head -c 207 "$dir/t10k-labels-idx1-ubyte" && printf '\013'; } >"$dir/twelve/t10k-labels-idx1-ubyte"
other=(--data "$dir/other" --array small --batch 64)
"$glauber" train "${other[@]}" --shift 0 --topology local:hidden=60,fan=12,window=5 --epochs 8 -o "$dir/other.h5" --json >"$dir/log" 2>&1
[ $? = 0 ] && [ "$(value pbits)" = $((16 * 12 + 60 + 12)) ]
check "train on images of 16 x 12 pixels and 12 classes" $?
h5 "$dir/other.h5" >"$dir/other.json"
expect "whose number and size are in the model" json "$dir/other.json" "(j['@classes'], j['@width'], j['@height'], j['@version']) == (12, 16, 12, 3)"
# Chance: outside(100, 0.02, 0, 19) | images of 100 read wrong; of three seeds 2, 0 and 0
"$glauber" eval "$dir/other.h5" "${other[@]}" --sweeps 60 --json >"$dir/log" 2>&1
awk -v a="$(value accuracy)" 'BEGIN { exit !(a > 0.8) }'
status=$? # the name resets it
check "eval of them: $(value accuracy)" $status
"$glauber" draw "$dir/other.h5" --anyway --array small --columns 3 --sweeps 200 --judge --data "$dir/other" -o "$dir/x.png" --json >"$dir/log" 2>&1
[ $? = 0 ] && [ "$(value images)" = 36 ] && grep -q '"agreement_by_class": \[\([^,]*,\)\{11\}[^,]*\]' "$dir/log"
check "draw --judge with 12 classes" $?
"$glauber" draw "$dir/few.h5" --anyway --columns 3 --sweeps 200 --judge --data "$dir" -o "$dir/digits.png" --json >"$dir/log" 2>&1
awk -v a="$(value agreement)" -v j="$(value judge_accuracy)" 'BEGIN { exit !(a != "" && j > 0.9) }'
status=$? # the name resets it
check "draw --judge with two planes: $(value judge_accuracy)" $status

refused() { # refused STATUS WORDS COMMAND...
    local status=$1 words=$2
    shift 2
    says "$status" "refused: $*" "$words" "$glauber" "$@"
}
refused 1 "make data" train --data "$dir/none" -o "$dir/x.h5"
refused 1 "known: local, blocks, deep" train --data "$dir" --topology ring -o "$dir/x.h5"
refused 1 "stochastic" train --data "$dir" --binarise grey -o "$dir/x.h5"
refused 2 "hybrid" train --data "$dir" --method magic -o "$dir/x.h5"
refused 1 "--common-noise 0" train "${options[@]}" --positive 8 -o "$dir/x.h5"
refused 1 "has no free-running phase; choose --generative 0" train "${options[@]}" --method contrast --generative 0.1 -o "$dir/x.h5"
refused 1 "choose --common-noise 1" train "${options[@]}" --method contrast --common-noise 0 -o "$dir/x.h5"
refused 1 "make them equal" train "${options[@]}" --method contrast --positive 8 -o "$dir/x.h5"
refused 1 "let the host count" train "${options[@]}" --method contrast --count device -o "$dir/x.h5"
refused 2 "--weights and --judge are mutually exclusive" draw "$dir/draw.h5" --judge --weights
refused 2 "--weights and --sweeps are mutually exclusive" draw "$dir/draw.h5" --weights --sweeps 100
refused 2 "without --inpaint or --judge" draw "$dir/draw.h5" --data "$dir"
refused 2 "whole number" train --batch many
refused 2 "unexpected argument 'surplus'" train surplus
refused 2 "writes no files" train --describe -o "$dir/x.h5"
refused 1 "not an HDF5 file" eval "$dir/train-labels-idx1-ubyte" --data "$dir"
refused 2 "MODEL is missing" eval
drawn=(draw "$dir/draw.h5" --array small --columns 3 --sweeps 200 --data "$dir/other" -o "$dir/x.png")
refused 1 "16 x 12 pixels for a model of 28 x 28" "${drawn[@]}" --judge
refused 1 "16 x 12 pixels for a model of 28 x 28" "${drawn[@]}" --inpaint
refused 1 "label 199 is 11, but the model has 10 classes" eval "$dir/whole.h5" --data "$dir/twelve"
refused 1 "0 test images of class 8" draw "$dir/other.h5" --anyway --array small --columns 3 --sweeps 200 --inpaint --data "$dir/other" -o "$dir/x.png"
refused 1 "dropped in each" eval "$dir/whole.h5" --data "$dir" --array small --sweeps 20
refused 1 "has 200 images" eval "$dir/whole.h5" --data "$dir" --first 200
refused 1 "has 1280 images" train --data "$dir" --first 1280 -o "$dir/x.h5"
refused 1 "has 1280 images" train --data "$dir" --first 1200 --images 81 -o "$dir/x.h5"
refused 1 "has 200 images" eval "$dir/whole.h5" --data "$dir" --first 150 --images 51
refused 2 "--part has no effect" eval "$dir/whole.h5" --data "$pair" --part train
tiny=("${common[@]}" --topology local:hidden=20,fan=12,window=5 --epochs 0.1 -o "$dir/x.h5")
warns "sweeps of a phase that does not run" "--free-sweeps has no effect" "$glauber" train "${tiny[@]}" --free-sweeps 5
warns "labels of a phase that does not run" "--hold-labels has no effect" "$glauber" train "${tiny[@]}" --hold-labels 0
warns "decays of couplings that are not there" "--hidden-decay has no effect" "$glauber" train "${tiny[@]}" --hidden-decay 1
for option in negative-burn restart common-noise; do
    warns "--$option of a phase that does not run" "--$option has no effect" "$glauber" train "${tiny[@]}" --method pcd --$option 1
done
warns "a clock of no board" "--mhz has no effect: no board holds the array big" "$glauber" train --data "$dir" --batch 64 --images 64 \
    --topology local:hidden=20,fan=12,window=5 --epochs 1 -o "$dir/x.h5" --mhz 50 --array big
for command in "eval $dir/poor.h5 --data $dir" "draw $dir/draw.h5 --columns 1 --sweeps 10 -o $dir/x.png" \
    "train --data $dir --batch 64 --images 64 --topology local:hidden=20,fan=12,window=5 --epochs 1 -o $dir/x.h5"; do
    # shellcheck disable=SC2086
    warns "threads of ${command%% *} on another device" "--threads has no effect: only the device emu has threads" "$glauber" $command \
        --array small --device emu-port --threads 2 $([ "${command%% *}" = eval ] && echo --images 1 --chains 1 --sweeps 1 --burn-in 0 --batch 16)
done
warns "planes that the topology does not know" "puts windows at the same place of each" "$glauber" train --data "$dir" --batch 64 \
    --images 64 --topology local:hidden=20,fan=12,window=5 --epochs 1 -o "$dir/x.h5" --array 25f --binarise threshold=64+128
warns "rates of couplings that are not there" "--hidden-rate has no effect" "$glauber" train "${tiny[@]}" --hidden-rate 1
warns "a reading that does not happen" "--read has no effect: only the method contrast reads labels" "$glauber" train "${tiny[@]}" --read 5
warns "a negative phase that does not run" "--negative has no effect" "$glauber" train "${tiny[@]}" --method pcd --negative 5
[ ! -e "$dir/x.h5.checkpoint" ] && ! ls "$dir"/*.tmp >/dev/null 2>&1
check "no checkpoint or temporary is left" $?
finish
