#!/bin/bash
# Lint: verilator over every array that is built, clang-format, cppcheck, ruff, syntax of the page. Prints an "ok" or "not ok" line for each.
# SPDX-License-Identifier: Apache-2.0
cd "$(dirname "$0")/.." || exit 1
. scripts/lint_check.sh

lint_rtl() {
    local parameters g=
    parameters=$(scripts/array.sh "$1") || return 1
    for p in $parameters; do
        g="$g -G$p"
    done
    # shellcheck disable=SC2086
    verilator --lint-only -Wall --no-timing --top-module glb_core -F rtl/rtl.f $g rtl/lint.vlt rtl/glb_core.sv
}

lint_top() {
    verilator --lint-only -Wall --no-timing --timescale 1ns/1ps --top-module "top_$1" -F rtl/rtl.f -y fpga rtl/lint.vlt \
        tests/ecp5/glb_pll.v "fpga/top_$1.sv"
}

format() {
    # shellcheck disable=SC2046
    clang-format --dry-run -Werror $(scripts/sources.sh .c .h .cc | grep -E '^(host|tests|tools|sim|docs|web)/')
}

checkc() {
    cppcheck -q --std=c11 --language=c --error-exitcode=1 --inline-suppr --enable=warning,portability \
        --suppressions-list=scripts/cppcheck.txt -D_GNU_SOURCE '-DGLB_VERSION="0"' \
        -Ihost/include -Ihost/lib -Ihost -Irtl -Isim -Iweb -Iweb/core host web
}

# what a browser would not parse
javascript() {
    local file bad=0
    for file in web/page/*.js; do
        node --input-type=module --check <"$file" || {
            echo "$file"
            bad=1
        }
    done
    return $bad
}

python_style() {
    .venv-python/bin/ruff check --no-cache -q python tests/python bench/measures && .venv-python/bin/ruff format --no-cache -q --diff python tests/python bench/measures
}

emulator_only=$(scripts/array.sh --for 'emulator only')
for array in $(scripts/array.sh); do
    grep -qxF "$array" <<<"$emulator_only" || check "verilator -Wall, array $array" lint_rtl "$array"
done
for top in fpga/top_*.sv; do
    top=$(basename "$top" .sv)
    case $top in *_usb) continue ;; esac # lint_usb.sh's
    check "verilator -Wall, $top" lint_top "${top#top_}"
done
check 'order of the rooms' scripts/layers.sh
[ ! -e "${BUILD:-build}/host" ] || check 'no circles' scripts/circles.sh "${BUILD:-build}"
check 'small rooms' scripts/sizes.sh
check 'deliberate faults apply' tests/mutants/run.py check
check clang-format format
check cppcheck checkc
check "the page's JavaScript" javascript
check 'ruff, Python package' python_style
exit $bad
