# Table of LUT4, FF, EBR and DSP from yosys `stat`; units = p-bit units. SPDX-License-Identifier: Apache-2.0
# A CCU2C is two LUT4, a DPR16X4 takes the room of six.
function short(name) {
    sub(/\\[A-Z]+=.*$/, "", name)  # parameters in a derived name
    sub(/^.*\\/, "", name)
    return name
}
/^===/ { module = $0 ~ /design hierarchy/ ? "total" : short($2); if (module != "total") order[++modules] = module }
$2 ~ /^(LUT4|CCU2C|TRELLIS_DPR16X4)$/ { lut[module] += $1 * ($2 == "LUT4" ? 1 : $2 == "CCU2C" ? 2 : 6) }
$2 == "TRELLIS_FF" { ff[module] += $1 }
$2 == "DP16KD" { ebr[module] += $1 }
$2 == "MULT18X18D" { dsp[module] += $1 }
module != "total" && $1 ~ /^[0-9]+$/ && $2 ~ /glb_/ { copies[short($2)] = $1 }
END {
    if (!("total" in lut)) {
        print "area: no totals in the report of yosys" > "/dev/stderr"
        exit 1
    }
    printf "%-16s %6s %8s %8s %5s %5s\n", "module", "copies", "LUT4", "FF", "EBR", "DSP"
    for (i = 1; i <= modules; i++) {
        m = order[i]
        printf "%-16s %6d %8d %8d %5d %5d\n", m, m in copies ? copies[m] : 1, lut[m], ff[m], ebr[m], dsp[m]
    }
    printf "%-16s %6s %8d %8d %5d %5d\n", "all", "", lut["total"], ff["total"], ebr["total"], dsp["total"]
    printf "%-16s %6s %8.2f %8.2f\n", "a p-bit unit", units, lut["total"] / units, ff["total"] / units
}
