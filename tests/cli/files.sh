#!/bin/bash
# Output files: what cannot be written is refused before the work, with one message; old files stay, nothing is left behind.
# SPDX-License-Identifier: Apache-2.0
. "$(dirname "$0")/lib.sh"
cd "$work" || exit 1
"$glauber" graph regular n=200,d=5 -o g.mtx >/dev/null
mkdir folder data
bars data
train=(train --data data --array small --batch 64 --topology local:hidden=20,fan=12,window=5)
"$glauber" "${train[@]}" --epochs 0.1 -o model.h5 >/dev/null
ln -s nothing dead.link
mkfifo pipe
# root could replace the device of the machine, so its test makes one of its own
if [ "$(id -u)" = 0 ]; then
    mknod full c 1 7 2>/dev/null && chmod 666 full && ln -s full full.link
else
    ln -s /dev/full full.link
fi
files=$(ls)

# refused_by_all PATH TEXT: every command that writes a file refuses PATH with TEXT
refused_by_all() {
    says 1 "graph onto $1" "$2" "$glauber" graph complete n=5 -o "$1"
    says 1 "compile onto $1" "$2" "$glauber" compile g.mtx --array small -o "$1"
    says 1 "sample onto $1" "$2" "$glauber" sample g.mtx --array small -o "$1"
    says 1 "anneal onto $1" "$2" "$glauber" anneal g.mtx --array small -o "$1"
    says 1 "train onto $1" "$2" "$glauber" "${train[@]}" --epochs 1000 -o "$1"
    says 1 "train with the checkpoint $1" "$2" "$glauber" "${train[@]}" --epochs 1000 -o m.h5 --checkpoint "$1"
    says 1 "eval with the curve $1" "$2" "$glauber" eval model.h5 --data data --curve-file "$1"
    says 1 "draw onto $1" "$2" "$glauber" draw model.h5 --weights -o "$1"
}
refused_by_all folder "folder: is a directory"
[ ! -e full.link ] || refused_by_all full.link "is a device, pipe or socket"
refused_by_all pipe "is a device, pipe or socket"
refused_by_all dead.link "a symbolic link to a file that does not exist"
refused_by_all /proc/glauber.out "/proc/glauber.out: cannot be created"
refused_by_all - "standard output is not possible"
if [ "$(id -u)" != 0 ]; then
    mkdir closed && chmod 555 closed
    refused_by_all closed/out "closed/out: cannot be created: Permission denied"
    rmdir closed
fi
rm -f out err
expect "nothing is left behind" test "$(ls | grep -v '^out$\|^err$')" = "$files"
says 1 "a folder that is not there" "make its folder first" "$glauber" graph complete n=5 -o none/x.mtx
says 1 "the graph as output" "g.mtx: is also read" "$glauber" sample g.mtx --array small -o ./g.mtx
printf '1 1\n' >start.txt
says 1 "a file of start values as output" "start.txt: is also read" "$glauber" sample g.mtx --array small --init start.txt -o start.txt
rm start.txt
says 1 "the program as output" "is also read" "$glauber" sample g.mtx --array small --program model.h5 -o model.h5
says 1 "couplings and biases into one file" "files of their own" "$glauber" graph complete n=5,bias=pm1 -o x.mtx --bias x.mtx
says 1 "model and checkpoint in one file" "files of their own" "$glauber" "${train[@]}" -o x.h5 --checkpoint x.h5
says 1 "biases onto a folder" "folder: is a directory" "$glauber" graph complete n=5,bias=pm1 -o before.mtx --bias folder
expect "before the couplings are written" test ! -e before.mtx
for part in train t10k; do
    says 1 "training onto the $part images" "is also read" "$glauber" "${train[@]}" -o data/$part-images-idx3-ubyte
    says 1 "a curve onto the $part labels" "is also read" "$glauber" eval model.h5 --data data --curve-file data/$part-labels-idx1-ubyte
    says 1 "a picture onto the $part images" "is also read" "$glauber" draw model.h5 --inpaint --data data -o data/$part-images-idx3-ubyte
