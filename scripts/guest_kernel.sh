#!/bin/bash
# Debian's kernel for the guest of `make test-usb`: fetched and unpacked into DIR, not installed. DIR/vmlinux, DIR/modules/*.ko, DIR/order.
# Usage: guest_kernel.sh DIR. SPDX-License-Identifier: Apache-2.0
set -eu
dir=$1
[ -e "$dir/order" ] && exit 0
mkdir -p "$dir"
dir=$(cd "$dir" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# the cloud kernel lacks USB, so: what the meta package depends on
newest() { apt-cache depends linux-image-amd64 2>/dev/null | sed -n 's/.*Depends: \(linux-image-.*\)/\1/p' | head -1; }
package=$(newest)
if [ -z "$package" ] && [ "$(id -u)" = 0 ]; then
    apt-get update -q >/dev/null
    package=$(newest)
fi
[ -n "$package" ] || { echo "guest_kernel: apt knows no linux-image-amd64; run apt-get update" >&2 && exit 1; }
echo "guest kernel: fetching $package (70 MB)"
(cd "$work" && apt-get download -q "$package" >/dev/null 2>"$work/apt.log") || { cat "$work/apt.log" >&2 && exit 1; }
dpkg-deb --fsys-tarfile "$work/$package"_*.deb | tar -x -C "$work" --wildcards './boot/vmlinuz-*' './lib/modules/*/kernel/drivers/*' \
    './lib/modules/*/kernel/net/*'

# The kernel's ELF file: unpacked here it need not be unpacked by the emulated processor. Its place is in the boot header.
u32() { od -An -tu4 -j "$1" -N 4 "$work"/boot/vmlinuz-* | tr -d ' '; }
setup=$(od -An -tu1 -j $((0x1f1)) -N 1 "$work"/boot/vmlinuz-* | tr -d ' ')
[ "$setup" != 0 ] || setup=4
offset=$(((setup + 1) * 512 + $(u32 $((0x248)))))
length=$(u32 $((0x24c)))
tail -c +$((offset + 1)) "$work"/boot/vmlinuz-* | head -c "$length" | xz -dc --single-stream >"$dir/vmlinux"

mkdir -p "$dir/modules"
: >"$work/order"
add() { # a module after those it needs
    local name=${1//-/_} file needs n
    grep -qx "$name" "$work/order" && return
    file=$(find "$work/lib/modules" -name "${name//_/[-_]}.ko" | head -1)
    [ -n "$file" ] || return 0 # built in
    needs=$(grep -a -z '^depends=' "$file" | tr -d '\0' | sed 's/^depends=//')
    for n in ${needs//,/ }; do add "$n"; done
    cp "$file" "$dir/modules/$name.ko"
    echo "$name" >>"$work/order"
}
for m in vhci-hcd virtio-net virtio-pci; do add "$m"; done
cp "$work/order" "$dir/order"
