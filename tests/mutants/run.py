#!/usr/bin/env python3
# Sets one deliberate fault of tests/mutants/*.txt at a time in a copy of the tree, and runs the tests that claim its area until
# one fails. A run that is interrupted goes on where it stopped. SPDX-License-Identifier: Apache-2.0
import argparse
import fcntl
import os
import queue
import signal
import sys
import threading
import time

import report
import workshop
from entries import AREAS, ROOT, BadList, check, draw, read_all
from results import Results


def tap(m, r):
    """One line a fault. A survivor is as it should be if the list tells why."""
    good = r["outcome"].startswith("caught") or (r["outcome"] == "survived" and bool(m.equivalent or m.known))
    said = r["test"] if r["outcome"].startswith("caught") else m.equivalent or m.known or m.reason
    text = f"{'ok' if good else 'not ok'} - {m.id} {m.path}: {r['outcome']}: {said} ({r['seconds']} s)"
    if r["outcome"] == "invalid":
        text += "\n# " + r["test"].replace("\n", "\n# ")
    print(text, flush=True)
    return good


def run_all(chosen, shops, results, seconds):
    """Runs faults, one at a time a workshop. True if all are as they should be."""
    todo, verdicts = queue.SimpleQueue(), []
    for m in chosen:
        todo.put(m)
    end = time.monotonic() + seconds if seconds else float("inf")

    def work(shop):
        while not workshop.stop.is_set():
            try:
                m = todo.get_nowait()
            except queue.Empty:
                return
            if time.monotonic() > end and m.key() not in results.done:
                print("# out of time; the same command goes on here", flush=True)
                return
            record = results.run(shop, m)
            verdicts.append(record is not None and tap(m, record))

    threads = [threading.Thread(target=work, args=(s,)) for s in shops]
    for t in threads:
        t.start()
    try:
        for t in threads:
            t.join()
    except BaseException:  # Ctrl-C: what was started ends too, and the files with a fault are restored
        workshop.end_all()
        for t in threads:
            t.join()
        raise
    return all(verdicts)


def main():
    p = argparse.ArgumentParser(description="deliberate faults, and whether the tests notice them")
    p.add_argument("what", choices=["check", "run", "report"])
    p.add_argument("--area", default="", help="areas, comma between: " + " ".join(AREAS))
    p.add_argument("--id", default="", help="only these faults, comma between")
    p.add_argument("--share", type=float, default=1, help="part of each area, 0 to 1")
    p.add_argument("--seed", default="1", help="which part")
    p.add_argument("--jobs", type=int, default=1, help="faults at a time, each in a copy of the tree of its own")
    p.add_argument("--build", default=os.environ.get("BUILD", "build"), help="build folder, inside the tree")
    p.add_argument("--seconds", type=float, default=0, help="no further fault after so long")
    a = p.parse_args()
    areas, ids = ([x for x in text.split(",") if x] for text in (a.area, a.id))
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
    for x in ids:
        if x not in {m.id for m in mutants}:
            p.error(f"no fault has the id {x}")
    chosen = [m for m in draw(mutants, a.share, a.seed) if (not areas or m.area in areas) and (not ids or m.id in ids)]
    where = ROOT / a.build / "mutants"
    where.mkdir(parents=True, exist_ok=True)
    lock = open(where / "lock", "w")  # held until the end of the process
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        sys.exit(f"mutants: another run uses {where}; wait for it or choose another --build")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # the file with a fault is restored
    shops = [workshop.Workshop(where / ("tree" + (f"-{i + 1}" if i else ""))) for i in range(max(1, a.jobs))]
    results = Results(where / "results.jsonl", [s.copy() for s in shops][0], mutants)
    good = a.what != "run" or run_all(chosen, shops, results, a.seconds)
    if a.what == "report" or (a.share >= 1 and not ids):
        report.write(mutants, results.done, results.old)
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
