# Shared by lint.sh and lint_usb.sh: an "ok" or "not ok" line for a check; bad is 1 after a failed one. SPDX-License-Identifier: Apache-2.0
bad=0

check() { # check NAME COMMAND...
    local name=$1 out
    shift
    if out=$("$@" 2>&1); then
        echo "ok - lint: $name"
    else
        printf '%s\n' "$out" | sed 's/^/# /' | head -20
        echo "not ok - lint: $name"
        bad=1
    fi
}
