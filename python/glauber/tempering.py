"""Replica exchange: what a run does, and what it returns (glauber/tempering.h).

SPDX-License-Identifier: Apache-2.0
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from glauber._library import array_of, copied, ffi, fields, integer, lib, pointer
from glauber.graph import Graph
from glauber.samples import Buffers, Samples, figures
from glauber.settings import Settings

MOST_TEMPERATURES = 256
_MOST_SWEEPS = 2**32 - 1


@dataclass(frozen=True, kw_only=True)
class Tempering:
    """What a run of ladders does; every member has a default, those of `glauber temper`.

    A ladder is fixed (`betas`) or tuned in the warm-up between two ends, which follow from the
    couplings where neither `beta` nor `beta_range` is given.

    >>> Tempering(beta=2, rounds=500).sweeps
    2
    """

    betas: ArrayLike | None = None
    """float64[temperatures], inverse temperatures >= 0, ascending: the ladder itself."""
    beta_range: Sequence[float] | None = None
    """(hot, cold): the ends of a ladder that is tuned."""
    beta: float | None = None
    """The cold end alone, at which samples have P(m) ~ exp(-beta E)."""
    temperatures: int | None = None
    """2 .. 256 replicas of a ladder; None: chosen in the warm-up."""
    most_temperatures: int = 64
    """4 .. 256: the most that the warm-up chooses."""
    sweeps: int = 2
    """Of a round, which ends with exchanges and a look at the energies."""
    rounds: int | None = None
    """After the warm-up, each gives a sample of each ladder; None: 1000, with `seconds` as many as
    fit."""
    warm_up: int = 500
    """Rounds that tune the ladder and give no samples."""
    cluster_moves: bool = False
    """Exchange clusters of p-bits between two chains of a board at one temperature, where not all
    of them percolate; the chains of a board are then not independent."""
    seconds: float = 0.0
    """> 0: the run ends after the round in which so much time has passed, the warm-up after a third
    of it at the latest."""
    chains: int = 0
    """Ladders, rounded up to whole boards; 0: one board."""
    seed: int = 1
    """0 .. 2^64 - 1. The same seed gives the same bits on every device."""
    clamp: ArrayLike | None = None
    """int8[n] or [columns, n]: -1, +1, or 0 for free; ladder c uses row c modulo columns."""
    init: ArrayLike | None = None
    """int8[n] or [columns, n]: start values -1 and +1, 0 for random, of all replicas."""
    stop_energy: float = math.nan
    """Stop after the first round with an energy <= this, of any replica; NaN: never."""


@dataclass(frozen=True)
class Ladder:
    """Temperatures of a run with replica exchange, and what was exchanged in its rounds."""

    beta: NDArray[np.float64]
    """float64[temperatures], inverse temperatures as the array has them, ascending."""
    mean_energy: NDArray[np.float64]
    """float64[temperatures], units and sign of the graph's convention; NaN without rounds."""
    energy_stderr: NDArray[np.float64]
    """float64[temperatures], standard errors of these."""
    acceptance: NDArray[np.float64]
    """float64[temperatures - 1]: share of accepted exchanges of t and t + 1."""
    barrier: float
    """Sum of 1 - acceptance."""
    arrivals: int
    """Of states at the cold end that were at the hot end before, all ladders."""
    round_trips: int
    """Of states from the hot end to the cold one and back."""
    warm_up: int
    """Rounds of the warm-up that were done."""
    rounds: int
    """Rounds after it."""
    tuned: int
    """How often the warm-up has set the ladder anew."""
    cluster_first: int
    """Cluster moves are at the temperatures from here on; the number of these: at none."""
    cluster_size: float
    """Mean p-bits of a cluster; NaN without a move."""


@dataclass(frozen=True, repr=False)
class TemperedSamples(Samples):
    """Samples of the cold ends, round by round, in each round ladder by ladder.

    `best_spins` and `best_energy` are of all replicas at the end of every round, those of the
    warm-up included; `sweeps` are of a replica, `updates`, `clocks` and seconds of all of them.
    """

    ladder: Ladder


