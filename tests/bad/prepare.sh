#!/bin/bash
# Makes the good files that the lists of bad inputs start from: prepare.sh GLAUBER FOLDER. SPDX-License-Identifier: Apache-2.0
set -eu
glauber=$1
bars=$(cd "$(dirname "$0")/../support" && pwd)/bars.py
cd "$2"
exec >/dev/null 2>&1
"$glauber" graph regular n=20,d=3,bias=pm1 -o g.mtx --bias b.mtx
"$glauber" graph regular n=20,d=3 --seed 2 -o other.mtx
"$glauber" graph random n=20,m=40 -o cut.mtx
"$glauber" compile g.mtx --array small -o p.glbp
"$glauber" sample g.mtx --array small -o s.h5
mkdir data folder
python3 "$bars" data 1 128 20
mkfifo pipe
ln -s nothing dead.link
# root could replace the device of the machine, so a device of its own; a pipe where there can be none
if [ "$(id -u)" != 0 ]; then ln -s /dev/full full.link
elif mknod full c 1 7; then ln -s full full.link
else ln -s pipe full.link; fi
printf 'old\n' >old.txt
train=(--data data --array small --topology local:hidden=20,fan=12,window=5 --batch 64)
"$glauber" train "${train[@]}" --epochs 1 -o m.h5
"$glauber" train "${train[@]}" --epochs 1000 --save-every 0 -o c.h5 &
training=$!
until [ -e c.h5.checkpoint ] || ! kill -0 $training; do sleep 0.02; done
kill -TERM $training
wait $training || true
[ -e c.h5.checkpoint ] && [ ! -e c.h5 ]
