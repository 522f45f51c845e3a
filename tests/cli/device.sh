#!/bin/bash
# The same job through --device sim and --device emu gives the same file, bit for bit. SPDX-License-Identifier: Apache-2.0
. "$(dirname "$0")/lib.sh"
cd "$work" || exit 1
"$glauber" graph regular n=100,d=4,weights=gauss,bias=gauss -o g.mtx --bias b.mtx >/dev/null
printf '3 1\n10 -1\n' >c.txt
printf '0.2 20\n1 30\n' >s.txt
job() { "$glauber" sample g.mtx --bias b.mtx --array small --clamp c.txt --schedule s.txt --samples 10 --interval 3 --burn-in 5 --chains 32 --seed 99 "$@"; }
expect "a job on the emulator" job -o emu.h5
sleep 1.1 # no file may depend on the time of day
expect "the job on the Verilated RTL" job --device sim -o sim.h5
h5 emu.h5 >emu.json
h5 sim.h5 >sim.json
expect "the samples differ in the device's name alone" python3 -c "
import json
emu, sim = json.load(open('emu.json')), json.load(open('sim.json'))
assert (emu.pop('@device'), sim.pop('@device')) == ('emu', 'sim')
assert emu == sim and emu['spins']['shape'] == [10, 32, 13] and len(set(emu['spins']['values'])) > 99"
cmp -l emu.h5 sim.h5 >diff.txt 2>/dev/null
expect "and the files in its letters" test $? = 1 -a "$(wc -c <emu.h5)" = "$(wc -c <sim.h5)" -a "$(wc -l <diff.txt)" -le 3
for device in emu sim; do
    "$glauber" sample g.mtx --bias b.mtx --array small --samples 40 --interval 2 --seed 99 --clamp c.txt --statistics --device $device -o $device.h5 >/dev/null
    h5 $device.h5 >$device.json
done
expect "the RTL counts what the emulator counts" python3 -c "
import json
emu, sim = json.load(open('emu.json')), json.load(open('sim.json'))
assert (emu.pop('@device'), sim.pop('@device')) == ('emu', 'sim')
assert emu == sim and emu['@counted_on'] == 'array' and emu['@counted'] == 40 * 16 and len(set(emu['agree_counts']['values'])) > 50"
# this simulator writes no waveforms, and only a simulator can
says 1 "--trace reaches the simulator" "x.fst: no waveform: the file cannot be written, or the simulator was built without" job --device sim --trace x.fst
says 1 "and no other device" "--trace x.fst: only the device sim can write a waveform" job --trace x.fst
says 1 "nor does it take the name of the samples" "samples and waveform need files of their own" job --device sim --trace x.h5 -o x.h5
mkdir data
bars data
"$glauber" train --data data --array small --batch 64 --images 128 --epochs 1 --topology local:hidden=20,fan=12,window=5 --positive 3 --negative 3 \
    --verify-sim 2 -o v.h5 --json >v.log 2>&1
expect "train --verify-sim compares the bits of both phases" json v.log \
    "(j['verified_batches'], j['verified_bits']) == (2, 2 * 64 * (3 * 20 + 3 * 30)) and j['verified_on'].startswith('sim small')"
counting=(train --data data --array small --batch 64 --images 128 --epochs 1 --topology local:hidden=20,fan=12,window=5 --positive 3 --negative 3)
"$glauber" "${counting[@]}" --count device --verify-sim 2 -o c.h5 --json >c.log 2>&1
expect "and with --count device the sums" json c.log \
    "(j['verified_batches'], j['verified_bits'], j['verified_sums'], j['device_sums']) == (2, 2 * 64 * 10, 2 * 470, 470)"
"$glauber" "${counting[@]}" --method contrast --verify-sim 2 -o r.h5 --json >r.log 2>&1
expect "the readings and contrasts of another method" json r.log \
    "j['verified_batches'] == 2 and j['verified_bits'] >= 2 * 64 * (2 * 30 + 2 * 3 * 20) and j['verified_on'].startswith('sim small')"
"$glauber" "${counting[@]}" --device sim -o s.h5 --json >s.log 2>&1
expect "a training that the RTL counts for is that of the host" json s.log "j['device_sums'] == 470"
for model in v c s; do h5 $model.h5 >$model.json; done
expect "bit for bit" python3 -c "
import json
v, c, s = ({k: x for k, x in json.load(open(f)).items() if '@' not in k} for f in ('v.json', 'c.json', 's.json'))
assert v == c == s and len(v) > 5"
expect "identity of the simulated device" "$glauber" info --device sim --array small
# Chance: 2 * above(5) | chi-square as normal deviate
expect "self-test of the emulator" "$glauber" selftest --array small
expect "self-test of the simulated device" "$glauber" selftest --device sim --array small
refuse "a simulator that was not built" "make sim ARRAY=25f" env GLAUBER_SIM_DIR=/nonexistent "$glauber" info --device sim --array 25f
finish
