#!/bin/bash
# Runs tests and counts them; the last line is "N passed, N failed". Usage: BUILD=build run_tests.sh [all|unit|python|web|asan|tsan|long|usb]
# Tests report TAP lines ("ok ...", "not ok ..."); one that prints none counts as one by its exit status. A test that runs longer than
# TEST_SECONDS (900) is ended and fails, and so does a whole run of fewer tests than tests/count records (some two dozen below the full
# number: what needs device nodes or mounts of its own is left out where a container forbids them). SPDX-License-Identifier: Apache-2.0
cd "$(dirname "$0")/.." || exit 1
build=${BUILD:-build}
what=${1:-all}
logs=$build/tests/log
mkdir -p "$logs"
passed=0
failed=0
skips=0
export GLAUBER=$PWD/$build/glauber
case $build in /*) GLAUBER=$build/glauber ;; esac
export BUILD=$build GLAUBER_SIM_DIR=${GLAUBER%/glauber}/sim CMOCKA_MESSAGE_OUTPUT=TAP

# reasons LOG: why tests were skipped; cmocka has none
reasons() {
    local why
    why=$(sed -n 's/^not ok .*# SKIP *\(Skipped: \)\{0,1\}\(.\)/\2/p' "$1" | sort -u | paste -sd ';' | sed 's/;/; /g')
    echo "${why:-not on this machine}"
}

# count NAME LOG STATUS: adds up a finished test. cmocka writes "not ok .. # SKIP" for what this machine cannot run (AVX-512): neither.
count() {
    local good bad skipped
    good=$(grep -c '^ok' "$2")
    bad=$(grep '^not ok' "$2" | grep -vc '# SKIP')
    skipped=$(grep -c '^not ok .*# SKIP' "$2")
    if [ "$good" = 0 ] && [ "$bad" = 0 ]; then
        [ "$3" = 0 ] && good=1 || bad=1
    elif [ "$3" != 0 ] && [ "$bad" = 0 ]; then
        bad=1
    fi
    passed=$((passed + good))
    failed=$((failed + bad))
    skips=$((skips + skipped))
    if [ "$bad" = 0 ]; then
        echo "  $1: $good passed$([ "$skipped" = 0 ] || echo ", $skipped skipped: $(reasons "$2")")"
    else
        echo "  $1: $good passed, $bad failed (exit status $3)"
        tail -n 60 "$2" | sed 's/^/    | /'
    fi
}

# run NAME COMMAND...
run() {
    local name=$1 log start
    shift
    log=$logs/$(printf '%s' "$name" | tr '/ ' '__').log
    start=$SECONDS
    # in a process group of its own, so that what it started ends with it; functions of this script are exported
    timeout --kill-after=10 "${TEST_SECONDS:-900}" bash -c '"$@"' run "$@" >"$log" 2>&1 </dev/null
    local status=$?
    [ $status != 124 ] && [ $status != 137 ] || echo "not ok - ended after ${TEST_SECONDS:-900} s" >>"$log"
    count "$name ($((SECONDS - start)) s)" "$log" $status
}

formal() {
    tests/formal/run.sh "$build/tests/formal" "$(basename "$1" .sby)"
}

# sanitized BUILD NAME COMMAND...: with the instrumented build of that folder
sanitized() {
    TEST_SECONDS=3600 run "$1, $2" scripts/sanitized.sh "$build/$1" "$build/sim" "${@:3}"
}

export -f formal
export build
mapfile -t arrays < <(scripts/array.sh --for tests)

if [ "$what" = long ]; then
    run "lockstep, long: small" "$build/tests/lockstep/lockstep" --seed 100 --jobs 1000 --updates 6e8 small
    run "lockstep, long: ulx3s-85" "$build/tests/lockstep/lockstep" --seed 100 --jobs 60 --updates 4e8 ulx3s-85
    run "lockstep, long: tiny arrays" "$build/tests/lockstep/lockstep" --seed 100 --jobs 3000 --updates 1e7 "${arrays[@]}"
    run "lockstep, long: raw images" "$build/tests/lockstep/raw" --seed 100 --jobs 2000 "${arrays[@]}" small
    run "lockstep, long: byte protocol" "$build/tests/lockstep/port" --seed 100 --bursts 2000 "${arrays[@]}" small
    TEST_SECONDS=3600 run "lockstep, long: boundaries" "$build/tests/lockstep/boundary" "${arrays[@]}" --every 3 small --every 31 25f
    TEST_SECONDS=3600 run "bench, long: 64 and 128 tiles" scripts/bench.sh long_glb_array
    TEST_SECONDS=3600 run "python, torch" tests/python/torch.sh
    seed=${SEED:-$RANDOM}
    TEST_SECONDS=${MUTANT_SECONDS:-14400} run "mutants, a tenth, seed $seed" nice -n 19 tests/mutants/run.py run --build "$build" --share 0.1 --seed "$seed"
fi

# addresses, leaks and undefined behaviour in all unit tests and all tests of the tool
if [ "$what" = long ] || [ "$what" = asan ]; then
    for t in tests/unit/*/test_*.c; do
        t=${t#tests/unit/}
        sanitized asan "unit ${t%.c}" "$build/asan/tests/unit/${t%.c}"
    done
    for t in tests/cli/*.sh; do
        [ -x "$t" ] && sanitized asan "cli $(basename "$t" .sh)" "$t"
    done
fi

# races in the rooms that use threads, and in the tool with some
if [ "$what" = long ] || [ "$what" = tsan ]; then
    for t in tests/unit/{api,base,device,emulator,learn,sampler,transports,usb_board}/test_*.c; do
        t=${t#tests/unit/}
        sanitized tsan "unit ${t%.c}" "$build/tsan/tests/unit/${t%.c}"
    done
    sanitized tsan "tool with threads" tests/sanitizers/threads.sh
fi

if [ "$what" = all ] || [ "$what" = unit ]; then
    for t in tests/unit/*/test_*.c; do
        t=${t#tests/unit/}
        run "unit ${t%.c}" "$build/tests/unit/${t%.c}"
    done
fi

if [ "$what" = all ] || [ "$what" = python ]; then
    run "python" tests/python/run.sh
fi

if [ "$what" = all ] || [ "$what" = web ]; then
    run "page in a browser" tests/web/run.sh
fi

if [ "$what" = all ]; then
    for t in tests/install/*.sh tests/boards/*.sh tests/tree/*.sh tests/docs/*.sh; do
        t=${t%.sh}
        [ -x "$t.sh" ] && run "${t#tests/}" "$t.sh"
    done
    for t in tests/rtl/tb_*.sv tests/rtl/*/tb_*.sv; do
        [ -e "$t" ] && run "bench $(basename "$t" .sv)" scripts/bench.sh "$(basename "$t" .sv)"
    done
    run "rtl parameters" tests/rtl/parameters.sh
    run "ecp5 cells" tests/ecp5/cells.sh
    run "ecp5 netlist" tests/ecp5/netlist.sh
    TEST_SECONDS=3600 run "ecp5 bit file" tests/bitfile/run.sh
    for t in tests/formal/*.sby; do
        [ -e "$t" ] && run "formal $(basename "$t" .sby)" formal "$t"
    done
    run "lint" scripts/lint.sh
    run "lockstep raw" "$build/tests/lockstep/raw" --jobs 75 "${arrays[@]}" small
    run "lockstep port" "$build/tests/lockstep/port" --bursts 60 "${arrays[@]}" small
    run "lockstep boundary" "$build/tests/lockstep/boundary" tiny
    run "lockstep tiny" "$build/tests/lockstep/lockstep" --jobs 60 "${arrays[@]}"
    run "lockstep small" "$build/tests/lockstep/lockstep" --jobs 60 --updates 1e7 small
    run "simulated job" "$build/tests/lockstep/sim_job" --array small
    run "GPU kernels on the CPU" tests/bench/gpu.sh
    run "comparison report" tests/bench/report.sh
    for t in tests/cli/*.sh; do
        [ -x "$t" ] && run "cli $(basename "$t" .sh)" "$t"
    done
fi

if [ "$what" = all ] || [ "$what" = usb ]; then
    run "usb gateware at its pins, high speed" "$build/tests/usb/pins" high
    run "usb gateware at its pins, full speed" "$build/tests/usb/pins" full
    run "usb training at the pins, high speed" "$build/tests/usb/train" high
    run "usb training at the pins, full speed" "$build/tests/usb/train" full
    run "usb lint" scripts/lint_usb.sh
    run "usb faults" "$build/tests/usb/faults"
    run "usb, a Linux guest" tests/usb/run.sh
fi

if [ "$what" = all ]; then
    recorded=$(cat tests/count)
    if [ $((passed + failed + skips)) -lt "$recorded" ]; then
        echo "  only $((passed + failed + skips)) tests ran; tests/count records $recorded: a test has gone missing"
        failed=$((failed + 1))
    fi
fi

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
