#!/bin/bash
# Every wrong command line is refused with what is wrong and what to do; no option is ignored in silence. SPDX-License-Identifier: Apache-2.0
. "$(dirname "$0")/lib.sh"
cd "$work" || exit 1
"$glauber" graph regular n=20,d=3 -o g.mtx >/dev/null
sample() { says 2 "$1" "$2" "$glauber" sample g.mtx "${@:3}"; }
anneal() { says 2 "$1" "$2" "$glauber" anneal g.mtx "${@:3}"; }

says 2 "a mistyped command" "is sample meant?" "$glauber" smaple
says 2 "a command that is like none" '`glauber --help` lists all' "$glauber" frobnicate
sample "a mistyped option" "there is no option '--betta'; is --beta meant?" --betta 1
sample "the same with its value" "is --beta meant?" --betta=1
sample "the start of a name is not the name" "is --burn-in meant?" --burn 1
anneal "nor that of another command's option" "is --beta-range meant?" --beta 1
says 2 "two letters swapped in a short one" "is --mhz meant?" "$glauber" train --mzh 5
sample "an option that is like none" '`glauber sample --help`' --frobnicate
sample "a letter that is no option" "there is no option '-x'" -x
sample "no value at the end" "--beta needs a value: --beta B" --beta
sample "no value before another option" "--output needs a value" -o --json
sample "no value before another option and its own" "--beta needs a value" --beta --seed=2
sample "no value before another letter" "--clamp needs a value" --clamp -o out.h5
sample "an empty value" "--clamp : the value must be a text" --clamp ''
sample "a value of a flag" "--json takes no value" --json=1
sample "no number" "--beta x: the value must be a number >= 0" --beta x
sample "a number with something behind it" "--beta 1x" --beta 1x
sample "not a finite number" "--beta inf" --beta inf
sample "below the range" "--chains 0: the value must be a whole number from 1 to 1048576" --chains 0
sample "above the range" "--effort 4: the value must be a whole number from 0 to 3" --effort 4
sample "not whole" "--samples 1.5" --samples 1.5
sample "no samples" "--samples 0" --samples 0
sample "a negative seed" "--seed -1: the value must be a whole number from 0 to 2^64 - 1" --seed -1
sample "a seed of more than 64 bits" "2^64 - 1" --seed 18446744073709551616
sample "no choice" "boltzmann, zte-2, zte-34, qubo or maxcut" --convention ising
sample "twice" "--seed is given more than once" --seed 1 --seed=2
sample "beta and a schedule" "--schedule and --beta are mutually exclusive" --beta 1 --schedule s.txt
sample "a program and effort" "--program and --effort are mutually exclusive" --effort 2 --program p.glbp
says 2 "an empty operand" "an argument is empty; GRAPH is a graph file" "$glauber" sample ""
sample "one operand too many" "unexpected argument 'h.mtx'" h.mtx
anneal "a range that is none" "HOT:COLD, both above 0" --beta-range 3
anneal "a range that heats" "the second not below the first" --beta-range 3:0.1
anneal "a range that starts at 0" "both above 0" --beta-range 0:3
anneal "a range that does not end" "both above 0" --beta-range 1:inf
anneal "a schedule and sweeps" "--schedule and --sweeps are mutually exclusive" --schedule s.txt --sweeps 10
anneal "a schedule and a range" "--schedule and --beta-range are mutually exclusive" --schedule s.txt --beta-range 0.1:3
says 2 "no operand" "sample: GRAPH is missing (a graph file" "$glauber" sample --beta 1
says 1 "no look at the energy" "the run has only 10 sweeps" "$glauber" anneal g.mtx --sweeps 10 --interval 100
printf '1 30\n' >s.txt
says 1 "no room for a sample" "s.txt has only 30 sweeps" "$glauber" sample g.mtx --schedule s.txt --burn-in 30
expect "a seed in hexadecimal" cmp <("$glauber" sample g.mtx --array small --seed 0x1f --json 2>/dev/null | grep -o '"seed": [0-9]*') <(echo '"seed": 31')
expect "counts of more than 32 bits" json <("$glauber" sample g.mtx --array SMALL --samples 4000000000 --burn-in 7 --stop-energy 1e9 --json 2>/dev/null) \
    "j['samples'] == 1 and j['sweeps'] == 8 and j['stopped'] and j['array'] == 'small'"
expect "a short schedule without a burn-in" "$glauber" sample g.mtx --schedule s.txt

