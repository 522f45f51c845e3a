#!/bin/bash
# Fuzzes the parsers of what comes from outside, each with RUNS inputs (libFuzzer, address and undefined-behaviour sanitizers), and prints a
# JSON row for each. Usage: fuzz.sh DIR [RUNS [NAME...]]. SPDX-License-Identifier: Apache-2.0
set -u
cd "$(dirname "$0")/.." || exit 1
dir=$1
runs=${2:-1000000}
shift $(($# < 2 ? $# : 2))
names=("$@")
[ ${#names[@]} -gt 0 ] || names=(client usbip port graph files hdf5)
mkdir -p "$dir"
clang=$(command -v clang-14 || command -v clang) || { echo "fuzz.sh: no clang" >&2 && exit 1; }
flags=(-g -O1 -std=c11 -D_GNU_SOURCE -DGLB_VERSION='"0"' -Ihost/include -Ihost/lib -Ihost -Irtl -Isim -Itests)
sanitizers=address,undefined
bad=0
export ASAN_OPTIONS=quarantine_size_mb=8 # libhdf5 takes megabytes for each file it opens

# every harness links the libraries, instrumented
library=$dir/library
libraries=("$library/libtool.a" "$library/libusb_board.a" "$library/libglauber-private.a")
make -s -j"$(nproc)" BUILD="$library" CC="$clang" OPT=-O1 SANITIZE="-fsanitize=fuzzer-no-link,$sanitizers -fno-sanitize-recover=undefined" \
    "${libraries[@]}" >&2 || exit 1
# shellcheck disable=SC2207
libraries+=($(pkg-config --cflags --libs hdf5 libusb-1.0 zlib) -ldl -lm -pthread)

for name in "${names[@]}"; do
    max=4096
    wrap=()
    case $name in
    client | graph | files) ;;
    usbip)
        max=512
        wrap=(-Wl,--wrap=recv,--wrap=send,--wrap=poll)
        ;;
    port) wrap=(-Wl,--wrap=clock_gettime) ;;
    hdf5)
        max=256
        wrap=(-Wl,--wrap=H5Fopen)
        ;;
    *) echo "fuzz.sh: no harness $name" >&2 && exit 1 ;;
    esac
    "$clang" "${flags[@]}" -fsanitize=fuzzer,$sanitizers -fno-sanitize-recover=undefined "tests/fuzz/fuzz_$name.c" "${wrap[@]}" \
        "${libraries[@]}" -o "$dir/fuzz_$name" || exit 1
    mkdir -p "$dir/corpus_$name"
    log=$dir/$name.log
    seeds=()
    [ -d "tests/fuzz/seeds/$name" ] && seeds=("tests/fuzz/seeds/$name")
    # -seed: the same inputs every time; a crash leaves its input beside the log
    "$dir/fuzz_$name" -runs="$runs" -seed=1 -max_len=$max -timeout=20 -rss_limit_mb=2048 -print_final_stats=1 -artifact_prefix="$dir/$name-" \
        "$dir/corpus_$name" "${seeds[@]}" >"$log" 2>&1
    status=$?
    done_runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
    crashes=$([ $status = 0 ] && echo 0 || echo 1)
    echo "{\"fuzzer\": \"$name\", \"fuzz_inputs\": ${done_runs:-0}, \"crashes\": $crashes}"
    [ $status = 0 ] || { bad=1 && tail -n 30 "$log" >&2; }
done
exit $bad
