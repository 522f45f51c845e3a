#!/bin/bash
# Every relative link of the Markdown pages leads to a file, and to a heading where it names one; every path in backquotes exists.
# Pages that tell history (docs/log, CHANGELOG.md) may name files that are gone. Prints a TAP line a page. Usage: links.sh [DIR]
# SPDX-License-Identifier: Apache-2.0
cd "${1:-$(dirname "$0")/../..}" || exit 2
bad=0

# headings FILE: their anchors, as the forge makes them
headings() {
    sed -n 's/^##* *//p' "$1" | tr '[:upper:]' '[:lower:]' | sed 's/[^a-z0-9 _-]//g; s/ /-/g'
}

# links FILE: targets of its links; paths FILE: its paths in backquotes that are below a folder of the tree
links() {
    grep -o '](\([^)]*\))' "$1" | sed 's/^](//; s/)$//' | grep -v '^[a-z]*:'
}
paths() {
    grep -oE '`[A-Za-z0-9_./-]+`' "$1" | tr -d '`' | grep -E '^(bench|constraints|docs|fpga|host|mk|models|python|rtl|scripts|sim|tests|tools)/'
}

check() { # check PAGE: prints what is wrong
    local page=$1 target file anchor
    while read -r target; do
        file=${target%%#*}
        anchor=
        [ "$file" = "$target" ] || anchor=${target#*#}
        [ -z "$file" ] && file=$page || file=$(dirname "$page")/$file
        if [ ! -e "$file" ]; then
            echo "link to $target: no such file"
        elif [ -n "$anchor" ] && ! headings "$file" | grep -qxF -- "$anchor"; then
            echo "link to $target: no such heading"
        fi
    done < <(links "$page")
    case $page in docs/log/* | CHANGELOG.md) return ;; esac
    while read -r target; do
        [ -e "$target" ] || echo "path $target: no such file"
    done < <(paths "$page")
}

while read -r page; do
    [ -e "$page" ] || continue
    wrong=$(check "$page")
    if [ -z "$wrong" ]; then
        echo "ok - links of $page"
    else
        printf '%s\n' "$wrong" | sed 's/^/# /'
        echo "not ok - links of $page"
        bad=1
    fi
done < <(find . -name '*.md' -not -path './build/*' -not -path './.*' -not -path './out/*' -not -path './data/*' | sed 's|^\./||' | sort)
exit $bad
