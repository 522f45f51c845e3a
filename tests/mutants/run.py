#!/usr/bin/env python3
# Sets one deliberate fault of tests/mutants/*.txt at a time in a copy of the tree, and runs the tests that claim its area until
# one fails. A run that is interrupted goes on where it stopped. SPDX-License-Identifier: Apache-2.0
import argparse
import hashlib
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import time

import report
import suites
from entries import AREAS, ROOT, BadList, check, draw, read_all

PARTS = ("Makefile", "rtl", "sim", "fpga", "constraints", "host", "tests", "tools", "scripts", "mk", "docs", "bench", "models")
# no test of suites.py depends on these
APART = ("docs/", "models/", "bench/", "tests/mutants/", "tests/tree/", "tests/docs/", "tests/install/", "scripts/run_tests.sh",
         "scripts/lint.sh")
BUILD_SECONDS = 900


def tracked():
    out = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "-z", *PARTS], cwd=ROOT, check=True,
                         capture_output=True).stdout.decode()
    return [f for f in out.split("\0") if f and (ROOT / f).is_file()]


def copy_tree(to):
    """Makes the copy equal to the tree; files that are equal already keep their times, for make. Returns a hash of all that tests
    depend on."""
    whole = hashlib.sha256()
    for name in sorted(tracked()):
        source, target = ROOT / name, to / name
        data = source.read_bytes()
        if not name.startswith(APART):
            whole.update(f"{name}\0{hashlib.sha256(data).hexdigest()}\n".encode())
        if target.exists() and target.read_bytes() == data:
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, target)
        os.utime(target)
    for name in (".venv", ".venv-usb"):  # proofs and the USB core's generator
        if (ROOT / name).exists() and not (to / name).exists():
            (to / name).symlink_to((ROOT / name).resolve())
    return whole.hexdigest()[:16]


def shell(command, seconds, build):
    """(exit status or None for a time-out, the last lines) of a command in the copy, in a process group of its own."""
    with subprocess.Popen(["bash", "-c", command], cwd=suites.tree(build), env=suites.environment(build), start_new_session=True,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as p:
        try:
            out = p.communicate(timeout=seconds)[0]
            return p.returncode, out.decode(errors="replace")[-2000:]
        except subprocess.TimeoutExpired:
            os.killpg(p.pid, signal.SIGKILL)
            out = p.communicate()[0]
            return None, out.decode(errors="replace")[-2000:]
        except BaseException:  # Ctrl-C: what was started ends too
            os.killpg(p.pid, signal.SIGKILL)
            raise


class Runner:
    def __init__(self, build):
        self.build = build
        self.dir = ROOT / build / "mutants"
        suites.tree(build).mkdir(parents=True, exist_ok=True)
        self.tree_hash = copy_tree(suites.tree(build))
        self.log = self.dir / "results.jsonl"
        self.sound, self.done, self.missing = set(), {}, {}
        for line in self.log.read_text().splitlines() if self.log.exists() else []:
            r = json.loads(line)
            if r["tree"] != self.tree_hash:
                continue
            if r.get("test_passes"):
                self.sound.add(r["test_passes"])
            else:
                self.done[r["key"]] = r

    def keep(self, record):
        with open(self.log, "a") as f:
            f.write(json.dumps(dict(record, tree=self.tree_hash)) + "\n")

    def passes_unchanged(self, name):
        """Whether the test passes without a fault; what fails then tells nothing about one."""
        if name in self.sound:
            return True
        build_cmd, run_cmd, seconds = suites.command(name)
        status, out = shell(build_cmd, BUILD_SECONDS, self.build)
        if status == 0:
            status, out = shell(run_cmd, seconds, self.build)
        if status != 0:
            print(f"# {name} fails on the unchanged tree; it is left out:\n{out}", flush=True)
            self.missing[name] = out
            return False
        self.sound.add(name)
        self.keep({"test_passes": name})
        return True

    def outcome(self, m):
        """(outcome, test or message): caught, caught (hang), survived, or invalid if it does not compile."""
        file = suites.tree(self.build) / m.path
        original = file.read_bytes()
        ran = False
        for name in suites.tests_of(m):
            if name in self.missing or not self.passes_unchanged(name):
                continue
            build_cmd, run_cmd, seconds = suites.command(name)
            try:
                file.write_text(m.apply(original.decode()))
                status, out = shell(build_cmd, BUILD_SECONDS, self.build)
                if status != 0:
                    return "invalid", out
                ran = True
                status, out = shell(run_cmd, seconds, self.build)
            finally:
                file.write_bytes(original)
            if status is None:
                return "caught (hang)", name
            if status != 0:
                return "caught", name
        return ("survived", "") if ran else ("invalid", "no test of its area could run")

    def run(self, m):
        if m.key() in self.done:
            return self.done[m.key()]
        start = time.monotonic()
        outcome, what = self.outcome(m)
        record = {"key": m.key(), "id": m.id, "outcome": outcome, "test": what, "seconds": round(time.monotonic() - start, 1),
                  "time": time.strftime("%Y-%m-%d %H:%M:%S"), "revision": report.revision()}
        self.keep(record)
        self.done[m.key()] = record
        return record


def tap(m, r):
    """One line a fault. A survivor is as it should be if the list tells why."""
    good = r["outcome"].startswith("caught") or (r["outcome"] == "survived" and bool(m.equivalent or m.known))
    said = r["test"] if r["outcome"].startswith("caught") else m.equivalent or m.known or m.reason
    print(f"{'ok' if good else 'not ok'} - {m.id} {m.path}: {r['outcome']}: {said} ({r['seconds']} s)", flush=True)
    if r["outcome"] == "invalid":
        print("# " + r["test"].replace("\n", "\n# "), flush=True)
    return good


def main():
    p = argparse.ArgumentParser(description="deliberate faults, and whether the tests notice them")
    p.add_argument("what", choices=["check", "run", "report"])
    p.add_argument("--area", default="", help="areas, comma between: " + " ".join(AREAS))
    p.add_argument("--id", default="", help="only these faults, comma between")
    p.add_argument("--share", type=float, default=1, help="part of each area, 0 to 1")
    p.add_argument("--seed", default="1", help="which part")
    p.add_argument("--build", default=os.environ.get("BUILD", "build"), help="build folder, inside the tree")
    p.add_argument("--seconds", type=float, default=0, help="no further fault after so long")
    a = p.parse_args()
    areas = [x for x in a.area.split(",") if x]
    for x in areas:
        if x not in AREAS:
            p.error(f"no area is called {x}; there are {' '.join(AREAS)}")
    try:
        mutants = read_all()
    except BadList as e:
        sys.exit(f"mutants: {e}")
    bad = check(mutants)
    if bad:
        print("\n".join(bad))
        sys.exit(f"mutants: {len(bad)} entries to be corrected")
    if a.what == "check":
        print(f"ok - {len(mutants)} faults, each applies once")
        return
    wanted = a.id.split(",") if a.id else []
    chosen = [m for m in draw(mutants, a.share, a.seed) if (not areas or m.area in areas) and (not wanted or m.id in wanted)]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # the file with a fault is restored
    runner = Runner(a.build)
    good, start = True, time.monotonic()
    for m in chosen if a.what == "run" else []:
        if a.seconds and time.monotonic() - start > a.seconds:
            print("# out of time; the same command goes on here")
            break
        good &= tap(m, runner.run(m))
    if a.what == "report" or (a.share >= 1 and not wanted):
        report.write(mutants, runner.done)
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
