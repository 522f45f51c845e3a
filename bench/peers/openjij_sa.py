#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""OpenJij's SASampler as a sampler at one beta (C++ core): Metropolis, not Gibbs, single-spin updates; the stationary
distribution is the same."""
import numpy as np


def model(g):
    """Linear and quadratic terms; OpenJij's energy has no minus signs."""
    return ({k: -float(h) for k, h in enumerate(g.h)},
            {(int(a), int(b)): -float(J) for a, b, J in zip(g.i, g.j, g.J)})


def sample(terms, chains, sweeps, beta):
    """-> spins[chains, n]. No seed: with one, all reads of a call would be the same."""
    import openjij
    r = openjij.SASampler().sample_ising(*terms, num_reads=chains, schedule=[[beta, sweeps]])
    return r.record.sample[:, np.argsort([int(v) for v in r.variables])]
