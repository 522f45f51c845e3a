# SPDX-License-Identifier: Apache-2.0
"""Two annealers and replica exchange with the same interface: energies of many independent runs, and processor time.

A solver has `name`, `schedules` (names), `side_by_side(schedule)` (runs that are made at once, the
least there is), `least` (runs of a measurement), `lengths(sweeps)` (to choose from), `setup` (processor seconds before the first run, of which compiling is one) and
`run(schedule, sweeps, runs, seed)`, which returns the final energies of the runs and the processor
seconds they took.
Energies are the graph's: the negative cut of max-cut graphs, E = -sum J m m of the others.
"""
import time

import dimod
import glauber
import numpy as np
from dwave.samplers import SimulatedAnnealingSampler

STEPS = 200  # of a ramp, as of `glauber anneal`


class Solver:
    least = 16

    @staticmethod
    def lengths(sweeps):
        return sweeps


class Glauber(Solver):
    """The emulator on one thread; its chains come in boards of 16, and 512 of them are computed at
    once. A schedule is the number of chains of a batch."""

    name = "glauber anneal"
    schedules = ("16", "64", "512")

    def __init__(self, graph):
        glauber.set_threads(1)
        start = time.process_time()
        self.sampler = glauber.Sampler(graph)
        self.setup = time.process_time() - start
        self.range = graph.beta_range()

    @staticmethod
    def side_by_side(schedule):
        return int(schedule)

    def run(self, schedule, sweeps, runs, seed):
        """Whole batches: at least as many runs as are asked for."""
        hot, cold = self.range
        chains = self.side_by_side(schedule)
        steps = min(STEPS, sweeps)
        edges = sweeps * np.arange(steps + 1) // steps
        ramp = np.column_stack((np.geomspace(hot, cold, steps), np.diff(edges)))
        energies, seconds = [], 0.0
        for batch in range(-(-runs // chains)):
            start = time.process_time()
            out = self.sampler.sample(schedule=ramp, burn_in=sweeps - 1, interval=1, samples=0,
                                      chains=chains, seed=1000 * seed + batch)
            seconds += time.process_time() - start
            energies.append(out.energies)
        return np.concatenate(energies), seconds


class Temper(Solver):
    """Replica exchange on the emulator, one thread, a board of ladders. A run is all of them
    together, from random states, for so many sweeps of each replica; its energy is the lowest of
    all rounds. The ladder is tuned beforehand, as a part of the setup."""

    name = "glauber temper"
    least = 1
    ROUND = 2  # sweeps

    def __init__(self, graph):
        glauber.set_threads(1)
        start = time.process_time()
        self.sampler = glauber.Sampler(graph)
        self.betas = self.sampler.temper(warm_up=500, rounds=1).ladder.beta
        self.setup = time.process_time() - start
        sparse = 2 * graph.m <= 16 * graph.n
        self.schedules = ("16", "16, cluster moves") if sparse else ("16",)

    @staticmethod
    def lengths(sweeps):
        """A run has the work of a hundred chains or more, so shorter ones, too."""
        return sorted({max(3 * Temper.ROUND, s // 10) for s in sweeps} | set(sweeps))

    @staticmethod
    def side_by_side(_):
        return 1

    def run(self, schedule, sweeps, runs, seed):
        """A third of the rounds chooses where clusters are exchanged."""
        rounds = max(3, sweeps // self.ROUND)
        energies, start = [], time.process_time()
        for k in range(runs):
            out = self.sampler.temper(betas=self.betas, sweeps=self.ROUND, warm_up=rounds // 3,
                                      rounds=rounds - rounds // 3, seed=1000 * seed + k,
                                      cluster_moves="cluster" in schedule)
            energies.append(out.best_energy)
        return np.array(energies), time.process_time() - start


class Dwave(Solver):
    """dwave-samplers' SimulatedAnnealingSampler: Metropolis, sequential order, one thread."""

    name = "dwave-samplers SA"
    schedules = ("glauber's",)  # its default was slower a sweep on all families

    def __init__(self, graph):
        self.graph = graph
        start = time.process_time()
        i, j, J = graph.couplings
        self.model = dimod.BinaryQuadraticModel.from_numpy_vectors(
            -graph.biases, (i, j, -J), 0.0, "SPIN", variable_order=range(graph.n))
        self.setup = time.process_time() - start
        self.ranges = {"default": None, "glauber's": graph.beta_range()}

    @staticmethod
    def side_by_side(_):
        return 1

    def run(self, schedule, sweeps, runs, seed):
        """Time is the sampling time that the library reports, or processor time if that is less."""
        start = time.process_time()
        out = SimulatedAnnealingSampler().sample(
            self.model, num_reads=runs, num_sweeps=sweeps, seed=seed,
            beta_range=self.ranges[schedule])
        seconds = min(time.process_time() - start, out.info["timing"]["sampling_ns"] * 1e-9)
        # the record's energies are of the model; the graph's are scaled and shifted
        return self.graph.scale * out.record.energy + self.graph.offset, seconds
