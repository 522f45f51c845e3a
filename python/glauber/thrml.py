"""Ising models with the names and shapes of thrml's interface, sampled on a device.

For programs written for thrml: states are bool arrays, one for each block, True is +1; keys are
seeds. Arrays are NumPy's. A device updates p-bits by colours of its own and sweeps all free nodes
once a step, whatever the blocks are; blocks are the order in which states come and go.
SPDX-License-Identifier: Apache-2.0
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from glauber._ising import Block, Edge, IsingEBM, SamplingSchedule, SpinNode, spins_of
from glauber._library import integer
from glauber.sampler import Sampler
from glauber.settings import Settings

__all__ = [
    "Block",
    "Edge",
    "IsingEBM",
    "IsingSamplingProgram",
    "IsingTrainingSpec",
    "SamplingSchedule",
    "SpinNode",
    "estimate_kl_grad",
    "estimate_moments",
    "hinton_init",
    "sample_states",
]


class IsingSamplingProgram:
    """A model with free and clamped blocks, which together have every node once.

    free_blocks: blocks, or sequences of blocks. device, array: as of `glauber.Sampler`.
    """

    def __init__(
        self,
        ebm: IsingEBM,
        free_blocks: Sequence[Block | Sequence[Block]],
        clamped_blocks: Sequence[Block],
        *,
        device: str = "emu",
        array: str | None = None,
    ) -> None:
        self.ebm, self.device, self.array = ebm, device, array
        self.free_blocks = [
            block for one in free_blocks for block in ([one] if isinstance(one, Block) else one)
        ]
        self.clamped_blocks = list(clamped_blocks)
        nodes = [node for block in self.free_blocks + self.clamped_blocks for node in block]
        numbers = ebm.indices(nodes)
        if len(set(numbers.tolist())) < len(numbers):
            raise ValueError("blocks: a node is in two of them")
        if len(numbers) < len(ebm.nodes):
            raise ValueError("blocks: a node of the model is in none; clamp it or leave it free")

    def run(
        self,
        key: int,
        schedule: SamplingSchedule,
        init_state: Sequence[ArrayLike],
        clamped: Sequence[ArrayLike],
    ) -> NDArray[np.int8]:
        """Spins int8[samples, chains, nodes] in the order of the model's nodes.

        init_state: bool[chains, block] or [block] for each free block; clamped: the same for each
        clamped block. The arrays' leading shapes are broadcast; [] of both is one chain.
        """
        start = spins_of(self.ebm, self.free_blocks, init_state)
        fixed = spins_of(self.ebm, self.clamped_blocks, clamped)
        leading = np.broadcast_shapes(start.shape[:-1], fixed.shape[:-1])
        if len(leading) > 1:
            raise ValueError(f"state: leading shape {leading}; there is one of chains at most")
        chains = leading[0] if leading else 1
        n = len(self.ebm.nodes)
        start, fixed = (np.broadcast_to(s, (chains, n)) for s in (start, fixed))
        init = np.where(fixed == 0, start, fixed)
        burn_in, interval, count, step = _points(schedule)
        parts = [init[None]] if schedule.n_warmup == 0 else []
        if count > 0:
            settings = Settings(
                burn_in=burn_in,
                interval=interval,
                samples=count,
                chains=chains,
                seed=integer("key", key, 0, 2**64 - 1),
                init=init,
                clamp=fixed if self.clamped_blocks else None,
            )
            with Sampler(self.ebm.graph(), self.device, self.array) as sampler:
                buffers, interrupted = sampler.run(settings)
            if interrupted:
                raise KeyboardInterrupt
            parts.append(buffers.arrays()[0].reshape(count, -1, n)[::step, :chains])
        return np.concatenate(parts)


def _points(schedule: SamplingSchedule) -> tuple[int, int, int, int]:
    """Burn-in, interval and samples of a run, and of how many samples the first is taken.

    The first sample comes right after the warm-up, in a run after an interval.
    """
    warm_up, step, count = schedule.n_warmup, schedule.steps_per_sample, schedule.n_samples
    if warm_up == 0:  # the first one is the start
        return 0, step, count - 1, 1
    if warm_up >= step:
        return warm_up - step, step, count, 1
    interval = math.gcd(warm_up, step)
    return warm_up - interval, interval, (count - 1) * (step // interval) + 1, step // interval


def hinton_init(
    key: int, model: IsingEBM, blocks: Sequence[Block], batch_shape: tuple[int, ...]
) -> list[NDArray[np.bool_]]:
    """Random start values bool[*batch_shape, block]: P(s_i = +1) = 1 / (1 + exp(-beta b_i))."""
    rng = np.random.default_rng(key)
    out = []
    for block in blocks:
        p = 1 / (1 + np.exp(-model.beta * model.biases[model.indices(block)]))
        out.append(rng.random((*batch_shape, len(block))) < p)
    return out


def sample_states(
    key: int,
    program: IsingSamplingProgram,
    schedule: SamplingSchedule,
    init_state: Sequence[ArrayLike],
    clamped: Sequence[ArrayLike],
    nodes_to_sample: Sequence[Block],
) -> list[NDArray[np.bool_]]:
    """Samples bool[samples, block] of each block, [chains, samples, block] of several chains."""
    spins = program.run(key, schedule, init_state, clamped).swapaxes(0, 1) > 0
    one = all(np.ndim(values) == 1 for values in (*init_state, *clamped))
    states = spins[0] if one else spins
    return [states[..., program.ebm.indices(block)] for block in nodes_to_sample]


def estimate_moments(
    key: int,
    first_moment_nodes: Sequence[Hashable],
    second_moment_edges: Sequence[Edge],
    program: IsingSamplingProgram,
    schedule: SamplingSchedule,
    init_state: Sequence[ArrayLike],
    clamped_data: Sequence[ArrayLike],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Means <s_i>[nodes] and <s_i s_j>[edges] over the samples; [chains, ...] of several chains.

    >>> ebm = IsingEBM(["a", "b"], [("a", "b")], [0.0, 0.0], [-1.0], beta=20)
    >>> program = IsingSamplingProgram(ebm, [Block(["b"])], [Block(["a"])], array="small")
    >>> schedule = SamplingSchedule(n_warmup=2, n_samples=10, steps_per_sample=1)
    >>> nodes, edges = estimate_moments(
    ...     1, ebm.nodes, ebm.edges, program, schedule, [[False]], [[True]]
    ... )
    >>> nodes, edges
    (array([ 1., -1.]), array([-1.]))
    """
    spins = program.run(key, schedule, init_state, clamped_data)
    one = all(np.ndim(values) == 1 for values in (*init_state, *clamped_data))
    ebm = program.ebm
    first = spins[..., ebm.indices(first_moment_nodes)].mean(axis=0)
    i = ebm.indices([edge[0] for edge in second_moment_edges])
    j = ebm.indices([edge[1] for edge in second_moment_edges])
    second = (spins[..., i] * spins[..., j]).mean(axis=0)
    return (first[0], second[0]) if one else (first, second)


