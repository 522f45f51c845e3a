# SPDX-License-Identifier: Apache-2.0
"""The benchmark's graphs, and what counts as solved.

targets.csv has the lowest energy known of every instance, and where it comes from: of max-cut
graphs the best cut of bench/maxcut/best_known.csv, of the others the lowest of long runs
(long_runs.py), which is not proved to be the lowest of all.
"""
import csv
import os
from dataclasses import dataclass, field

import glauber

HERE = os.path.dirname(os.path.abspath(__file__))
TARGETS = os.path.join(HERE, "targets.csv")


@dataclass(frozen=True)
class Family:
    name: str
    title: str
    generator: str
    keys: dict
    gap: float = 0.0  # solved: an energy of at most (1 - gap) times the lowest known
    seeds: tuple = (1,)
    long_sweeps: int = 0  # of the long runs; 0: the lowest energy is published
    sweeps: tuple = field(default=(30, 100, 300, 1000, 3000, 10000))  # to choose from

    def instances(self):
        return [Instance(self, seed) for seed in self.seeds]


@dataclass(frozen=True)
class Instance:
    family: Family
    seed: int

    @property
    def name(self):
        several = len(self.family.seeds) > 1
        return self.family.name + (f"-{self.seed}" if several else "")

    def graph(self):
        return glauber.Graph.generate(self.family.generator, seed=self.seed, **self.family.keys)

    def target(self, known):
        """Solved at or below this."""
        return known[self.name].energy * (1 - self.family.gap - 1e-6)


@dataclass(frozen=True)
class Known:
    energy: float
    hits: float  # share of the chains of a long run that ended there


FAMILIES = (
    Family("sk100", "SK, 100 p-bits, Gaussian", "complete", {"n": 100, "weights": "gauss"},
           seeds=(1, 2, 3), long_sweeps=20000, sweeps=(30, 100, 300, 1000)),
    Family("G1", "G1", "gset", {"name": "G1"}, sweeps=(100, 300, 1000, 3000)),
    Family("G43", "G43", "gset", {"name": "G43"}, sweeps=(300, 1000, 3000)),
    Family("ea8", "3D +-1, L = 8", "torus3d", {"lx": 8}, seeds=(2, 3, 4), long_sweeps=50000,
           sweeps=(300, 1000, 3000, 10000)),
    Family("P14", "Pegasus P14 +-1", "pegasus", {"m": 14}, gap=0.005, seeds=(1, 2),
           long_sweeps=8000, sweeps=(1000, 3000)),
    Family("G22", "G22", "gset", {"name": "G22"}, gap=0.0001, sweeps=(1000, 3000, 10000)),
    Family("G39", "G39", "gset", {"name": "G39"}, gap=0.01, sweeps=(300, 1000, 3000)),
    Family("ea10", "3D +-1, L = 10", "torus3d", {"lx": 10}, seeds=(1, 2, 3), long_sweeps=100000,
           sweeps=(1000, 3000, 10000)),
)


def lowest_known():
    with open(TARGETS) as f:
        rows = csv.DictReader(line for line in f if not line.startswith("#"))
        return {row["instance"]: Known(float(row["energy"]), float(row["hits"] or 0)) for row in rows}
