#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Rate of thrml's block Gibbs sampler (JAX on the CPU) at one beta.

One block per colour of a greedy colouring (largest degree first), chains by jax.vmap, random bits of
JAX's default generator. Compilation is not timed; the program is built and run once before. On one
thread CPU time counts if it is less, so that other work on the machine does not.
"""
import os
import time
from importlib.metadata import version

import numpy as np

import common


def colour_blocks(g):
    """Classes of a greedy colouring, largest degree first."""
    near = [[] for _ in range(g.n)]
    for a, b in zip(g.i, g.j):
        near[a].append(b)
        near[b].append(a)
    colour = np.full(g.n, -1)
    for v in sorted(range(g.n), key=lambda v: -len(near[v])):
        used = {colour[w] for w in near[v]}
        colour[v] = next(c for c in range(g.n) if c not in used)
    return [np.flatnonzero(colour == c) for c in range(colour.max() + 1)]


def sampler(g, sweeps, beta):
    """A compiled function key[chains] -> spins[chains, n] (bool)."""
    import jax
    import jax.numpy as jnp
    from thrml import Block, SamplingSchedule, SpinNode, sample_states
    from thrml.models import IsingEBM, IsingSamplingProgram, hinton_init

    nodes = [SpinNode() for _ in range(g.n)]
    edges = [(nodes[a], nodes[b]) for a, b in zip(g.i, g.j)]
    ebm = IsingEBM(nodes, edges, jnp.asarray(g.h, jnp.float32), jnp.asarray(g.J, jnp.float32),
                   jnp.asarray(beta, jnp.float32))
    blocks = [Block([nodes[v] for v in b]) for b in colour_blocks(g)]
    program = IsingSamplingProgram(ebm, blocks, clamped_blocks=[])
    schedule = SamplingSchedule(n_warmup=sweeps, n_samples=1, steps_per_sample=1)

    def chain(key):
        start, run = jax.random.split(key)
        state = hinton_init(start, ebm, blocks, ())
        return sample_states(run, program, schedule, state, [], [Block(nodes)])[0][0]

    return jax.jit(jax.vmap(chain))


def main():
    o = common.options(__doc__.splitlines()[0])
    flags = "" if o.threads > 1 else (
        "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1")
    os.environ["XLA_FLAGS"] = flags  # read when jax is imported
    os.environ["JAX_PLATFORMS"] = "cpu"
    import jax

    def spins(fn, chains, seed):
        bits = fn(jax.random.split(jax.random.key(seed), chains))
        bits.block_until_ready()
        return bits

    if o.check:
        common.check("thrml", lambda g, chains, sweeps, beta: np.asarray(
            spins(sampler(g, sweeps, beta), chains, o.seed)) * 2 - 1)
        return
    g = common.read_mtx(o.graph)
    fn = sampler(g, o.sweeps, o.beta)
    spins(fn, o.chains, o.seed)
    best, energies = None, None
    for r in range(o.repeat):
        start, cpu = time.perf_counter(), time.process_time()
        bits = spins(fn, o.chains, o.seed + r)
        seconds = time.perf_counter() - start
        if o.threads == 1:
            seconds = min(seconds, time.process_time() - cpu)
        if best is None or seconds < best:
            best, energies = seconds, g.energy(np.asarray(bits) * 2 - 1)
    common.report("thrml", f'{version("thrml")} (jax {version("jax")})', g, o, best, energies)


if __name__ == "__main__":
    main()
