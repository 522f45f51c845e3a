#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""OpenJij's SASampler as a sampler at one beta (C++ core): Metropolis, not Gibbs, single-spin updates; the stationary
distribution is the same."""
import numpy as np


def model(g):
    """Linear and quadratic terms; OpenJij's energy has no minus signs."""
    return ({k: -float(h) for k, h in enumerate(g.h)},
            {(int(a), int(b)): -float(J) for a, b, J in zip(g.i, g.j, g.J)})


def sample(terms, chains, sweeps, beta, seed):
    """-> (spins[chains, n], seconds that the library reports for its core)"""
    import openjij
    r = openjij.SASampler().sample_ising(*terms, num_reads=chains, seed=seed, schedule=[[beta, sweeps]])
    order = np.argsort([int(v) for v in r.variables])
    return r.record.sample[:, order], r.info["list_exec_times"].sum() * 1e-6
