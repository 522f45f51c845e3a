#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Anneals one max-cut graph with dwave-samplers, a JSON line for every seed.

The schedule file is glauber's: lines of "beta sweeps". The graph file is MatrixMarket: weights of a
max-cut problem, whose Ising couplings are J = -w. Final states count.
"""
import argparse
import json
import os
import sys
from importlib.metadata import version

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "peers"))
import common  # noqa: E402
import dwave_sa  # noqa: E402


def read_schedule(path):
    """One beta a sweep."""
    betas = []
    with open(path) as f:
        for line in f:
            fields = line.split("#")[0].split()
            if fields:
                betas += [float(fields[0])] * int(fields[1])
    return betas


def main():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("graph")
    p.add_argument("--schedule", required=True)
    p.add_argument("--chains", type=int, default=64)
    p.add_argument("--seeds", type=int, default=5, help="seeds 1 .. N, a run each")
    p.add_argument("--acceptance", choices=("Gibbs", "Metropolis"), default="Gibbs")
    o = p.parse_args()
    g = common.read_mtx(o.graph)
    total = g.J.sum()
    g.J = -g.J
    betas = read_schedule(o.schedule)
    from dwave.samplers import SimulatedAnnealingSampler
    sampler, bqm = SimulatedAnnealingSampler(), dwave_sa.model(g)
    for seed in range(1, o.seeds + 1):
        s = sampler.sample(bqm, num_reads=o.chains, beta_schedule_type="custom",
                           beta_schedule=betas, seed=seed, randomize_order=False,
                           proposal_acceptance_criteria=o.acceptance)
        energies = g.energy(dwave_sa.spins(s, g.n))
        print(json.dumps({
            "system": "dwave-samplers " + o.acceptance, "version": version("dwave-samplers"),
            "graph": g.name, "pbits": g.n, "couplings": len(g.J), "seed": seed,
            "chains": o.chains, "flips": g.n * o.chains * len(betas),
            "seconds": round(s.info["timing"]["sampling_ns"] * 1e-9, 3),
            # cut = (sum w - sum w m m) / 2, and E = sum w m m
            "best_cut": float((total - energies.min()) / 2),
            "mean_cut": float((total - energies.mean()) / 2)}), flush=True)


if __name__ == "__main__":
    main()
