#!/bin/bash
# The progress bar in a terminal: its length, percentage and time left agree, and it is gone at the end. SPDX-License-Identifier: Apache-2.0
. "$(dirname "$0")/lib.sh"
cd "$work" || exit 1
"$glauber" graph regular n=400,d=3 -o g.mtx >/dev/null
mkdir data
bars data
cat >bar.py <<'P'
import os, pty, re, subprocess, sys, time
name, *command = sys.argv[1:]
terminal, end = pty.openpty()
p = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=end)
os.close(end)
frames, text, start = [], b"", time.monotonic()
while True:
    try:
        got = os.read(terminal, 4096)
    except OSError: # the other end is closed
        break
    text += got
    frames += [(time.monotonic() - start, f.decode()) for f in re.findall(rb"\r([^\r\033]+)\033\[K", got)]
assert p.wait() == 0, p.returncode
assert text.endswith(b"\r\033[K") and b"\n" not in text, text[-100:]
assert len(frames) > 5 and len(frames) <= 10 * frames[-1][0] + 2, len(frames)
before = 0
for at, frame in frames:
    m = re.fullmatch(name + r" \[(#*)(\.*)\] +(\d+) %  (?:(\d+):(\d\d):(\d\d) left)?  .+", frame)
    assert m and len(m[1]) + len(m[2]) == 30, frame
    done = int(m[3]) / 100
    assert abs(len(m[1]) - 30 * done) <= 1.2 and before <= done <= 1, (frame, before)
    before = done
    at -= frames[0][0] # the bar begins after the program
    if m[4] and done >= 0.5:
        left = 3600 * int(m[4]) + 60 * int(m[5]) + int(m[6])
        assert abs(left - at * (1 - done) / done) <= 2 + 0.3 * at, (frame, at)
assert before > 0.8, before
P
# as many as take some three seconds
run() { "$glauber" sample g.mtx --array small --interval 10 --samples "$1" "${@:2}"; }
run 2000 --json >log 2>/dev/null
some=$(python3 -c "import json; print(int(2000 * 3 / json.load(open('log'))['seconds']))")
expect "the bar of sample" python3 bar.py sample "$glauber" sample g.mtx --array small --interval 10 --samples "$some"
train=("$glauber" train --data data --array small --batch 64 --topology "local:hidden=20,fan=12,window=5" -o m.h5)
"${train[@]}" --epochs 10 --json >log
some=$(python3 -c "import json; print(int(10 * 3 / json.loads(open('log').read().split('\n')[-2])['seconds']))")
expect "the bar of train" python3 bar.py train "${train[@]}" --epochs "$some"
finish
