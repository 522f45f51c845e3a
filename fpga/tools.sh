# Finds the ECP5 tools and calls them by one name each: from PATH (an OSS CAD Suite) if new enough, else the pinned PyPI packages in
# .venv. Sourced by the scripts of this folder with the repository as current folder. SPDX-License-Identifier: Apache-2.0

# find_tool NAME: prints what to run
find_tool() {
    local candidate
    for candidate in "$1" "yowasp-$1" "$PWD/.venv/bin/yowasp-$1"; do
        command -v "$candidate" >/dev/null 2>&1 || continue
        # Yosys before 0.40 does not read our RTL
        if [ "$candidate" = yosys ]; then
            local minor
            minor=$(yosys -V | sed -n 's/^Yosys 0\.\([0-9]*\).*/\1/p')
            [ "${minor:-0}" -ge 40 ] || continue
        fi
        echo "$candidate"
        return
    done
    echo "$1: not found on PATH nor in .venv; run scripts/setup.sh yosys" >&2
    return 1
}

# device_part OPTION: the name of the device that an option of nextpnr-ecp5 selects
device_part() {
    local family=LFE5U
    case $1 in
    --um5g-*) family=LFE5UM5G ;;
    --um-*) family=LFE5UM ;;
    esac
    case $1 in
    --12k) echo LFE5U-12F ;;
    --25k | --um-25k | --um5g-25k | --45k | --um-45k | --um5g-45k | --85k | --um-85k | --um5g-85k)
        local size=${1##*-}
        echo "$family-${size%k}F"
        ;;
    *) return 1 ;;
    esac
}

# chparam_words ARRAY: its parameters as words of Yosys' chparam
chparam_words() {
    local p
    for p in $(scripts/array.sh "$1"); do printf -- '-set %s ' "${p/=/ }"; done
}

# synthesise DIR TOP CHPARAM FILES AFTER: in DIR, which has rtl/ and FILES (YoWASP's yosys sees only the folder in which it runs), log in
# DIR/yosys.log. The groups stay modules so that their private copies of shared registers are not merged, the others for the report.
# Fewer than eight flip-flops that share an enable or a reset get logic instead: all eight of a PFU have one LSR (and few CE), so each
# small set keeps a PFU for itself and legalisation throws the rest of its logic across the die.
synthesise() {
    local yosys
    yosys=$(find_tool yosys) || return 1
    (cd "$1" && "$yosys" -q -p "read_verilog -sv -DGLB_ECP5 -Irtl $4; chparam $3 $2; hierarchy -top $2;
        setattr -mod -set keep_hierarchy 1 *glb_host_port *glb_sequencer *glb_array *glb_network *glb_net_mem *glb_group;
        synth_lattice -family ecp5 -nowidelut -top $2 -run begin:map_ffs;
        dfflegalize -mince 8 -minsrst 8 -cell \$_DFF_?_ 01 -cell \$_DFF_?P?_ r -cell \$_SDFF_?P?_ r -cell \$_DFFE_??_ 01 -cell \$_DFFE_?P??_ r -cell \$_SDFFE_?P??_ r;
        synth_lattice -family ecp5 -nowidelut -top $2 -run map_ffs:; $5") >"$1/yosys.log" 2>&1 || { tail -n 5 "$1/yosys.log" >&2; return 1; }
}

# What nextpnr's log says: cells of a kind in use; MHz of a clock whose name ends so, after routing ("Warning:" where it fails)
nextpnr_used() { sed -n "s|^Info:[ \t]*$2: *\([0-9]*\)/.*|\1|p" "$1" | head -n 1; }
nextpnr_mhz() { sed -n "s/^[A-Za-z]*: Max frequency for clock *'\([^']*[\$.]\)\{0,1\}$2': \([0-9.]*\) MHz.*/\2/p" "$1" | tail -n 1; }

# Yosys commands that make one module of the groups that synthesise left apart
FLATTEN="setattr -mod -unset keep_hierarchy *; setattr -unset keep_hierarchy *; flatten; delete */t:\$scopeinfo; setattr -unset src -unset hdlname */*"
