#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Time to solution of every family, JSON lines on standard output.

For each solver a scan on a family's first instance chooses schedule and number of sweeps; then all
instances are measured with them and new seeds. Processor time of one thread.
"""
import argparse
import json
import math
import os
from importlib.metadata import version

import families
import glauber
import solvers

SURE = math.log(1 - 0.99)
PILOT_SECONDS, FINAL_SECONDS = 2.0, 10.0  # processor time of a point of the scan, of an instance
LEAST_RUNS = 16


def repeats(p):
    """Expected runs until one has succeeded with 99 %, at least 1."""
    return math.inf if p == 0 else 1.0 if p >= 0.99 else max(1.0, SURE / math.log1p(-p))


def times(seconds, runs, hits, side_by_side):
    """Seconds to a solution: runs of many chains counted one by one, and for one answer alone."""
    p = hits / runs
    batch = seconds / runs * side_by_side
    together = 1 - (1 - p) ** side_by_side
    return seconds / runs * repeats(p), batch * repeats(together)


def measured(solver, schedule, sweeps, target, budget, seed):
    """Runs until the budget is used up; at least LEAST_RUNS or a batch."""
    least = max(LEAST_RUNS, solver.side_by_side)
    energies, seconds = solver.run(schedule, sweeps, least, seed)
    runs, hits, low = len(energies), int((energies <= target).sum()), energies.min()
    more = int((budget - seconds) / seconds * runs)
    if more >= solver.side_by_side and seconds < budget / 2:
        energies, extra = solver.run(schedule, sweeps, more, seed + 1)
        seconds += extra
        runs += len(energies)
        hits += int((energies <= target).sum())
        low = min(low, energies.min())
    many, one = times(seconds, runs, hits, solver.side_by_side)
    return {"schedule": schedule, "sweeps": sweeps, "runs": runs, "hits": hits,
            "seconds": round(seconds, 4), "tts": many if hits else None,
            "tts_one": one if hits else None, "lowest": float(low)}


def choose(points):
    """The scan's point of the least time; without any success the longest runs."""
    solved = [x for x in points if x["tts"] is not None]
    return min(solved, key=lambda x: x["tts"]) if solved else points[-1]


def report(**fields):
    print(json.dumps(fields), flush=True)


def family_times(family, kind, known, budgets):
    pilot, final = budgets
    first = family.instances()[0]
    solver = kind(first.graph())
    points = [measured(solver, schedule, sweeps, first.target(known), pilot, 7)
              for schedule in solver.schedules for sweeps in family.sweeps]
    best = choose(points)
    for x in points:
        report(kind="scan", family=family.name, solver=solver.name, instance=first.name, **x)
    for instance in family.instances():
        solver = kind(instance.graph())
        x = measured(solver, best["schedule"], best["sweeps"], instance.target(known), final, 77)
        report(kind="final", family=family.name, title=family.title, gap=family.gap,
               solver=solver.name, instance=instance.name, target=instance.target(known),
               side_by_side=solver.side_by_side, setup=round(solver.setup, 3), **x)


def main():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("--scale", type=float, default=1.0, help="of the time spent on a point")
    p.add_argument("family", nargs="*", help="by default all")
    o = p.parse_args()
    known = families.lowest_known()
    with open("/proc/cpuinfo") as f:
        cpu = next(line.split(":")[1].strip() for line in f if line.startswith("model name"))
    report(kind="machine", cpu=cpu, load=round(os.getloadavg()[0], 1), glauber=glauber.__version__,
           dwave_samplers=version("dwave-samplers"), scale=o.scale)
    budgets = (PILOT_SECONDS * o.scale, FINAL_SECONDS * o.scale)
    for family in families.FAMILIES:
        if not o.family or family.name in o.family:
            for kind in (solvers.Glauber, solvers.Dwave):
                family_times(family, kind, known, budgets)


if __name__ == "__main__":
    main()
