# What has been run: build/mutants/results.jsonl, a line a fault or a test that passes without one. SPDX-License-Identifier: Apache-2.0
import hashlib
import json
import threading
import time

import report
import suites
from entries import ROOT


def content(paths):
    h = hashlib.sha256()
    for p in paths:
        h.update(p.name.encode() + b"\0" + (p.read_bytes() if p.is_file() else b"") + b"\0")
    return h.hexdigest()[:16]


class Results:
    """A survivor counts for the very tree in which it ran. What was caught counts while the file of the fault and the test that
    caught it are as they were."""

    def __init__(self, log, tree_hash, mutants):
        self.log, self.tree = log, tree_hash
        self.lock = threading.Lock()
        self.done, self.old, self.hint, self.sound, self.missing = {}, {}, {}, set(), {}
        by_key = {m.key(): m for m in mutants}
        for line in log.read_text().splitlines() if log.exists() else []:
            r = json.loads(line)
            if "test_passes" in r:
                if r["tree"] == tree_hash:
                    self.sound.add(r["test_passes"])
                continue
            m = by_key.get(r["key"])
            if not m:
                continue
            self.done.pop(m.key(), None)
            self.old[m.key()] = r
            if r["outcome"].startswith("caught"):
                self.hint[m.key()] = r["test"]
            if r["tree"] == tree_hash or (r["outcome"].startswith("caught") and r.get("of") == self.of(m, r["test"])):
                self.done[m.key()] = r

    @staticmethod
    def of(m, test):
        return content([ROOT / m.path, *suites.sources(test)])

    def order(self, m):
        """The tests of a fault's area; first the one that caught it before."""
        names = suites.tests_of(m)
        first = self.hint.get(m.key())
        return [n for n in names if n == first] + [n for n in names if n != first]

    def keep(self, record):
        with self.lock, open(self.log, "a") as f:
            f.write(json.dumps(dict(record, tree=self.tree)) + "\n")

    def passes(self, workshop, name):
        """Whether a test passes without a fault; what fails then tells nothing about one."""
        if name in self.sound:
            return True
        if name in self.missing:
            return False
        built, status, out = workshop.build_and_run(name)
        if built == "built" and status == 0:
            self.sound.add(name)
            self.keep({"test_passes": name})
            return True
        if name not in self.missing:
            self.missing[name] = out
            print(f"# {name} fails on the unchanged tree; it is left out:\n{out}", flush=True)
        return False

    def run(self, workshop, m):
        """The record of a fault, from before or by trying it; None if interrupted."""
        if m.key() in self.done:
            return self.done[m.key()]
        start = time.monotonic()
        outcome, what = workshop.try_fault(m, self.order(m), self.passes)
        if outcome == "stopped":
            return None
        record = {"key": m.key(), "id": m.id, "outcome": outcome, "test": what, "seconds": round(time.monotonic() - start, 1),
                  "time": time.strftime("%Y-%m-%d %H:%M:%S"), "revision": report.revision()}
        if outcome.startswith("caught"):
            record["of"] = self.of(m, what)
        self.keep(record)
        self.done[m.key()] = record
        return record
