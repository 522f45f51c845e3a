#!/bin/bash
# The driver of the deliberate faults on a tree of one file and one test: what it calls caught, a hang, survived and invalid, that it
# restores the file, goes on where it stopped, and uses no test that fails without a fault. SPDX-License-Identifier: Apache-2.0
cd "$(dirname "$0")/../.." || exit 2
. tests/cli/lib.sh
mkdir -p "$work/tests/mutants" "$work/tests/unit/emulator" "$work/host" "$work/docs/results"
cp tests/mutants/*.py "$work/tests/mutants"
for list in tests/mutants/*.txt; do : >"$work/tests/mutants/$(basename "$list")"; done
run=("$work/tests/mutants/run.py" run --build build)

printf '%s\n' 'int one(void) { return 1; }' 'int two(void) { return 2; }' 'int unused(void) { return 3; }' >"$work/host/a.c"
printf '%s\n' 'int one(void), two(void);' 'int main(void) { return one() != 1 || two() != 2; }' \
    >"$work/tests/unit/emulator/test_reference.c"
printf '%s\n' 'int main(void) { return 1; }' >"$work/tests/unit/emulator/test_kernel_noise.c"
printf '%s\n' 'build/tests/unit/%: tests/unit/%.c host/a.c' $'\t@mkdir -p $(@D)' $'\t@$(CC) $^ -o $@' >"$work/Makefile"
printf '%s\n' '@ E1 host/a.c' '- return 1;' '+ return 0;' '? wrong' '@ E2 host/a.c' '- return 2;' '+ for (;;);' '? waits' \
    '@ E3 host/a.c' '- return 3;' '+ return 4;' '? nothing' '@ E4 host/a.c' '- return 3;' '+ return 3' '? no program' \
    '@ E5 host/a.c' '- return 3;' '+ return 5;' '? nothing' '= not called' >"$work/tests/mutants/emulator.txt"
cp "$work/host/a.c" "$work/before.c"
(cd "$work" && git init -q . && git add -A && git -c user.name=x -c user.email=x@x commit -qm x) >/dev/null 2>&1

export TEST_SECONDS=5
"${run[@]}" >"$work/first" 2>&1
status=$?
has() { expect "$1" grep -q -- "$2" "$work/first"; }
has 'a wrong result is caught' '^ok - E1 host/a.c: caught: unit emulator/test_reference'
has 'an endless loop is caught' '^ok - E2 host/a.c: caught (hang): unit emulator/test_reference'
has 'a fault without effect survives' '^not ok - E3 host/a.c: survived: nothing'
has 'an entry that does not compile is invalid' '^not ok - E4 host/a.c: invalid'
has 'a declared survivor is as it should be' '^ok - E5 host/a.c: survived: not called'
has 'a test that fails without a fault is left out' '# unit emulator/test_kernel_noise fails on the unchanged tree'
expect 'survivors are a failure' [ $status = 1 ]
expect 'the copy is restored' cmp "$work/before.c" "$work/build/mutants/tree/host/a.c"
expect 'the tree is untouched' cmp "$work/before.c" "$work/host/a.c"
expect 'the page has the survivor' grep -q '^| E3 | host/a.c | nothing' "$work/docs/results/mutants.md"
expect 'and the equivalent fault with its argument' grep -q '^| E5 | host/a.c | `return 3; -> return 5;` | not called | survived |' "$work/docs/results/mutants.md"
expect 'the page counts' grep -q '^| all | 5 | 1 | 2 (1 by a hang) | 1 | 67 % | 0 | 0 |' "$work/docs/results/mutants.md"
"${run[@]}" >"$work/second" 2>&1
expect 'a second run has nothing to do' test -z "$(diff <(grep '^ok\|^not' "$work/first") <(grep '^ok\|^not' "$work/second"))"
expect 'and builds nothing' test "$(grep -c 'fails on the unchanged' "$work/second")" = 0

# what was caught stands while its file and its test do; survivors run again after any change
echo 'int elsewhere;' >"$work/host/b.c"
lines() { wc -l <"$work/build/mutants/results.jsonl"; }
before=$(lines)
"${run[@]}" --id E1 >"$work/third" 2>&1
expect 'a change elsewhere: what was caught stands' [ "$(lines)" = "$before" ]
"${run[@]}" --id E3 >"$work/third" 2>&1
expect 'a survivor runs again' grep -q 'fails on the unchanged' "$work/third"
sed -i 's/one() != 1/one() < -1/' "$work/tests/unit/emulator/test_reference.c"
"${run[@]}" --id E1 >"$work/third" 2>&1
expect 'a weaker test: what it caught runs again' grep -q '^not ok - E1 host/a.c: survived' "$work/third"

# two at a time
rm -r "$work/build" && (cd "$work" && git checkout -q . && rm host/b.c)
"${run[@]}" --jobs 2 >"$work/fourth" 2>&1
said() { sed -n 's/^\(ok\|not ok\) - \(E[0-9][^(]*\).*/\1 \2/p' "$1" | sort; }
expect 'two at a time: the same outcomes' test -z "$(diff <(said "$work/first") <(said "$work/fourth"))"
expect 'the second copy is restored' cmp "$work/before.c" "$work/build/mutants/tree-2/host/a.c"
finish
