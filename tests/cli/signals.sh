#!/bin/bash
# Ctrl-C, SIGTERM and a hang-up end every long command at once: while it compiles with nothing to keep, while it samples or trains with what
# there is so far. SPDX-License-Identifier: Apache-2.0
# a run under nohup ignores hang-ups, and so would the programs here
[ "${1-}" = again ] || exec python3 -c '
import os, signal, sys
signal.signal(signal.SIGHUP, signal.SIG_DFL)
os.execv(sys.argv[1], [*sys.argv[1:], "again"])' "$(realpath "$0")"
. "$(dirname "$0")/lib.sh"
cd "$work" || exit 1
mkdir data many
bars data
python3 "$tree/tests/support/bars.py" many 1 64 4000 # much to read
"$glauber" graph complete n=900 -o large.mtx >/dev/null
"$glauber" graph regular n=400,d=3 -o g.mtx >/dev/null
train=(train --data data --array small --batch 64 --topology local:hidden=20,fan=12,window=5)
"$glauber" "${train[@]}" --epochs 0.1 -o model.h5 >/dev/null

# ends SIGNAL STATUS READY COMMAND...: the command, sent the signal once the command READY succeeds, ends with STATUS within 3 s.
# Python, as a shell starts what is in the background with SIGINT ignored
cat >ends.py <<'P'
import signal, subprocess, sys, time
name, status, ready, *command = sys.argv[1:]
p = subprocess.Popen(command, stdout=open("log", "w"), stderr=subprocess.STDOUT)
for _ in range(3000):
    if subprocess.run(ready, shell=True).returncode == 0:
        break
    time.sleep(0.01)
if p.poll() is not None:
    sys.exit(f"it ended by itself with {p.returncode}")
p.send_signal(getattr(signal, name))
start = time.monotonic()
try:
    got = p.wait(60)
except subprocess.TimeoutExpired:
    p.kill()
    sys.exit("it does not end")
got = 128 - got if got < 0 else got # as a shell sees it
if got != int(status) or time.monotonic() - start > 3:
    sys.exit(f"status {got} after {time.monotonic() - start:.1f} s")
P
ends() { expect "$1" python3 ends.py "${@:2}"; }

for s in "SIGINT 130" "SIGTERM 143" "SIGHUP 129"; do
    # shellcheck disable=SC2086
    set -- $s
    ends "$1 while anneal compiles" "$1" "$2" "sleep 0.7" "$glauber" anneal large.mtx --array big -o compiled.h5
    ends "$1 while anneal runs" "$1" "$2" "sleep 1.5" "$glauber" anneal g.mtx --array small --sweeps 4000000000 --top 1 --states best.txt
    expect "the best state so far is reported" grep -qE "^state 1    -[0-9]+, seen [0-9]+ times" log
    expect "and written" test "$(cut -d' ' -f3 best.txt | tr -d '\n' | wc -c)" = 400
    rm -f best.txt
    ends "$1 while temper runs" "$1" "$2" "ls t.h5.*.tmp >/dev/null 2>&1 && sleep 0.3" "$glauber" temper g.mtx --array small --rounds 400000000 --temperatures 4 --top 1 -o t.h5
    expect "its ladder and best state so far are reported" test "$(grep -cE '^ladder     4 temp|^state 1    -[0-9]+, seen|^rounds     [0-9]+ of 2' log)" = 3
    expect "its samples so far are written" test -s t.h5
    rm -f t.h5
    ends "$1 while sample runs" "$1" "$2" "ls s.h5.*.tmp >/dev/null 2>&1 && sleep 0.3" "$glauber" sample g.mtx --array small --samples 4000000 -o s.h5
    expect "its samples so far are written" test -s s.h5
    rm -f s.h5
    ends "$1 while eval reads" "$1" "$2" "sleep 0.7" "$glauber" eval model.h5 --data many --sweeps 60000 --chains 1 --threads 1
    ends "$1 while train trains" "$1" "$2" "test -e m.h5.checkpoint" "$glauber" "${train[@]}" --epochs 100000 --save-every 0 -o m.h5
    expect "its checkpoint is kept" test -s m.h5.checkpoint
    rm -f m.h5.checkpoint
    ends "$1 while draw draws" "$1" "$2" "sleep 0.5" "$glauber" draw model.h5 --anyway --sweeps 10000000 -o x.png
done
# as nohup starts a program: its terminal may close
cat >nohup.py <<'P'
import signal, subprocess, sys, time
signal.signal(signal.SIGHUP, signal.SIG_IGN)
p = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
time.sleep(1)
p.send_signal(signal.SIGHUP)
time.sleep(0.5)
assert p.poll() is None, p.returncode
p.send_signal(signal.SIGINT)
assert p.wait(60) == 130, p.returncode
P
expect "a hang-up does not end what nohup started, Ctrl-C does" python3 nohup.py "$glauber" sample g.mtx --array small --samples 4000000
# while the reference is at a batch of minutes
cat >twice.py <<'P'
import signal, subprocess, sys, time
p = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
time.sleep(1.5)
p.send_signal(signal.SIGINT)
time.sleep(0.3)
assert p.poll() is None, p.returncode # after the batch
start = time.monotonic()
p.send_signal(signal.SIGINT)
assert p.wait(60) == -signal.SIGINT, p.returncode
assert time.monotonic() - start < 1
P
expect "a second Ctrl-C ends a program at once" python3 twice.py "$glauber" "${train[@]}" --device emu-port \
    --positive-burn 10000 --negative-burn 10000 --epochs 1 -o m.h5
expect "nothing is left behind" test -z "$(ls -- *.tmp compiled.h5 m.h5 x.png 2>/dev/null)"
finish
