#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures what bench/python/run.sh reports, and prints it as Markdown.

Usage: measure.py [overhead] [peers]. All times are processor time of this process with one working thread: the least of some repetitions, in which the candidates
take turns.
"""
import os
import platform
import re
import sys
from importlib.metadata import version
from time import process_time

import dimod
import numpy as np

import glauber
from glauber._library import check, lib
from glauber._anneal import make_schedule
from glauber.settings import Settings, c_settings

REPEATS = 3


def processor():
    with open("/proc/cpuinfo") as f:
        found = re.search(r"model name\s*: (.*)", f.read())
    return found[1] if found else platform.machine()


def least(candidates):
    """Least processor time of each function, taking turns."""
    best = dict.fromkeys(candidates, float("inf"))
    for _ in range(REPEATS):
        for name, call in candidates.items():
            start = process_time()
            call()
            best[name] = min(best[name], process_time() - start)
    return best


def in_c(sampler, settings):
    """The run as a C program has it: samples stored in its memory, nothing else."""
    c, kept = c_settings(settings, sampler.graph.n)
    buffers = sampler._buffers(c)

    def call(_kept=(kept, buffers)):
        check(lib.glb_sampler_run(sampler._handle.c, c))

    return call


def model(graph):
    """The dimod model of a graph of this package."""
    i, j, J = graph.couplings
    return dimod.BinaryQuadraticModel.from_numpy_vectors(
        -graph.biases, (i, j, -J), 0.0, "SPIN", variable_order=range(graph.n))


def overhead(graph):
    """Rows: what was called, sweeps, C, Python, dimod."""
    chains, rows = 512, []
    # a sampler of its own for C: Sampler ends each run with a cancellation, which the next glb_sampler_run() would obey
    with glauber.Sampler(graph) as raw, glauber.Sampler(graph) as sampler, glauber.GlauberSampler() as through_dimod:
        for sweeps, samples in ((200, 1), (1000, 10), (1000, 100)):
            interval = sweeps // samples if samples > 1 else 1
            settings = Settings(beta=1.0, chains=chains, samples=samples, interval=interval,
                                burn_in=sweeps - samples * interval)
            t = least({"c": in_c(raw, settings), "python": lambda s=settings: sampler.sample(settings=s)})
            rows.append((f"`Sampler.sample()`, {samples} sample{'s' * (samples > 1)} a chain", sweeps, t["c"], t["python"]))
        bqm = model(graph)
        for sweeps in (200, 1000):
            schedule = make_schedule(graph.beta_range, "geometric", None, None, sweeps, 1)
            t = least({
                "c": in_c(raw, schedule.settings(chains=chains, seed=1)),
                "python": lambda s=sweeps: through_dimod.sample(bqm, num_reads=chains, num_sweeps=s, seed=1)})
            rows.append(("`GlauberSampler.sample()`, annealing", sweeps, t["c"], t["python"]))
    return rows


def peers(graph):
    """Rows: chains, sweeps, and for each package time and mean energy."""
    import openjij
    from dwave.samplers import SimulatedAnnealingSampler

    bqm = model(graph)
    h, J, _ = bqm.to_ising()
    rows = []
    with glauber.GlauberSampler() as sampler:
        for chains, sweeps in ((1, 2000), (16, 1000), (512, 100)):
            energies = {}

            def keep(name, samples, energies=energies):
                energies[name] = samples.record.energy.mean()

            t = least({
                "glauber": lambda c=chains, s=sweeps: keep("glauber", sampler.sample(
                    bqm, num_reads=c, beta_schedule_type="custom", beta_schedule=[1.0], num_sweeps_per_beta=s, seed=1)),
                "dwave-samplers": lambda c=chains, s=sweeps: keep("dwave-samplers", SimulatedAnnealingSampler().sample(
                    bqm, num_reads=c, beta_schedule_type="custom", beta_schedule=[1.0], num_sweeps_per_beta=s, seed=1,
                    proposal_acceptance_criteria="Gibbs")),
                "openjij": lambda c=chains, s=sweeps: keep("openjij", openjij.SASampler().sample_ising(
                    h, J, num_reads=c, schedule=[[1.0, s]])),
            })
            rows.append((chains, sweeps, t, energies))
    return rows


def print_overhead(graph):
    print("""
## Cost of the Python layer, 512 chains

C: `glb_sampler_run()`, which stores all samples as bits and their energies. Python: the same with Python's objects,
which have a byte for each spin, 2.2 MB for a sample of all chains. Annealing takes 100 samples of each chain in both and
returns the last; its Python includes dimod's model, the graph, the compiled program of the call before, and a sample set.

| call | sweeps | C, s | Python, s | more |
|---|---|---|---|---|""")
    for name, sweeps, c, python in overhead(graph):
        print(f"| {name} | {sweeps} | {c:.3f} | {python:.3f} | {100 * (python / c - 1):+.1f} % |")


def print_peers(graph):
    print(f"""
## Beside dwave-samplers and OpenJij

The same model through each package's `sample()`: random start, all sweeps at beta 1, everything included that the call
does. In brackets: p-bit updates per ns. dwave-samplers {version('dwave-samplers')} with Gibbs acceptance; OpenJij {version('openjij')} is Metropolis.
The emulator computes a board of 16 chains at once. `GlauberSampler` keeps 100 states of each read on the way, as `glauber
anneal` does, for a run that is interrupted: at 100 sweeps that is most of its time.

| chains | sweeps | glauber, s | dwave-samplers, s | OpenJij, s | dwave-samplers / glauber | OpenJij / glauber | mean energies |
|---|---|---|---|---|---|---|---|""")
    names = ("glauber", "dwave-samplers", "openjij")
    for chains, sweeps, t, energies in peers(graph):
        updates = graph.n * chains * sweeps
        cells = [f"{t[k]:.3f} ({updates / t[k] * 1e-9:.3g})" for k in names]
        cells += [f"{t[k] / t['glauber']:.3g}" for k in names[1:]]
        print(f"| {chains} | {sweeps} | {' | '.join(cells)} | {', '.join(f'{energies[k]:.0f}' for k in names)} |")


def main():
    glauber.set_threads(1)
    graph = glauber.Graph.generate("pegasus", m=14)
    print(f"""# The Python package: cost of the layer, and beside other packages

Written by `make bench-python` on {processor()}. Processor time of one thread, the least of {REPEATS} runs in which the
candidates take turns, on a machine with other work (load average {os.getloadavg()[0]:.1f}); each table is one run. Graph: Pegasus P14,
{graph.n} p-bits, {graph.m} couplings of -1 and +1; device: the emulator. glauber {glauber.__version__}, numpy {np.__version__}.""")
    for part in sys.argv[1:] or ["overhead", "peers"]:
        {"overhead": print_overhead, "peers": print_peers}[part](graph)


if __name__ == "__main__":
    main()