class IsingTrainingSpec:
    """Programs and schedules of the two phases of a gradient.

    Positive: data and conditioning blocks clamped; negative: conditioning blocks clamped.
    """

    def __init__(
        self,
        ebm: IsingEBM,
        data_blocks: Sequence[Block],
        conditioning_blocks: Sequence[Block],
        positive_sampling_blocks: Sequence[Block | Sequence[Block]],
        negative_sampling_blocks: Sequence[Block | Sequence[Block]],
        schedule_positive: SamplingSchedule,
        schedule_negative: SamplingSchedule,
        **where: Any,
    ) -> None:
        self.ebm = ebm
        both = [*data_blocks, *conditioning_blocks]
        self.program_positive = IsingSamplingProgram(ebm, positive_sampling_blocks, both, **where)
        self.program_negative = IsingSamplingProgram(
            ebm, negative_sampling_blocks, conditioning_blocks, **where
        )
        self.schedule_positive, self.schedule_negative = schedule_positive, schedule_negative


def estimate_kl_grad(
    key: int,
    training_spec: IsingTrainingSpec,
    bias_nodes: Sequence[Hashable],
    weight_edges: Sequence[Edge],
    data: Sequence[ArrayLike],
    conditioning_values: Sequence[ArrayLike],
    init_state_positive: Sequence[ArrayLike],
    init_state_negative: Sequence[ArrayLike],
) -> tuple[NDArray[np.float64], NDArray[np.float64], tuple[Any, Any], tuple[Any, Any]]:
    """Gradient of the Kullback-Leibler divergence from data to model.

    data: bool[batch, block] for each data block; conditioning_values: bool[block];
    init_state_positive: bool[chains, batch, block] for each free block, none if there is none;
    init_state_negative: bool[chains, block]. Returns -beta (<s s>+ - <s s>-)[edges], the same of
    nodes, and the moments of the phases: (nodes, edges), [chains, batch, ...] and [chains, ...].
    """
    spec = training_spec
    batch = len(np.asarray(data[0]))
    chains = len(np.asarray(init_state_positive[0])) if init_state_positive else 1
    clamped = [np.tile(np.asarray(values, bool), (chains, 1)) for values in data] + [
        np.asarray(values, bool) for values in conditioning_values
    ]
    start = [np.asarray(s, bool).reshape(chains * batch, -1) for s in init_state_positive]
    schedule = spec.schedule_positive if start else SamplingSchedule(0, 1, 1)
    seeds = np.random.SeedSequence(integer("key", key, 0, 2**64 - 1)).generate_state(2, np.uint64)
    positive = estimate_moments(
        int(seeds[0]), bias_nodes, weight_edges, spec.program_positive, schedule, start, clamped
    )
    positive = tuple(m.reshape(chains, batch, -1) for m in positive)
    negative = estimate_moments(
        int(seeds[1]), bias_nodes, weight_edges, spec.program_negative, spec.schedule_negative,
        init_state_negative, conditioning_values,
    )  # fmt: skip
    beta = spec.ebm.beta
    grad_b, grad_w = (
        -beta * (p.mean(axis=(0, 1)) - np.atleast_2d(m).mean(axis=0))
        for p, m in zip(positive, negative, strict=True)
    )
    return grad_w, grad_b, positive, negative
