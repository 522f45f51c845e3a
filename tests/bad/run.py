#!/usr/bin/env python3
"""Runs the lists of bad inputs (README.md) and prints a TAP line an entry. SPDX-License-Identifier: Apache-2.0

run.py GLAUBER FOLDER [LIST...]: FOLDER holds the good files that prepare.sh has made. With --show the messages are printed instead.
"""
import os
import resource
import shlex
import subprocess
import sys
import time

import content

HERE = os.path.dirname(os.path.abspath(__file__))


def entries(path):
    """(line number, group, files, command, [where, what, what to do]) of a list"""
    group, files = "", {}
    for number, line in enumerate(open(path, encoding="ascii"), 1):
        line = line.rstrip("\n")
        if not line or line.startswith("#"):
            continue
        if line.startswith("= "):
            group, files = line[2:], {}
        elif line.startswith("$ "):
            command, _, rest = line[2:].partition(" ? ")
            yield number, group, dict(files), command, [part.strip() for part in rest.split(" | ")]
        else:
            name, kind, text = line.split(" ", 2)
            if kind not in (":", "="):
                sys.exit(f"{path}:{number}: neither a file, nor a command, nor a heading")
            files[name] = (kind, text)


def snapshot():
    """name: what a change of the file would change"""
    found = {}
    for folder, folders, names in os.walk("."):
        for name in folders + names:
            s = os.lstat(os.path.join(folder, name))
            found[os.path.join(folder, name)] = (s.st_ino, s.st_mode, s.st_size if not os.path.isdir(os.path.join(folder, name)) else 0,
                                                 s.st_mtime_ns if not os.path.isdir(os.path.join(folder, name)) else 0)
    return found


# sanitizers need more address space than this limit, and time; scripts/sanitized.sh limits what is allocated
SANITIZED = "SANITIZED" in os.environ
SECONDS = 200 if SANITIZED else 20


def limit():
    if not SANITIZED:
        resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))


def check(glauber, command, wanted):
    """None, or why the command did not refuse as it must; and its message"""
    before = snapshot()
    try:
        r = subprocess.run([glauber, *shlex.split(command)], stdin=subprocess.DEVNULL, capture_output=True, timeout=SECONDS, preexec_fn=limit)
    except subprocess.TimeoutExpired:
        return "it does not end", ""
    message = r.stderr.decode("utf-8", "replace")
    lines = [line for line in message.splitlines() if not line.startswith("glauber: warning: ")]
    if r.returncode == 0:
        return "it is accepted", message
    if r.returncode < 0 or r.returncode >= 128:
        return f"it crashes (status {r.returncode})", message
    if r.stdout:
        return "it prints to standard output", message + r.stdout.decode("utf-8", "replace")
    if len(lines) != 1 or not lines[0].startswith("glauber: "):
        return "the message is not one line", message
    if snapshot() != before:
        changed = {k for k in snapshot().items() ^ before.items()}
        return f"it changes files: {sorted(k for k, _ in changed)}", message
    for name, text in zip(("where", "what", "what to do"), wanted):
        if not text or text not in lines[0]:
            return f"the message does not say {name}: {text!r}", message
    return None, message


def main():
    show = "--show" in sys.argv
    glauber, folder, *lists = [a for a in sys.argv[1:] if a != "--show"]
    glauber = os.path.abspath(glauber)
    lists = [os.path.abspath(p) for p in lists] or sorted(os.path.join(HERE, n) for n in os.listdir(HERE) if n.endswith(".txt"))
    os.chdir(folder)
    bad, count, start = 0, 0, time.monotonic()
    for path in lists:
        for number, group, files, command, wanted in entries(path):
            for name, (kind, text) in files.items():
                content.write(name, kind, text)
            if len(wanted) != 3 and not show:
                why, message = "an entry needs where, what and what to do", ""
            else:
                why, message = check(glauber, command, wanted if not show else [])
            for name in files:
                if os.path.exists(name):
                    os.unlink(name)
                folder_of_it = os.path.dirname(name)
                if folder_of_it and os.path.isdir(folder_of_it) and not os.listdir(folder_of_it):
                    os.removedirs(folder_of_it)
            count += 1
            label = f"{os.path.basename(path)}:{number} {group}: {command}"
            if show:
                print(f"{'' if not why else '!! ' + why + ' '}{number}\t{command}\t{message.strip()}")
            elif why:
                bad = 1
                print(f"# {why}\n# {message.strip()}\nnot ok - {label}")
            else:
                print("ok -", label)
    print(f"# {count} bad inputs in {time.monotonic() - start:.1f} s")
    return bad


if __name__ == "__main__":
    sys.exit(main())
