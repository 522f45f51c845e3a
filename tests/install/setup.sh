#!/bin/bash
# Set-up: --check names what is missing and installs nothing. SPDX-License-Identifier: Apache-2.0
. "$(dirname "$0")/../cli/lib.sh"
root=$(cd "$(dirname "$0")/../.." && pwd)
cd "$root" || exit 1
# a machine without packages, on which any attempt to install is seen
mkdir "$work/bin"
for tool in bash sh env dirname sed grep id cat find; do ln -s "$(command -v $tool)" "$work/bin/$tool"; done
for tool in sudo apt-get pip; do
    printf '#!/bin/sh\necho "%s $*" >> %s/installed\n' "$tool" "$work" >"$work/bin/$tool"
    chmod +x "$work/bin/$tool"
done
refuse "a build without its packages" "sudo apt-get install .*libusb-1.0-0-dev" env PATH="$work/bin" PKG_CONFIG_PATH=/nonexistent scripts/setup.sh --check build
refuse "names HDF5" "libhdf5-dev" env PATH="$work/bin" scripts/setup.sh --check build
expect "but not with HDF5=0" sh -c "! env HDF5=0 PATH='$work/bin' scripts/setup.sh --check build 2>&1 | grep -q hdf5"
expect "and installs nothing" test ! -e "$work/installed"
refuse "a group that does not exist" "unknown group nonsense" scripts/setup.sh --check nonsense
finish
