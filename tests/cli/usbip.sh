#!/bin/bash
# glauber usbip: every option seen by a client that attaches as Linux does (usbip.py); what selftest's options change.
# SPDX-License-Identifier: Apache-2.0
. "$(dirname "$0")/lib.sh"
here=$(cd "$(dirname "$0")" && pwd)
cd "$work" || exit 1

# serve OPTIONS...: starts the server; once it listens, what a client sees is in `seen`, what was printed in `log`
serve() {
    : >log # that of the server before
    "$glauber" usbip "$@" >log 2>err &
    server=$!
    for _ in $(seq 200); do
        grep -q '^listening on' log && break
        sleep 0.05
    done
    port=$(sed -n 's/^listening on 127.0.0.1:\([0-9]*\)$/\1/p' log)
    timeout 100 python3 "$here/checks/usbip.py" "$port" >seen
    kill -INT $server
    wait $server
}
board="j['boards'] == 1 and j['vendor'] == 0x1209 and j['product'] == 'glauber p-bit array'"
# the array as it identifies itself: tiles, lanes, chains
array() { echo "j['ident'][:4] == list(b'GLBR') and j['ident'][6:10] == [$1, 0, $2, $3]"; }
serve --port 0 --array tiny4 --serial 'two words'
expect "a board at a free port ends with Ctrl-C" test $? = 0 -a "$port" -gt 1023
expect "its serial number, speed and array are those asked for" json seen \
    "$board and j['serial'] == 'two words' and j['speed'] == 3 and j['packet'] == 512 and $(array 4 4 8)"
expect "and are printed" grep -q '^device     emu tiny4, high speed, serial number two words$' log
expect "with how to attach it" grep -q "usbip --tcp-port $port attach -r 127.0.0.1 -b 1-1" log
free=$(python3 -c "import socket; s = socket.socket(); s.bind(('127.0.0.1', 0)); print(s.getsockname()[1])")
serve --port "$free" --array tiny --full-speed
expect "a full-speed board at a port of choice" json seen "$board and j['serial'] == 'emu1' and j['speed'] == 2 and j['packet'] == 64 and $(array 4 2 4)"
expect "at that port" test "$port" = "$free"
serve --device sim --port 0 --array tiny
expect "the gateware has a serial number of its own" json seen "$board and j['serial'] == 'GLB0001' and j['speed'] == 3 and $(array 4 2 4)"
serve --device sim --port 0 --array tiny --full-speed
expect "and both speeds" json seen "$board and j['speed'] == 2 and j['packet'] == 64 and $(array 4 2 4)"
says 1 "gateware that was not built" "make sim-usb ARRAY=tiny4" "$glauber" usbip --device sim --array tiny4 --port 0
python3 -c "
import socket, time
s = socket.socket()
s.bind(('127.0.0.1', $free))
s.listen()
print('taken', flush=True)
time.sleep(60)" >taken &
other=$!
for _ in $(seq 100); do [ -s taken ] && break || sleep 0.05; done
says 1 "a port that is taken" "$free" "$glauber" usbip --array tiny --port "$free"
kill $other

# ---- selftest ----
for a in tiny tiny4; do "$glauber" selftest --array $a >$a.log; done
"$glauber" selftest --device emu-port --array tiny >port.log
expect "selftest names the array" eval 'head -n 1 tiny.log | grep -q "tiny\b" && head -n 1 tiny4.log | grep -q tiny4'
expect "the reference is compared with the emulator" grep -q 'agree with emu' port.log
refuse "a device that is not there" "nothing" "$glauber" selftest --device uart:/dev/nothing --array tiny
finish
