#!/bin/bash
# `make bit` with a stub of bit.sh: which seeds are tried, and what the end is. SPDX-License-Identifier: Apache-2.0
. "$(dirname "$0")/../cli/lib.sh"
cp -r "$tree/fpga" "$work/"
cd "$work" || exit 1
# MEETS: the seed whose clock is met; ERROR: that of another error
cat >fpga/bit.sh <<'END'
#!/bin/bash
echo "$1,$2,$3,$4,$5" >>calls
[ "$4" != "${ERROR:-}" ] || exit 1
[ "$4" = "${MEETS:-}" ] || exit 3
END
# tries NAME STATUS CALLS WORD...: the status of bit_seeds.sh WORD... and the calls of bit.sh
tries() {
    local name=$1 status=$2 calls=$3 got=0
    shift 3
    rm -f calls
    fpga/bit_seeds.sh "$@" >said 2>&1 || got=$?
    if [ "$got" = "$status" ] && [ "$(tr '\n' ' ' <calls)" = "$calls " ]; then ok "$name"; else
        sed 's/^/# /' calls said
        not_ok "$name: status $got"
    fi
}
MEETS=2 tries "the board's own seed" 0 "colorlight-i5,,,2,f" colorlight-i5 '' '' '' f
MEETS=4 tries "the next ones" 0 "colorlight-i5,25f,90,2,f colorlight-i5,25f,90,3,f colorlight-i5,25f,90,4,f" colorlight-i5 25f 90 '' f
expect "with a word" grep -q "seed 3 misses its clock; seed 4 is next" said
MEETS=9 tries "four at most" 3 "ulx3s,,,1, ulx3s,,,2, ulx3s,,,3, ulx3s,,,4," ulx3s
expect "and what to do" grep -q "seeds 1 to 4 all miss a clock: ask for a lower one" said
MEETS=2 tries "a seed that is asked for is the only one" 3 "ulx3s,,,7," ulx3s '' '' 7
ERROR=2 tries "another error ends it" 1 "ulx3s,,,1, ulx3s,,,2," ulx3s
finish