printf '1 0.5\n' >half.txt
says 1 "a value that is neither up nor down" "half.txt:1: the value 0.5" "$glauber" sample g.mtx --array small --clamp half.txt
printf '1\n' >none.txt
says 1 "a p-bit without a value" "none.txt:1: no value of p-bit 1" "$glauber" sample g.mtx --array small --clamp none.txt
printf '0.5 10 3\n' >three.txt
says 1 "a step of three numbers" "three.txt:1:" "$glauber" sample g.mtx --array small --schedule three.txt
printf '%% nothing\n' >empty.txt
says 1 "a schedule without steps" "empty.txt: no steps" "$glauber" sample g.mtx --array small --schedule empty.txt
says 1 "more samples than a schedule has room for" "room for 15 samples" "$glauber" sample g.mtx --array small --schedule s.txt --burn-in 0 --interval 2 --samples 16
says 2 "biases without a file" "give a file for them: --bias FILE" "$glauber" graph torus2d lx=4,bias=gauss -o x.mtx
says 2 "a bias of the first p-bit" "give a file for them: --bias FILE" "$glauber" graph complete n=1,bias=const -o x.mtx
says 2 "biases of a max-cut graph" "have no biases" "$glauber" graph random n=20 -o x.mtx --bias y.mtx
says 2 "a graph without a file" "-o FILE is missing" "$glauber" graph complete
warns "a seed that changes nothing" "--seed has no effect on gset" "$glauber" graph gset name=G11 --seed 2 -o x.mtx
says 2 "arrays and a device" "mutually exclusive" "$glauber" info --arrays --device emu
says 2 "arrays as JSON" "mutually exclusive" "$glauber" info --arrays --json
says 2 "a graph and a device" "--device and GRAPH are mutually exclusive" "$glauber" info g.mtx --device emu
says 2 "biases of no graph" "--bias has no effect without GRAPH" "$glauber" info --device emu --bias b.mtx
says 2 "a convention of no graph" "--convention has no effect without GRAPH" "$glauber" info --convention qubo
says 2 "a serial number that is built in" "--serial has no effect" "$glauber" usbip --device sim --serial X
says 2 "a device that cannot be served" "emu or sim" "$glauber" usbip --device usb
# rules: every pair that is refused
excluded() { # excluded COMMAND ONE "OTHERS": with values
    local other
    while read -r other; do
        # shellcheck disable=SC2086
        says 2 "$1: ${2%% *} and ${other%% *}" "are mutually exclusive" "$glauber" $1 $2 $other
    done < <(tr ';' '\n' <<<"$3")
}
excluded "draw m.h5" --weights "--sweeps 10;--beta 1;--average 1;--seed 1;--device emu;--array small;--threads 1;--mhz 1;--data d;--judge;--inpaint"
excluded "draw m.h5" --inpaint "--judge;--weights"
excluded info --arrays "g.mtx;--device emu;--array small;--convention qubo;--bias b.mtx;--json"
excluded info g.mtx "--device emu;--array small"
excluded train --describe "--json;--save-every 1;--verify-sim 1"
says 2 "train: --describe and a checkpoint" "writes no files; leave --checkpoint out" "$glauber" train --describe --checkpoint x
warns "a seed that changes nothing, of rudy" "--seed has no effect on rudy" "$glauber" graph rudy n=20,density=50 --seed 2 -o x.mtx
expect "devices and conventions in capitals" "$glauber" sample g.mtx --device EMU --convention QUBO --array small
mkdir folder
says 1 "a folder as clamp" "folder: is a directory" "$glauber" sample g.mtx --clamp folder
printf '3 1\n4 -1\n' >c.txt
"$glauber" sample g.mtx --array small --clamp c.txt --stop-energy -1e9 >log
expect "the report counts the clamped p-bits" grep -q '^clamped    c.txt: 2 of 20 p-bits' log
expect "and tells that the stop energy was not reached" grep -q 'stop energy -1e+09 not reached' log
printf '3 -1\n5 1\n' >i.txt
warns "start values of clamped p-bits" "1 of its p-bits are clamped" "$glauber" sample g.mtx --array small --clamp c.txt --init i.txt
"$glauber" graph random n=20,m=30 -o cut.mtx >/dev/null
warns "a max-cut graph that is annealed as couplings" "needs --convention maxcut" "$glauber" anneal cut.mtx --array small
printf '20 2\n1 2 1\n3 4 -1\n' >mixed.rud
printf '%%%%MatrixMarket matrix array real general\n20 1\n' >h.mtx
for i in $(seq 20); do echo $((i / 20)); done >>h.mtx
silent() { [ -z "$("$glauber" anneal "$@" --array small 2>&1 >/dev/null)" ]; }
expect "nor couplings of which one is negative" silent mixed.rud
expect "nor with biases" silent cut.mtx --bias h.mtx
expect "and not with its convention" sh -c '[ -z "$("$1" anneal cut.mtx --array small --convention maxcut 2>&1 >/dev/null)" ]' sh "$glauber"
# Chance: 4 * above(5) | chi-square as normal deviate
"$glauber" selftest --device EMU --array tiny >log
expect "the self-test compares EMU with another implementation" grep -q 'agree with emu-port' log
for seed in 1 1 2; do "$glauber" selftest --array tiny --seed $seed >>seeds; done
grep '^statistics' seeds >log
expect "its numbers are those of its seed" test "$(uniq -c log | awk '{ printf $1 }')" = 21

for word in help -h; do expect "glauber $word" cmp <("$glauber" --help) <("$glauber" $word); done
"$glauber" >log 2>page
expect "no command: the same on standard error, status 2" test $? = 2 -a ! -s log -a "$(cat page)" = "$("$glauber" --help)"
for command in graph compile sample anneal temper train eval predict draw info list usbip selftest; do
    "$glauber" $command --help >page
    expect "help of $command" grep -q "^usage: glauber $command" page
    [ "$command" = graph ] || expect "in 80 columns" awk 'length > 80 { print; bad = 1 } END { exit bad }' page
    expect "-h is the same" cmp page <("$glauber" $command -h)
done
finish