done
says 1 "a training without images" "make data" "$glauber" train --data none -o fresh/m.h5 --checkpoint fresher/m.checkpoint
expect "leaves no folders behind" test ! -e fresh -a ! -e fresher
for option in bias schedule clamp init program; do
    echo 1 >input
    says 1 "the file of --$option as output" "input: is also read" "$glauber" sample g.mtx --array small --$option input -o input
    expect "stays" test "$(cat input)" = 1
done
says 1 "the graph of compile as output" "is also read" "$glauber" compile g.mtx -o g.mtx
says 1 "its biases" "is also read" "$glauber" compile g.mtx --bias input -o input
says 1 "the model of eval as its curve" "is also read" "$glauber" eval model.h5 --data data --curve-file model.h5
says 1 "the model of draw as its picture" "is also read" "$glauber" draw model.h5 --weights -o model.h5
says 1 "the graph of a training as its model" "is also read" "$glauber" train --data data --topology file:g.mtx -o g.mtx
says 1 "a waveform onto the graph" "is also read" "$glauber" sample g.mtx --device sim --array small --trace g.mtx
rm input
ln -s real.mtx x.link
touch real.mtx
expect "a link to a file" "$glauber" graph complete n=5 -o x.link
expect "stays a link, and the file is written" test -L x.link -a -s real.mtx

# standard output onto a full disk
[ ! -e /dev/full ] || for command in "--help" "--version" "sample --help" "info --arrays" "sample g.mtx --array small --json"; do
    # shellcheck disable=SC2086
    "$glauber" $command >/dev/full 2>message
    status=$?
    expect "glauber $command >/dev/full fails" test $status = 1
    expect "with a message" grep -q 'glauber: standard output: No space left' message
done

# full_disk KB COMMAND...: in a file system of that size at $work/disk, which must be empty afterwards
full_disk() {
    # shellcheck disable=SC2016
    unshare $([ "$(id -u)" = 0 ] || echo -r) -m sh -c 'mount -t tmpfs -o size=$1k tmpfs disk || exit 99; shift; "$@"; s=$?
        [ -z "$(ls -A disk)" ] || { ls -A disk >&2; exit 98; }; exit $s' sh "$@"
}
# a limit on the size of files, its signal ignored, is a full disk for one program
limited() { # limited KB COMMAND...
    (trap '' XFSZ && ulimit -f "$1" && shift && exec "$@")
}
for kb in 1 2 4 8 12 16; do
    says 1 "a program of at most $kb KB" "cannot be written: File too large" limited $kb "$glauber" compile g.mtx --array small -o limit.glbp
    says 1 "samples of at most $kb KB" "cannot be written: File too large" limited $kb "$glauber" sample g.mtx --array small --samples 2000 -o limit.h5
    says 1 "a model of at most $kb KB" "cannot be written: File too large" limited $kb "$glauber" "${train[@]}" --epochs 0.1 -o limit.h5
done
expect "nothing is left behind by them" test -z "$(ls -- limit* 2>/dev/null)"

mkdir disk
if full_disk 100 true 2>/dev/null; then
    "$glauber" graph regular n=5000,d=5 -o large.mtx >/dev/null
    for kb in 4 8 16 24; do
        says 1 "a program on a disk of $kb KB" "disk/p.glbp" full_disk $kb "$glauber" compile g.mtx -o disk/p.glbp
    done
    says 1 "a graph on a full disk" "cannot be written: No space left" full_disk 20 "$glauber" graph regular n=5000,d=5 -o disk/x.mtx
    says 1 "samples on a full disk" "cannot be written: No space left on device" full_disk 100 "$glauber" sample g.mtx --array small --samples 5000 -o disk/s.h5
    says 1 "the end of the samples" "cannot be written: No space left on device" full_disk 8 "$glauber" sample g.mtx --array small --samples 10 -o disk/s.h5
    says 1 "a model on a full disk" "cannot be written: No space left on device" full_disk 16 "$glauber" "${train[@]}" --epochs 0.1 -o disk/m.h5
    says 1 "a checkpoint on a full disk" "cannot be written: No space left on device" full_disk 40 "$glauber" "${train[@]}" --epochs 3 --save-every 0 -o m.h5 \
        --checkpoint disk/m.checkpoint
    says 1 "a picture on a full disk" "cannot be written: No space left" full_disk 4 "$glauber" draw model.h5 --weights -o disk/w.png
else
    echo "# no file system can be mounted here: full disks are not tested"
fi
finish
