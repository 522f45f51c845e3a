#!/bin/bash
# docs/glauber.1 and the help pages, which come from the option tables, agree: commands, options, their values and defaults, graph
# families, topologies, devices, conventions. SPDX-License-Identifier: Apache-2.0
. "$(dirname "$0")/lib.sh"
manual=${MANUAL:-$(cd "$(dirname "$0")/../.." && pwd)/docs/glauber.1}
cat >"$work/compare.py" <<'P'
import re, subprocess, sys
glauber, manual = sys.argv[1:3]

def run(*words):
    return subprocess.run([glauber, *words], capture_output=True, text=True, check=True).stdout

def help_options(command):
    """name: (letter, value, default) of a help page"""
    found, text = {}, {}
    for line in run(command, "--help").split("\n"):
        m = re.match(r"  (?:-(\w), |    )--([a-z-]+)(?: (\S+))?(?:  +(\S.*))?$", line)
        if m:
            name = m.group(2)
            found[name], text[name] = (m.group(1), m.group(3)), m.group(4) or ""
        elif line.startswith(" " * 26):
            text[name] += " " + line.strip()
        else:
            name = ""
            text[name] = ""
    found.pop("help", None)
    default = {n: re.search(r"\[([^]]*)\]$", text[n]) for n in found}
    return {n: (*v, default[n] and default[n].group(1)) for n, v in found.items()}

def plain(line):
    """a tag line without roff: '--beta B [1]'"""
    macro, words = line.split(" ", 1)
    arguments = [(q if q else w).replace('""', '"') for q, w in re.findall(r'"((?:[^"]|"")*)"|(\S+)', words)]
    text = ("" if len(macro) == 3 else " ").join(arguments)
    return re.sub(r"\\f.", "", text).replace("\\-", "-")

def sections(text):
    """heading: [tag lines]"""
    found, heading, tag = {}, "", False
    for line in text.split("\n"):
        if line.startswith((".SH ", ".SS ")):
            heading = line[4:]
            found[heading] = []
        elif tag:
            found[heading].append(plain(line))
        tag = line == ".TP"
    return found

def option(tag):
    m = re.match(r"(?:-(\w), )?--([a-z-]+)(?: ([^[\s]\S*))?(?: \[(.*)\])?$", tag)
    return (m.group(2), (m.group(1), m.group(3), m.group(4))) if m else (tag, None)

bad = 0
def compare(what, one, other):
    global bad
    if one == other:
        print("ok - manual:", what)
        return
    bad = 1
    print("# help only or other:", sorted(set(one) - set(other), key=str), "manual only or other:", sorted(set(other) - set(one), key=str))
    print("not ok - manual:", what)

tags = sections(open(manual).read())
commands = re.findall(r"^  ([a-z]+) +\S", run("--help"), re.M)
described = {c for h in tags if h.startswith("Options of ") for c in h[11:].split(" and ")}
compare("commands", set(commands), described)
for c in commands:
    in_manual = [option(t) for h in tags if h.startswith("Options of ") and c in h[11:].split(" and ") for t in tags[h]]
    compare(f"options of {c}, each once", sorted(help_options(c).items()), sorted(in_manual))
families = re.findall(r"^  ([a-z0-9-]+) +\S", run("graph", "--help").split("Families")[1].split("\nAll but")[0], re.M)
compare("graph families", set(families), {w for t in tags["Families"] for w in re.findall(r"(?:^|; )([a-z0-9-]+)", t)} - {"lx"})
topologies = [" ".join(t.split()) for t in run("train", "--help").split("Topologies")[1].split("\n  ")[1:] if not t.startswith(" ")]
compare("topologies", {t.split()[0] for t in topologies}, {t.split()[0] for t in tags["Topologies"]})
text = " ".join(run("train", "--help").split("Topologies")[1].split())
keys = {t.split()[0]: set(re.findall(r"[a-z0-9]+=[0-9(a-z)]+", t)) for t in tags["Topologies"]}
starts = [(text.index(f" {n} "), n) for n in keys] + [(len(text), "")]
compare("keys of topologies", {n: set(re.findall(r"[a-z0-9]+=[0-9(a-z)]+", text[a:b])) for (a, n), (b, _) in zip(sorted(starts), sorted(starts)[1:])}, keys)
devices = re.search(r"--device NAME\s+(emu, .*?)\[emu\]", " ".join(run("info", "--help").split())).group(1)
compare("devices", set(re.split(r", | or ", devices.strip())), {t.split()[0] for t in tags["DEVICES"]})
# the library's own list, in the message about a device that does not exist
refusal = subprocess.run([glauber, "info", "--device", "nothing"], capture_output=True, text=True).stderr
forms = re.split(r", | and ", refusal.split("there are ")[1].strip())
compare("kinds of devices", {re.split(r"[:[]", t)[0] for t in forms}, {re.split(r"[:[]", t)[0] for t in re.split(r", | or ", devices.strip())})
names = re.search(r"meaning of the numbers in GRAPH: (.*?) \[", " ".join(run("info", "--help").split())).group(1)
compare("conventions", set(re.split(r", | or ", names)), {t.split()[0] for t in tags["CONVENTIONS"]})
sys.exit(bad)
P
python3 "$work/compare.py" "$glauber" "$manual" || bad=1
if command -v man >/dev/null; then
    expect "the manual has no mistakes of format" test -z "$(man --warnings -l -E UTF-8 -Tutf8 "$manual" 2>&1 >/dev/null)"
fi
finish
