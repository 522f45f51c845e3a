"""Annealing schedules, and reads in parts that give the same states as one large run.

SPDX-License-Identifier: Apache-2.0
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from glauber._library import integer
from glauber.graph import Graph
from glauber.sampler import Sampler
from glauber.settings import Settings

SCHEDULE_TYPES = ("linear", "geometric", "custom")
LOOKS = 100
"""Sampling points of a run, as of `glauber anneal`: states that an interrupted one returns."""
MOST_CHAINS = 512
MOST_BYTES = 1 << 28
"""Side by side by default, and of the samples that are stored meanwhile."""


@dataclass(frozen=True)
class Schedule:
    """Inverse temperatures with the same number of sweeps at each."""

    betas: NDArray[np.float64]
    sweeps_per_beta: int
    kind: str

    @property
    def sweeps(self) -> int:
        """Of the whole schedule."""
        return len(self.betas) * self.sweeps_per_beta

    @property
    def beta_range(self) -> list[float]:
        """First and last."""
        return [float(self.betas[0]), float(self.betas[-1])]

    def settings(self, **others: Any) -> Settings:
        """Of a run along the schedule, which is looked at LOOKS times, the last time at its end."""
        steps = np.column_stack((self.betas, np.full(len(self.betas), self.sweeps_per_beta)))
        interval = max(1, self.sweeps // LOOKS)
        burn_in = self.sweeps % interval
        return Settings(schedule=steps, samples=0, burn_in=burn_in, interval=interval, **others)


def _custom(
    betas: ArrayLike | None,
    beta_range: Sequence[float] | None,
    num_sweeps: int | None,
    sweeps_per_beta: int,
) -> NDArray[np.float64]:
    if betas is None:
        raise ValueError("beta_schedule: missing; beta_schedule_type 'custom' takes its values")
    values = np.asarray(betas, np.float64)
    if values.ndim != 1 or len(values) == 0:
        raise ValueError(f"beta_schedule: shape {values.shape}, expected one or more values")
    if not np.all(np.isfinite(values) & (values >= 0)):
        raise ValueError("beta_schedule: has values that are negative or not finite")
    if num_sweeps is not None and num_sweeps != len(values) * sweeps_per_beta:
        raise ValueError(
            f"num_sweeps: {num_sweeps}, but beta_schedule has {len(values)} values of "
            f"{sweeps_per_beta} sweeps; leave it out"
        )
    if beta_range is not None and tuple(beta_range) != (values[0], values[-1]):
        raise ValueError(
            f"beta_range: {beta_range}, but beta_schedule goes from {values[0]} to {values[-1]}; "
            f"leave it out"
        )
    return values


def _ramp(first: float, last: float, count: int, kind: str) -> NDArray[np.float64]:
    if not (np.isfinite(first) and np.isfinite(last) and min(first, last) >= 0):
        raise ValueError(f"beta_range: {first} to {last}; both must be finite and not negative")
    if kind == "geometric" and min(first, last) == 0:
        raise ValueError("beta_range: a geometric schedule cannot have 0; take 'linear'")
    if count == 1:
        return np.array([last])
    spaced = np.geomspace if kind == "geometric" else np.linspace
    return spaced(first, last, count)


def make_schedule(
    default_range: Callable[[], tuple[float, float]],
    kind: str,
    beta_range: Sequence[float] | None,
    betas: ArrayLike | None,
    num_sweeps: int | None,
    sweeps_per_beta: int,
) -> Schedule:
    """The schedule that a sampler's parameters describe; ValueError names a wrong one."""
    per_beta = integer("num_sweeps_per_beta", sweeps_per_beta, 1, 2**32 - 1)
    if num_sweeps is not None:
        num_sweeps = integer("num_sweeps", num_sweeps, 1, 2**32 - 1)
    if kind == "custom":
        return Schedule(_custom(betas, beta_range, num_sweeps, per_beta), per_beta, kind)
    if kind not in SCHEDULE_TYPES:
        raise ValueError(f"beta_schedule_type: {kind!r}; there are {', '.join(SCHEDULE_TYPES)}")
    if betas is not None:
        raise ValueError("beta_schedule: goes with beta_schedule_type 'custom' only")
    count, rest = divmod(1000 if num_sweeps is None else num_sweeps, per_beta)
    if rest or count == 0:
        raise ValueError(f"num_sweeps: must be a multiple of num_sweeps_per_beta, {per_beta}")
    if beta_range is None:
        beta_range = default_range()
    if len(beta_range) != 2:
        raise ValueError("beta_range: takes two values, the first and the last beta")
    first, last = (float(beta) for beta in beta_range)
    return Schedule(_ramp(first, last, count, kind), per_beta, kind)


@dataclass
class Reads:
    """Last states of the chains."""

    spins: NDArray[np.int8]
    """int8[reads, n]."""
    stopped: bool = False
    """By the function that was asked, or by Ctrl-C: states at the last look."""
    interrupted: bool = False
    """By Ctrl-C."""


def _chains_at_once(sampler: Sampler, schedule: Schedule, chains: int | None) -> int:
    """Whole boards of chains, at least one."""
    board = sampler.board_chains
    looks = schedule.sweeps // max(1, schedule.sweeps // LOOKS)
    fitting = MOST_BYTES // (looks * (sampler.graph.n // 8 + 9))
    wanted = min(MOST_CHAINS, fitting) if chains is None else chains
    return max(1, -(-wanted // board) if chains else wanted // board) * board


def anneal(
    sampler: Sampler,
    schedule: Schedule,
    num_reads: int,
    *,
    seed: int,
    chains: int | None = None,
    init: NDArray[np.int8] | None = None,
    stop: Callable[[], Any] | None = None,
) -> Reads:
    """One read of each of num_reads chains, `chains` of them side by side.

    States do not depend on `chains`. init: int8[num_reads, n]. `stop` is called some 50 times a
    second; once it returns what is true, the states at the last look are the result.
    """
    out = Reads(np.empty((0, sampler.graph.n), np.int8))
    board = sampler.board_chains

    def look(_fraction: float, _best: float) -> bool:
        out.stopped = out.stopped or bool(stop and stop())
        return out.stopped

    parts = [out.spins]
    at_once = _chains_at_once(sampler, schedule, chains)
    for first in range(0, num_reads, at_once):
        count = min(at_once, num_reads - first)
        settings = schedule.settings(
            chains=count,
            first_board=first // board,
            seed=seed,
            init=None if init is None else init[first : first + count],
        )
        buffers, out.interrupted = sampler.run(settings, look if stop else None)
        parts.append(buffers.last_states()[:count])
        out.stopped = out.stopped or out.interrupted
        if out.stopped:
            break
    out.spins = np.concatenate(parts)
    return out


def last_states(
    graph: Graph, device: str, *, sweeps: int, chains: int, seed: int
) -> NDArray[np.int8]:
    """int8[chains, n]: what the chains of a geometric anneal end in."""
    schedule = make_schedule(graph.beta_range, "geometric", None, None, sweeps, 1)
    chains = integer("chains", chains, 1, 2**20)
    with Sampler(graph, device) as sampler:
        reads = anneal(sampler, schedule, chains, seed=integer("seed", seed, 0, 2**64 - 1))
    if reads.interrupted:
        raise KeyboardInterrupt
    return reads.spins
