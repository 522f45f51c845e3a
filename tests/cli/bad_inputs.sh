#!/bin/bash
# The lists of bad inputs in tests/bad: each is refused with where, what and what to do, without output and without a changed file.
# SPDX-License-Identifier: Apache-2.0
. "$(dirname "$0")/lib.sh"
lists=$tree/tests/bad
mkdir "$work/bad"
expect "good files to start from" "$lists/prepare.sh" "$glauber" "$work/bad"
python3 -B "$lists/run.py" "$glauber" "$work/bad" || bad=1
expect "at least 500 entries" test "$(cat "$lists"/*.txt | grep -c '^\$ ')" -ge 500
finish
