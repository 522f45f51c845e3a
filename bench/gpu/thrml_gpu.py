#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""thrml on the GPU: correctness against enumeration, then its rate on the graphs of the comparison; JSON lines.

    thrml_gpu.py GRAPHS NAME...
"""
import contextlib
import json
import os
import sys
import time
from importlib.metadata import version

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "peers"))
import common
import jax
import numpy as np
import thrml_gibbs

SWEEPS = 200
CHAINS = (1, 16, 128, 1024, 16384)


def run(fn, chains, seed):
    bits = fn(jax.random.split(jax.random.key(seed), chains))
    bits.block_until_ready()
    return bits


def main():
    device = jax.devices("gpu")[0].device_kind
    with contextlib.redirect_stdout(sys.stderr):
        common.check("thrml", lambda g, chains, sweeps, beta: np.asarray(
            run(thrml_gibbs.sampler(g, sweeps, beta), chains, 1)) * 2 - 1)
    for name in sys.argv[2:]:
        g = common.read_mtx(os.path.join(sys.argv[1], name + ".mtx"))
        fn = thrml_gibbs.sampler(g, SWEEPS, 1.0)
        for chains in CHAINS:
            run(fn, chains, 1)  # compiles
            seconds = []
            for seed in (2, 3, 4):
                start = time.perf_counter()
                bits = run(fn, chains, seed)
                seconds.append(time.perf_counter() - start)
            t = sorted(seconds)[1]
            energies = g.energy(np.asarray(bits[:512]) * 2 - 1)
            print(json.dumps({
                "system": "thrml gpu", "version": f'{version("thrml")} (jax {version("jax")})',
                "device": device, "real_gpu": True, "graph": g.name, "pbits": g.n,
                "couplings": len(g.J), "chains": chains, "beta": 1, "sweeps": SWEEPS,
                "seconds": t, "flips_per_ns": g.n * chains * SWEEPS / t * 1e-9,
                "seconds_per_sweep": t / SWEEPS, "watts": None, "nanojoules_per_flip": None,
                "mean_energy": float(energies.mean())}), flush=True)


if __name__ == "__main__":
    main()
