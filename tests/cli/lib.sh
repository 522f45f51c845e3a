# Shared by the tests of the tool: a scratch folder and TAP lines. SPDX-License-Identifier: Apache-2.0
set -u
# scripts work in a folder of their own, so the tool and its simulators are named by full path
tree=$(cd "$(dirname "$0")/../.." && pwd)
glauber=${GLAUBER:-$tree/build/glauber}
export GLAUBER_SIM_DIR=${GLAUBER_SIM_DIR:-$tree/build/sim}
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
# says STATUS NAME TEXT COMMAND...: passes if the command ends with STATUS and one line on standard error, which holds TEXT
says() {
    local want=$1 name=$2 text=$3 status
    shift 3
    "$@" >"$work/out" 2>"$work/err"
    status=$?
    if [ $status = "$want" ] && [ "$(wc -l <"$work/err")" = 1 ] && grep -q '^glauber: ' "$work/err" && grep -qF -- "$text" "$work/err"; then
        ok "$name"
    else
        echo "# status $status: $(cat "$work/err")"
        not_ok "$name"
    fi
}
# warns NAME TEXT COMMAND...: passes if the command succeeds with TEXT as a warning on standard error
warns() {
    local name=$1 text=$2
    shift 2
    if "$@" >"$work/out" 2>"$work/err" && grep -F -- "$text" "$work/err" | grep -q '^glauber: warning: '; then ok "$name"; else
        sed 's/^/# /' "$work/err"
        not_ok "$name"
    fi
}
# bars DIR [SEED]: ten classes of 28 x 28 images, a bar at the height of the class, with specks
bars() { python3 "$tree/tests/support/bars.py" "$1" "${2:-1}" 1280 200; }
# json FILE EXPRESSION: evaluates a Python expression on the last line's object j
json() { python3 -c "
import json, math, sys
j = json.loads(open(sys.argv[1]).read().strip().split('\n')[-1])
sys.exit(0 if ($2) else print('#', {k: v for k, v in j.items() if k != 'magnetization'}) or 1)" "$1"; }
# h5 FILE: the HDF5 file as a JSON object, "@name" for attributes, without the tool
h5() { "${GLAUBER_H5JSON:-${glauber%/glauber}/tests/cli/h5json}" "$1"; }
# has_threads NUMBER COMMAND...: whether the command, which goes on for seconds and is then killed, gets as many threads and not more
has_threads() {
    local pid most=0 got
    "${@:2}" >/dev/null 2>&1 &
    pid=$!
    for _ in $(seq 40); do
        sleep 0.05
        got=$(sed -n 's/^Threads:\s*//p' /proc/$pid/status)
        [ "${got:-0}" -gt $most ] && most=$got
    done
    kill -KILL $pid
    wait $pid 2>/dev/null
    most=$((most - ${SANITIZED:-0})) # the address sanitizer has one of its own
    echo "$most threads"
    [ $most = "$1" ]
}
finish() { exit $bad; }