def planned(t: Tempering, graph: Graph) -> tuple[Settings, bool]:
    """The settings of a run, and whether it is as long as there is time.

    Raises TypeError and ValueError for members that exclude each other or are out of range.
    """
    given = [name for name in ("betas", "beta_range", "beta") if getattr(t, name) is not None]
    if len(given) > 1:
        raise ValueError(f"{given[0]}: excludes {given[1]}; both name the cold end of the ladder")
    if t.betas is not None and t.temperatures is not None:
        raise ValueError("temperatures: the number of betas; leave it out")
    sweeps = integer("sweeps", t.sweeps, 1, _MOST_SWEEPS)
    warm_up = integer("warm_up", t.warm_up, 0, _MOST_SWEEPS // sweeps - 1)
    most = _MOST_SWEEPS // sweeps - warm_up
    timed = t.rounds is None and t.seconds > 0
    wanted = most if timed else 1000 if t.rounds is None else t.rounds
    return Settings(
        beta=_cold_end(t, graph),
        burn_in=sweeps * warm_up,
        interval=sweeps,
        samples=integer("rounds", wanted, 1, most),
        chains=t.chains,
        seed=t.seed,
        clamp=t.clamp,
        init=t.init,
        stop_energy=t.stop_energy,
    ), timed


def _cold_end(t: Tempering, graph: Graph) -> float:
    if t.betas is not None:
        return float(_betas(t.betas)[-1])
    if t.beta is not None:
        return float(t.beta)
    if t.beta_range is None:
        return graph.beta_range()[1]
    if len(t.beta_range) != 2:
        raise ValueError("beta_range: takes two values, the hot and the cold end of the ladder")
    hot, cold = (float(beta) for beta in t.beta_range)
    if not 0 < hot < cold:
        raise ValueError(f"beta_range: {hot} to {cold}; the hot end is above 0 and below the cold")
    return cold


def _betas(values: ArrayLike) -> NDArray[np.float64]:
    shape = np.shape(values)
    if len(shape) != 1 or not 2 <= shape[0] <= MOST_TEMPERATURES:
        raise ValueError(f"betas: shape {shape}, expected 2 to {MOST_TEMPERATURES} values")
    return array_of("betas", values, np.float64, shape)


def c_tempering(t: Tempering) -> tuple[Any, tuple[Any, ...]]:
    """A struct glb_tempering, and what must live as long as it does."""
    c = ffi.new("struct glb_tempering *")
    lib.glb_tempering_init(c, ffi.sizeof(c[0]))
    c.most_temperatures = integer("most_temperatures", t.most_temperatures, 4, MOST_TEMPERATURES)
    c.cluster_moves = bool(t.cluster_moves)
    c.seconds = t.seconds
    if t.temperatures is not None:
        c.temperatures = integer("temperatures", t.temperatures, 2, MOST_TEMPERATURES)
    if t.beta_range is not None:
        c.beta_hot = t.beta_range[0]
    if t.betas is None:
        return c, ()
    betas = _betas(t.betas)
    c.betas, c.temperatures = pointer("double *", betas), len(betas)
    return c, (betas,)


_AT_EACH = ("beta", "mean_energy", "energy_stderr")
_FIGURES = (
    "barrier",
    "arrivals",
    "round_trips",
    "warm_up",
    "rounds",
    "tuned",
    "cluster_first",
    "cluster_size",
)


def _ladder(c: Any) -> Ladder:
    reals = {name: copied(getattr(c, name), c.temperatures, np.float64) for name in _AT_EACH}
    acceptance = copied(c.acceptance, c.temperatures - 1, np.float64)
    return Ladder(**reals, acceptance=acceptance, **fields(c, *_FIGURES))


def tempered(sampler: Any, buffers: Buffers) -> TemperedSamples:
    """Samples, figures and ladder of the run that the sampler has ended."""
    ladder = _ladder(lib.glb_sampler_ladder(sampler))
    return TemperedSamples(**figures(sampler, buffers), ladder=ladder)
