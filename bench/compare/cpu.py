#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""One CPU sampler on the graphs of the comparison: first its correctness, then its rates, as a JSON file.

    cpu.py SYSTEM GRAPHS OUT.json [--emu EMU_GIBBS]       SYSTEM: glauber, dwave-samplers, thrml, openjij

One core, pinned; seconds are of the process's processor time or of what the library reports for its core, whichever is
less, so other work on the machine hardly counts. A fresh run of `sweeps` sweeps from a random start, beta 1, the faster
of two. Chains beyond a system's list would take the same time each.
"""
import argparse
import datetime
import json
import math
import os
import subprocess
import sys
import time
from importlib.metadata import version

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "peers"))
import common

BETA = 1.0
SECONDS = 0.3  # of a measurement, about
FULL = 100_000  # sweeps of a batch in Niazi et al.
GRAPHS = ["p14", "p14-q", "mnist-shallow-q", "mnist-m2-q"]
CHAINS = {
    "glauber": [1, 4, 16, 50, 128, 512, 1024, 16384],
    "dwave-samplers": [1, 4, 16, 50, 128, 1024, 16384],
    "openjij": [1, 4, 16, 50, 128, 1024],
    "thrml": [1, 4, 16, 128, 1024],  # 16,384 ask for 52 GB
}


class DwaveSamplers:
    """SimulatedAnnealingSampler, heat-bath, sequential order."""
    packages = ["dwave-samplers", "dimod", "numpy"]

    def prepare(self, g):
        import dwave_sa
        return dwave_sa.model(g)

    def run(self, g, model, chains, sweeps, beta, seed):
        import dwave_sa
        cpu = time.process_time()
        s = dwave_sa.sample(model, chains, sweeps, beta, seed)
        cpu = time.process_time() - cpu
        return dwave_sa.spins(s, g.n), min(cpu, s.info["timing"]["sampling_ns"] * 1e-9)


class OpenJij:
    """SASampler, Metropolis (the others are heat-bath), sequential order. Its reads are prepared and returned in Python,
    which takes about as long as they do: the time of the same reads with one sweep is subtracted."""
    packages = ["openjij", "numpy"]

    def prepare(self, g):
        import openjij_sa
        return openjij_sa.model(g)

    def run(self, g, model, chains, sweeps, beta, seed):
        import openjij_sa
        start = time.process_time()
        openjij_sa.sample(model, chains, 1, beta)
        middle = time.process_time()
        spins = openjij_sa.sample(model, chains, sweeps + 1, beta)
        return spins, time.process_time() - middle - (middle - start)


class Thrml:
    """Block Gibbs, a block a colour, chains by jax.vmap; compilation is not counted."""
    packages = ["thrml", "jax", "jaxlib", "numpy"]

    def __init__(self):
        os.environ["XLA_FLAGS"] = ("--xla_cpu_multi_thread_eigen=false "
                                   "intra_op_parallelism_threads=1")
        os.environ["JAX_PLATFORMS"] = "cpu"
        self.compiled = {}

    def prepare(self, g):
        return None

    def run(self, g, model, chains, sweeps, beta, seed):
        import jax
        import numpy as np
        import thrml_gibbs
        what = (g.name, chains, sweeps, beta)
        keys = jax.random.split(jax.random.key(seed), chains)
        if what not in self.compiled:
            self.compiled = {what: thrml_gibbs.sampler(g, sweeps, beta)}
            self.compiled[what](keys).block_until_ready()
        start, cpu = time.perf_counter(), time.process_time()
        bits = self.compiled[what](keys)
        bits.block_until_ready()
        seconds = min(time.perf_counter() - start, time.process_time() - cpu)
        return np.asarray(bits) * 2 - 1, seconds


def first_guess(system, g, chains):
    """Sweeps that take about SECONDS, for one trial; thrml compiles for every number, so it gets no second."""
    if system == "thrml":
        return max(4, int(SECONDS * 1e7 / g.n / chains))
    return max(50, int(SECONDS * 8e7 / g.n / chains))  # 50: a read's start should not count


def peer_rows(system, sampler, graphs):
    rows = []
    for name in GRAPHS:
        g = common.read_mtx(os.path.join(graphs, name + ".mtx"))
        model = sampler.prepare(g)
        for chains in CHAINS[system]:
            sweeps = first_guess(system, g, chains)
            runs = [sampler.run(g, model, chains, sweeps, BETA, seed) for seed in (1, 2)]
            rows.append(row(system, g, chains, sweeps, min(t for _, t in runs), g.energy(runs[-1][0])))
        if name == "p14-q" and system != "thrml":
            spins, t = sampler.run(g, model, 1, FULL, BETA, 3)
            rows.append(dict(row(system, g, 1, FULL, t, g.energy(spins)), job="one batch"))
    return rows


def row(system, g, chains, sweeps, seconds, energies):
    r = {"system": system, "graph": g.name, "pbits": g.n, "couplings": len(g.J), "chains": chains,
         "sweeps": sweeps, "beta": BETA, "seconds": round(seconds, 6),
         "flips_per_ns": float(f"{g.n * chains * sweeps / seconds * 1e-9:.4g}"),
         "seconds_per_sweep": float(f"{seconds / sweeps:.4g}"),
         "mean_energy": round(float(energies.mean()), 3)}
    print(json.dumps(r), file=sys.stderr, flush=True)
    return r


def check(sample_energies, g):
    """Independent chains against enumeration; returns the lines of the report."""
    lines = []
    for beta in (0.3, 0.7, 1.2):
        mean, sd, count = sample_energies(g, beta)
        exact = common.exact_mean_energy(g, beta)
        sigma = (mean - exact) / (sd / math.sqrt(count))
        lines.append({"beta": beta, "chains": count, "mean_energy": round(mean, 4),
                      "exact": round(exact, 4), "sigma": round(sigma, 2)})
        if abs(sigma) > 4:
            raise SystemExit(f"mean energy at beta {beta} off by {sigma:.1f} sigma: no rates")
    return lines


def emu_lines(emu, path, array, chains, sweeps, beta, repeat):
    out = subprocess.run([emu, path, array, chains, str(sweeps), str(beta), "1", str(repeat)],
                         check=True, capture_output=True, text=True).stdout
    return [json.loads(line) for line in out.splitlines()]


def glauber(emu, graphs, folder):
    """The emulator; 16 chains cost it as much as one, and 512 as much as 16."""
    g = common.check_graph()
    g.J, g.h = (g.J * 16).round() / 16, (g.h * 16).round() / 16  # what 8 bits hold exactly
    path = os.path.join(folder, "check12.mtx")
    common.write_mtx(g, path)

    def energies(_, beta):
        r, = emu_lines(emu, path, "tiny", "16384", 200, beta, 1)
        return r["mean_energy"], r["energy_sd"], r["chains"]

    lines, rows = check(energies, g), []
    for name in GRAPHS:
        chains = ",".join(str(c) for c in CHAINS["glauber"])
        for r in emu_lines(emu, os.path.join(graphs, name + ".mtx"), "ulx3s-85", chains, 0, BETA, 2):
            r["system"] = "glauber"
            r["seconds_per_sweep"] = float(f"{r['seconds'] / r['sweeps']:.4g}")
            del r["best_energy"], r["energy_sd"], r["threads"]
            rows.append(r)
    return lines, rows


def cpu_name():
    with open("/proc/cpuinfo") as f:
        return next((line.split(":")[1].strip() for line in f if line.startswith("model name")), "unknown")


def main():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("system", choices=list(CHAINS))
    p.add_argument("graphs")
    p.add_argument("out")
    p.add_argument("--emu")
    o = p.parse_args()
    load = os.getloadavg()[0]
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, cores[-1:])
    if o.system == "glauber":
        checks, rows = glauber(o.emu, o.graphs, os.path.dirname(o.out) or ".")
        versions = {"glauber": rows[0]["version"]}
    else:
        sampler = {"dwave-samplers": DwaveSamplers, "openjij": OpenJij, "thrml": Thrml}[o.system]()

        def energies(g, beta):
            count = 3000 if o.system == "openjij" else 20000  # a read costs OpenJij milliseconds of Python
            e = g.energy(sampler.run(g, sampler.prepare(g), count, 200, beta, 1)[0])
            return float(e.mean()), float(e.std(ddof=1)), len(e)

        checks = check(energies, common.check_graph())
        rows = peer_rows(o.system, sampler, o.graphs)
        versions = {name: version(name) for name in sampler.packages}
    result = {
        "kind": "cpu", "system": o.system,
        "machine": {"cpu": cpu_name(), "cores": len(cores), "cores_used": 1,
                    "load_average": round(load, 1), "shared": load > 1},
        "time": "processor time of the process, or what the library reports for its core if less",
        "date": datetime.date.today().isoformat(), "versions": versions,
        "command": "bench/compare/cpu.sh", "checks": checks, "rows": rows}
    with open(o.out + ".tmp", "w") as f:
        json.dump(result, f, indent=1)
        f.write("\n")
    os.replace(o.out + ".tmp", o.out)


if __name__ == "__main__":
    main()
