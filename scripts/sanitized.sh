#!/bin/bash
# Runs a test built with sanitizers (build/asan: addresses, leaks, undefined behaviour; build/tsan: data races) with the settings that turn
# each report into a failed test. Usage: sanitized.sh BUILD SIM_DIR COMMAND... SPDX-License-Identifier: Apache-2.0
set -u
tree=$(cd "$(dirname "$0")/.." && pwd)
GLAUBER=$(realpath "$1")/glauber
GLAUBER_SIM_DIR=$(realpath "$2") # simulators are loaded at run time and have no instrumentation
export GLAUBER GLAUBER_SIM_DIR
shift 2
reports=$(mktemp -d)
trap 'rm -rf "$reports"' EXIT

# Reports go to files, so that one is found even if a test does not look at the status of its program; status 200 is no status of the tool.
# The address space cannot be limited beside the shadow memory: instead allocations above 4 GB fail, as under tests/bad/run.py's limit,
# and a process that holds more than that ends.
common=exitcode=200:log_path=$reports/report:max_allocation_size_mb=4096:hard_rss_limit_mb=4096:allocator_may_return_null=1
export ASAN_OPTIONS=$common:detect_stack_use_after_return=1:strict_string_checks=1
export LSAN_OPTIONS=suppressions=$tree/tests/sanitizers/leaks.txt:print_suppressions=0
export UBSAN_OPTIONS=$common:print_stacktrace=1
export TSAN_OPTIONS=$common:suppressions=$tree/tests/sanitizers/races.txt:print_suppressions=0:halt_on_error=1:second_deadlock_stack=1:die_after_fork=0
export SANITIZED=1

# gcc's thread sanitizer cannot start where the kernel spreads addresses widely (vm.mmap_rnd_bits above 28)
fixed=()
setarch -R true 2>/dev/null && fixed=(setarch -R)
"${fixed[@]}" "$@"
status=$?
# a refused allocation is a warning there, not a report
if grep -lqE 'ERROR: |runtime error: |WARNING: ThreadSanitizer' "$reports"/* 2>/dev/null; then
    cat "$reports"/*
    echo "not ok - no sanitizer reports anything"
    exit 1
fi
exit $status
