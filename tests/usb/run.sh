#!/bin/bash
# A real Linux kernel (Debian's, in QEMU) attaches boards that `glauber usbip` serves and runs the unchanged tool on them through libusb;
# what comes out is compared with the emulator's, bit for bit. Prints TAP lines. SPDX-License-Identifier: Apache-2.0
set -u
cd "$(dirname "$0")/../.." || exit 1
glauber=${GLAUBER:-build/glauber}
build=${BUILD:-build}
kernel=${GUEST_KERNEL:-.guest}
work=$(mktemp -d)
pids=()
trap 'for p in "${pids[@]}"; do kill "$p" 2>/dev/null; done; rm -rf "$work"' EXIT

fail() {
    echo "not ok - usb guest: $*"
    exit 1
}
[ -e "$kernel/order" ] || fail "no kernel in $kernel; scripts/setup.sh usb fetches it"

# ---- what the guest works on, and what the emulator makes of it ----
root=$work/root
mkdir -p "$root"/{bin,lib,lib64,modules,data,small,proc,sys,dev,tmp,etc}
"$glauber" graph regular n=300,d=5,weights=gauss -o "$root/g.mtx" >/dev/null || fail "no graph"
python3 tests/support/bars.py "$root/data" 1 256 64 || fail "no images"
"$glauber" sample "$root/g.mtx" --array small --samples 50 --chains 48 --seed 5 -o "$work/sample.h5" >"$work/log" 2>&1 || fail "emulated sample"
# trainings whose sums the host counts here, and the boards in the guest
"$glauber" train --data "$root/data" --array small --topology local:hidden=40,fan=12 --batch 64 --shift 0 --epochs 1 --images 128 \
    --count host -o "$work/train.h5" >>"$work/log" 2>&1 || fail "emulated training"
python3 tests/support/bars.py "$root/small" 1 256 64 7 3 || fail "no small images"
"$glauber" train --data "$root/small" --array tiny --topology local:hidden=12,fan=6,window=3 --batch 64 --shift 0 --epochs 2 --images 128 \
    --count host -o "$work/gateware.h5" >>"$work/log" 2>&1 || fail "emulated training of small images"

# ---- the boards ----
serve() { # serve LOG OPTIONS...: sets $port
    local log=$1
    shift
    "$glauber" usbip --port 0 "$@" >"$log" 2>&1 &
    pids+=($!)
    for _ in $(seq 200); do
        port=$(sed -n 's/^listening on 127.0.0.1:\([0-9]*\)$/\1/p' "$log")
        [ -n "$port" ] && return
        sleep 0.05
    done
    fail "no server: $(cat "$log")"
}
serve "$work/fast.log" --array small --serial FAST
fast=$port
serve "$work/slow.log" --array tiny --serial SLOW --full-speed
slow=$port
# and the gateware itself, driven at its ULPI pins
serve "$work/gateware.log" --device sim --array tiny
printf 'FAST=%s\nSLOW=%s\nGATEWARE=%s\n' "$fast" "$slow" "$port" >"$root/ports"

# ---- the guest's file system ----
install_program() { # install_program FILE: with the libraries it needs
    cp -L "$1" "$root/bin/"
    ldd "$1" | sed -n 's/.*=> \(\/[^ ]*\).*/\1/p' | while read -r so; do
        [ -e "$root/lib/${so##*/}" ] || cp -L "$so" "$root/lib/"
    done
}
for p in "$glauber" "$build/tests/usb/h5hash" "$(PATH=$PATH:/usr/sbin command -v usbip)"; do install_program "$p"; done
cp -L /lib64/ld-linux-x86-64.so.2 "$root/lib64/"
cp "$(command -v busybox)" "$root/bin/busybox"
for c in sh mount insmod cat ifconfig mkdir grep sed seq usleep sleep kill timeout poweroff dmesg; do ln -s busybox "$root/bin/$c"; done
cp "$kernel/order" "$kernel"/modules/*.ko "$root/modules/"
cp tests/usb/guest_init "$root/init"
chmod +x "$root/init"
(cd "$root" && find . | cpio -o -H newc --quiet) >"$work/initrd"

# ---- run it ----
timeout 3000 qemu-system-x86_64 -M q35 -accel tcg -cpu max -smp 1 -m 1024 -nodefaults -no-user-config -nographic -serial stdio -no-reboot \
    -kernel "$kernel/vmlinux" -initrd "$work/initrd" \
    -append "console=ttyS0 quiet panic=-1 reboot=t mitigations=off nokaslr no_timer_check" \
    -netdev user,id=n -device virtio-net-pci,netdev=n,romfile= </dev/null 2>&1 | tr -d '\r' | tee "$work/console"
grep -q '^guest done' "$work/console" || fail "the guest did not get to its end"
compare() { # compare NAME: the guest's hash with the emulator's
    local guest
    guest=$(sed -n "s/^hash $1 //p" "$work/console")
    if [ -n "$guest" ] && [ "$guest" = "$("$build/tests/usb/h5hash" "$work/$1.h5")" ]; then
        echo "ok - usb: $1 through the kernel gives the emulator's bits ($guest)"
    else
        echo "not ok - usb: $1 through the kernel: hash '$guest', the emulator's $("$build/tests/usb/h5hash" "$work/$1.h5")"
    fi
}
compare sample
compare train
compare gateware
