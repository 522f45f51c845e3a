#!/bin/bash
# Every documented option, key of the JSON and item of a file has a test that would notice if it were wrong: claims.txt.
# SPDX-License-Identifier: Apache-2.0
. "$(dirname "$0")/lib.sh"
cat >"$work/claims.py" <<'P'
import pathlib, re, subprocess, sys
glauber, tree = sys.argv[1], pathlib.Path(sys.argv[2])
claims = {}  # (of what, name): tests
bad = 0


def text_of(test):
    kind, name = test.split(" ", 1)
    files = [tree / f"tests/cli/{name}.sh", tree / f"tests/cli/checks/{name}.py"] if kind == "cli" else [tree / f"tests/unit/{name}.c"]
    files = [f for f in files if f.exists()]
    return "\n".join(f.read_text() for f in files) if files else None


def read():
    for number, line in enumerate((tree / "tests/cli/claims.txt").read_text().split("\n"), 1):
        where = f"claims.txt:{number}"
        if line.startswith("@ "):
            test, _, whole = line[2:].partition(" as a whole: ")
            text = text_of(test)
            if text is None:
                yield f"{where}: there is no test {test}"
        elif line and line[0] != "#":
            what, *names = line.split()
            for name in names:
                said = {"--output": r'-o|--output|"output"'}.get(name, rf'{name}|"{name[2:]}"' if name[0] == "-" else name.lstrip("@"))
                if text is not None and not whole and not re.search(rf"(?<![a-z_-])(?:{said})(?![a-z_-])", text):
                    yield f"{where}: {test} does not name {name}"
                claims.setdefault((what, name), []).append(test)


def options():
    """Of the help pages and of the manual."""
    pages = subprocess.run([glauber, "--help"], capture_output=True, text=True, check=True).stdout
    for command in re.findall(r"^  ([a-z]+) +\S", pages, re.M):
        page = subprocess.run([glauber, command, "--help"], capture_output=True, text=True, check=True).stdout
        for name in re.findall(r"^  (?:-\w, |    )(--[a-z-]+)", page, re.M):
            if name != "--help":
                yield command, name
    heading = ""
    for line in (tree / "docs/glauber.1").read_text().split("\n"):
        if line.startswith((".SH ", ".SS ")):
            heading = line[4:]
        elif heading.startswith("Options of ") and line.startswith((".B \\-", ".BR \\-")) and previous == ".TP":
            for command in heading[11:].split(" and "):
                yield command, re.search(r"--[a-z-]+", line.replace("\\-", "-")).group()
        previous = line


def written():
    """Keys and items in the sources."""
    keys = {"cmd_graph": "graph", "cmd_compile": "compile", "sample_report": "sample", "sample_statistics": "sample", "temper_report": "sample", "train_run": "train", "cmd_eval": "eval",
            "cmd_draw": "draw", "cmd_predict": "predict", "judge_digits": "draw", "cmd_info": "info", "cmd_usb": "list"}
    for file in sorted((tree / "host/tool").rglob("*.c")):
        for name in re.findall(r'\bjson_[a-z]+\(&?\w+, "([^"]+)"', file.read_text()):
            yield f"{keys.get(file.stem, file.name)}.json", name
    items = {"sample_file": "samples", "sample_info": "samples", "statistics_file": "statistics", "model": "model", "program_file": "program", "program_file_extra": "program", "program_file_precise": "program", "checkpoint": "checkpoint"}
    for file in sorted((tree / "host/lib").glob("*/**/*.c")):
        for kind, name in re.findall(r'\bglb_hdf5_put_([a-z]+)\(&?\w+, "([^"]+)"', file.read_text()):
            yield f"{items.get(file.stem, file.name)}.h5", name if kind == "array" else "@" + name
        for name in re.findall(r'\bmake_dataset\(\w+, "([^"]+)"', file.read_text()):
            yield f"{items.get(file.stem, file.name)}.h5", name


def report(name, wrong):
    global bad
    for w in wrong:
        print("#", w)
    print("not ok" if wrong else "ok", "-", name)
    bad |= bool(wrong)


report("every claim is of a test that is there and names what it claims", list(read()))
there = {"every documented option": set(options()), "every key of the JSON and item of a file": set(written())}
for what, names in there.items():
    report(f"{what} is claimed by a test ({len(names)})", [f"{' '.join(n)} is claimed by no test: write one and add it to claims.txt" for n in sorted(names - {*claims})])
report("nothing is claimed that is not there", [f"{' '.join(n)}" for n in sorted({*claims} - set.union(*there.values()))])
report("the sources were found", [] if all(len(n) > 100 for n in there.values()) else [str({k: len(n) for k, n in there.items()})])
sys.exit(bad)
P
python3 "$work/claims.py" "$glauber" "$tree" || bad=1
finish
