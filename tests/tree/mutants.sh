#!/bin/bash
# The check of the lists of deliberate faults refuses every kind of entry that cannot be used. SPDX-License-Identifier: Apache-2.0
cd "$(dirname "$0")/../.." || exit 2
. tests/cli/lib.sh
mkdir -p "$work/tests/mutants" "$work/host"
cp tests/mutants/*.py "$work/tests/mutants"
for list in tests/mutants/*.txt; do : >"$work/tests/mutants/$(basename "$list")"; done
printf 'int one = 1;\nint two = 2;\n\nint sum = one + two;\n' >"$work/host/a.c"
list=$work/tests/mutants/emulator.txt
check=("$work/tests/mutants/run.py" check)

# entry LINE...: the list holds a good entry and, after it, these lines
entry() {
    printf '%s\n' '# comment' '@ E1 host/a.c' '- int one = 1;' '- int two = 2;' '+ int one = 2;' '? sums are wrong' '' "$@" >"$list"
}

# said NAME TEXT: the check fails and prints TEXT
said() {
    if "${check[@]}" >"$work/out" 2>&1 || ! grep -q -- "$2" "$work/out"; then
        sed 's/^/# /' "$work/out"
        not_ok "$1"
    else
        ok "$1"
    fi
}

entry
expect 'an entry of several lines' "${check[@]}"
entry '@ E2 host/a.c' '- int' '+ long' '? wider'
said 'a text that occurs three times' 'emulator.txt:8: E2: the old text occurs 3 times in host/a.c'
entry '@ E2 host/a.c' '- int three' '+ int four' '? more'
said 'a text that is not there' 'E2: the old text occurs 0 times'
entry '@ E2 host/b.c' '- int' '+ long' '? wider'
said 'a file that is not there' "E2: host/b.c: No such file"
entry '@ E1 host/a.c' '- sum' '+ total' '? other name'
said 'an id given twice' 'E1: the id is also that of'
entry '@ E2 host/a.c' '- sum' '+ total'
said 'an entry without a reason' 'E2: needs'
entry '@ E2 host/a.c' '- sum' '+ sum' '? nothing'
said 'a fault that changes nothing' 'E2: old and new text are the same'
entry '@ E2' '- sum'
said 'a head without a file' "emulator.txt:8: '@ ID FILE' expected"
entry 'sum'
said 'a line of no kind' 'emulator.txt:8: a line starts with'
finish
