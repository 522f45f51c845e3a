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
