#!/bin/bash
# The examples of docs/examples compile as C with gcc and clang and as C++, with the public headers alone, and run to their end.
# SPDX-License-Identifier: Apache-2.0
. "$(dirname "$0")/../cli/lib.sh"
root=$(cd "$(dirname "$0")/../.." && pwd)
build=${BUILD:-build}
cd "$root" || exit 1
link=(-Ihost/include -L"$build" -lglauber -lm -pthread)
export LD_LIBRARY_PATH=$build
for source in docs/examples/*.c; do
    name=$(basename "$source" .c)
    expect "$name compiles with gcc" gcc -O1 -std=c11 -Wall -Wextra -Werror "$source" "${link[@]}" -o "$work/$name"
    expect "$name compiles with clang" clang -O1 -std=c11 -Wall -Wextra -Werror -c "$source" -Ihost/include -o "$work/$name.o"
    expect "$name compiles as C++" g++ -O1 -std=c++17 -Wall -Wextra -Werror -x c++ -c "$source" -Ihost/include -o "$work/$name.o"
    expect "$name runs" sh -c "cd '$work' && LD_LIBRARY_PATH='$(cd "$build" && pwd)' timeout 120 ./$name >$name.out"
    expect "$name prints something" test -s "$work/$name.out"
done
finish
