#!/bin/bash
# The project's files whose names end in one of the given endings: those that git tracks, or all of an unpacked archive.
# Usage: sources.sh ENDING..., for example sources.sh .c .h. SPDX-License-Identifier: Apache-2.0
cd "$(dirname "$0")/.." || exit 1
if [ -e .git ]; then git ls-files; else find . -type f ! -path './build*' ! -path './.venv*' ! -path './data/*' ! -path './out/*' | sed 's|^\./||'; fi |
    awk -v endings="$*" 'BEGIN { n = split(endings, e, " ") }
        { for (i = 1; i <= n; i++) if (substr($0, length($0) - length(e[i]) + 1) == e[i]) { print; next } }'
