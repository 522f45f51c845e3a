#!/bin/bash
# Parameters outside the ranges of docs/design/array.md, section 1, are refused by Verilator, Icarus and Yosys, those at the ends of them are
# taken: one set a line, with what is wrong in it ("-": nothing). SPDX-License-Identifier: Apache-2.0
cd "$(dirname "$0")/../.." || exit 1
. fpga/tools.sh
yosys=$(find_tool yosys) || exit 1
work=${BUILD:-build}/tests/rtl
mkdir -p "$work"
bad=0

verilator_takes() { verilator --lint-only -Wall --top-module glb_check -F rtl/rtl.f "${@/#/-G}" rtl/array/glb_check.sv; }
yosys_takes() {
    local set=
    for p in "$@"; do set="$set -set ${p/=/ }"; done
    "$yosys" -q -p "read_verilog -sv -Irtl rtl/array/glb_check.sv; chparam $set glb_check; hierarchy -top glb_check"
}
icarus_takes() {
    iverilog -g2012 -Irtl -s glb_check "${@/#/-Pglb_check.}" -o "$work/parameters.vvp" rtl/array/glb_check.sv && vvp -n "$work/parameters.vvp"
}

while read -r wrong parameters; do
    problem=
    for tool in verilator icarus yosys; do
        # shellcheck disable=SC2086
        if out=$("${tool}_takes" $parameters 2>&1); then
            [ "$wrong" = - ] || problem="$problem $tool takes it;"
        elif [ "$wrong" = - ]; then
            problem="$problem $tool refuses it;"
        elif ! grep -q "$wrong" <<<"$out"; then
            problem="$problem $tool does not name $wrong;"
        fi
    done
    [ -z "$problem" ] && echo "ok - parameters $parameters" && continue
    echo "not ok - parameters $parameters:$problem"
    bad=1
done <<'END'
- TILES=4 LANES=1 CHAINS=4 JW=4 ACC=10 GW=1 SDEPTH=2 CDEPTH=2
- TILES=128 LANES=4 CHAINS=16 JW=8 ACC=14 GW=8 SDEPTH=65535 CDEPTH=8192
TILES TILES=2
TILES TILES=24
TILES TILES=256
LANES LANES=3
LANES LANES=8
CHAINS CHAINS=2
CHAINS CHAINS=12
CHAINS CHAINS=32
JW JW=3
JW JW=9
ACC ACC=9
ACC ACC=13
ACC LANES=4 ACC=15
CTRL LANES=4 JW=4 ACC=12
GW GW=0
GW GW=9
SDEPTH SDEPTH=1
SDEPTH SDEPTH=65536
CDEPTH CDEPTH=1
CDEPTH CDEPTH=8193
END
exit $bad
