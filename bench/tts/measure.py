#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Time to solution of every family, JSON lines on standard output.

For each solver a scan on the family's easiest instance (by the hits in targets.csv) chooses schedule
and number of sweeps; then all instances are measured with them and new seeds. Processor time of one
thread.
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
# a measurement ends with so many successes, or after so many seconds of processor time
SCAN_HITS, SCAN_SECONDS = 10, 1.5
FINAL_HITS, FINAL_SECONDS = 30, 12.0


def repeats(p):
    """Expected runs until one has succeeded with 99 %, at least 1."""
    return math.inf if p == 0 else 1.0 if p >= 0.99 else max(1.0, SURE / math.log1p(-p))


def times(seconds, runs, hits, side_by_side):
    """Seconds to a solution: runs of many chains counted one by one, and for one answer alone."""
    p = hits / runs
    batch = seconds / runs * side_by_side
    together = 1 - (1 - p) ** side_by_side
    return seconds / runs * repeats(p), batch * repeats(together)


def measured(solver, schedule, sweeps, target, enough, budget, seed):
    """Runs until `enough` of them have hit or the budget is used up."""
    runs = hits = 0
    batch = solver.side_by_side(schedule)
    seconds, low, chunk = 0.0, math.inf, max(solver.least, batch)
    while hits < enough and seconds < budget:
        energies, extra = solver.run(schedule, sweeps, chunk, seed)
        seconds += extra
        runs += len(energies)
        hits += int((energies <= target).sum())
        low = min(low, energies.min())
        seed += 1
        # grows with what has been run, up to what is left
        chunk = min(runs, max(batch, int((budget - seconds) / seconds * runs) + 1))
    many, one = times(seconds, runs, hits, batch)
    return {"schedule": schedule, "sweeps": sweeps, "runs": runs, "hits": hits,
            "seconds": round(seconds, 4), "tts": many if hits else None,
            "tts_one": one if hits else None, "lowest": float(low)}


def choose(points, aim):
    """The scan's point of the least time; without any success the longest runs."""
    solved = [x for x in points if x[aim] is not None]
    best = min(solved, key=lambda x: x[aim]) if solved else points[-1]
    return best["schedule"], best["sweeps"]


def report(**fields):
    print(json.dumps(fields), flush=True)


def family_times(family, kind, known, scale, most):
    instances = [x for x in family.instances() if x.name in known]
    instances = sorted(instances, key=lambda x: -known[x.name].hits)[:most]
    first = instances[0]
    solver = kind(first.graph())
    points = [measured(solver, schedule, sweeps, first.target(known), SCAN_HITS,
                       SCAN_SECONDS * scale, 7000)
              for schedule in solver.schedules for sweeps in solver.lengths(family.sweeps)]
    chosen = {}  # settings: what they are the best for
    for aim in ("tts", "tts_one"):
        chosen.setdefault(choose(points, aim), []).append(aim)
    for x in points:
        report(kind="scan", scale=scale, family=family.name, solver=solver.name, instance=first.name, **x)
    for instance in instances:
        solver = kind(instance.graph())
        for (schedule, sweeps), aims in chosen.items():
            x = measured(solver, schedule, sweeps, instance.target(known),
                         FINAL_HITS, FINAL_SECONDS * scale, 77000)
            report(kind="final", scale=scale, family=family.name, title=family.title, gap=family.gap,
                   solver=solver.name, instance=instance.name, target=instance.target(known),
                   side_by_side=solver.side_by_side(schedule), setup=round(solver.setup, 3), best_for=aims, **x)


def main():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("--scale", type=float, default=1.0, help="of the time spent on a point")
    p.add_argument("--instances", type=int, default=100, help="of a family, easiest first")
    p.add_argument("family", nargs="*", help="by default all")
    o = p.parse_args()
    known = families.lowest_known()
    with open("/proc/cpuinfo") as f:
        cpu = next(line.split(":")[1].strip() for line in f if line.startswith("model name"))
    report(kind="machine", cpu=cpu, load=round(os.getloadavg()[0], 1), glauber=glauber.__version__,
           dwave_samplers=version("dwave-samplers"), scale=o.scale, instances=o.instances)
    for family in families.FAMILIES:
        if not o.family or family.name in o.family:
            for kind in (solvers.Glauber, solvers.Temper, solvers.Dwave):
                family_times(family, kind, known, o.scale, o.instances)


if __name__ == "__main__":
    main()
