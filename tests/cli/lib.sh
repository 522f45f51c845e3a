# Shared by the tests of the tool: a scratch folder and TAP lines. SPDX-License-Identifier: Apache-2.0
set -u
glauber=${GLAUBER:-build/glauber}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
bad=0

ok() { echo "ok - $1"; }
not_ok() {
    echo "not ok - $1"
    bad=1
}
# expect NAME COMMAND...: passes if the command succeeds
expect() {
    local name=$1
    shift
    if "$@" >"$work/out" 2>"$work/err"; then ok "$name"; else
        sed 's/^/# /' "$work/err" "$work/out" | head -20
        not_ok "$name"
    fi
}
# refuse NAME TEXT COMMAND...: passes if the command fails with a status below 128 and TEXT on standard error
refuse() {
    local name=$1 text=$2 status
    shift 2
    "$@" >"$work/out" 2>"$work/err"
    status=$?
    if [ $status -ne 0 ] && [ $status -lt 128 ] && grep -q -- "$text" "$work/err"; then ok "$name"; else
        echo "# status $status: $(cat "$work/err")"
        not_ok "$name"
    fi
}
# json FILE EXPRESSION: evaluates a Python expression on the last line's object j
json() { python3 -c "
import json, math, sys
j = json.loads(open(sys.argv[1]).read().strip().split('\n')[-1])
sys.exit(0 if ($2) else print('#', {k: v for k, v in j.items() if k != 'magnetization'}) or 1)" "$1"; }
finish() { exit $bad; }
