#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Lowest energies of long runs, into targets.csv; those that are there stay if they are lower.

An instance gets batches of 512 chains of `glauber anneal`, the family's `long_sweeps` each.
"""
import argparse
import csv
import os

import families
from solvers import Glauber

PUBLISHED = os.path.join(families.HERE, "..", "maxcut", "best_known.csv")
HEAD = """# Lowest energies known. "published": minus the best cut of bench/maxcut/best_known.csv. "long runs": the lowest of
# bench/tts/long_runs.py (512 chains of 20,000 to 200,000 sweeps a batch) and of the benchmark's own runs; not proved to be minimal.
# hits: share of the chains of the last batch that ended there.
"""
FIELDS = ("instance", "energy", "source", "hits")


def read():
    if not os.path.exists(families.TARGETS):
        return {}
    with open(families.TARGETS) as f:
        return {row["instance"]: row for row in
                csv.DictReader(line for line in f if not line.startswith("#"))}


def write(rows):
    with open(families.TARGETS + ".tmp", "w") as f:
        f.write(HEAD)
        out = csv.DictWriter(f, FIELDS, lineterminator="\n")
        out.writeheader()
        out.writerows(rows.values())
    os.replace(families.TARGETS + ".tmp", families.TARGETS)


def published(name):
    with open(PUBLISHED) as f:
        for row in csv.DictReader(line for line in f if not line.startswith("#")):
            if row["graph"] == name:
                return -float(row["best_known_cut"])
    raise SystemExit(f"{PUBLISHED} has no {name}")


def main():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("--batches", type=int, default=1)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("family", nargs="*", help="by default all")
    o = p.parse_args()
    rows = read()
    for family in families.FAMILIES:
        if o.family and family.name not in o.family:
            continue
        for instance in family.instances():
            name = instance.name
            if not family.long_sweeps:
                rows[name] = dict(zip(FIELDS, (name, f"{published(family.name):g}", "published", "")))
                write(rows)
                continue
            solver = Glauber(instance.graph())
            for batch in range(o.batches):
                energies, seconds = solver.run(
                    "default", family.long_sweeps, 512, 100000 * o.seed + batch)
                known = float(rows[name]["energy"]) if name in rows else energies.min()
                lowest = min(known, energies.min())
                hits = (energies <= lowest + 1e-6 * abs(lowest)).mean()
                rows[name] = dict(zip(FIELDS, (name, f"{lowest:.10g}", "long runs", f"{hits:.3g}")))
                print(f"{name}: {lowest:.10g}, {hits:.3g} of the chains, {seconds:.1f} s", flush=True)
                write(rows)


if __name__ == "__main__":
    main()
