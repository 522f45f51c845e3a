"""Settings of a run as the C struct (glauber/sampler.h).

SPDX-License-Identifier: Apache-2.0
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from glauber._library import array_of, ffi, integer, lib, pointer


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What a run does; every member has a default.

    >>> Settings(beta=0.5, samples=10).samples
    10
    """

    beta: float = 1.0
    """Inverse temperature, >= 0, P(m) ~ exp(-beta E) with E as in Graph; not with a schedule."""
    schedule: ArrayLike | None = None
    """[steps, 2]: beta (>= 0) and sweeps (>= 1) of each step, instead of beta."""
    burn_in: int = 100
    """Sweeps before the first sampling interval."""
    interval: int = 1
    """Sweeps from one sample of a chain to the next."""
    samples: int = 100
    """Of each chain; with a schedule 0: as many as it has room for."""
    chains: int = 0
    """Independent Markov chains, rounded up to whole boards; 0: one board."""
    first_board: int = 0
    """Boards of one large run that come before this one's, which is a part of it."""
    seed: int = 1
    """0 .. 2^64 - 1. The same seed gives the same bits on every device."""
    clamp: ArrayLike | None = None
    """int8[n] or [columns, n]: -1, +1, or 0 for free; chain c uses row c modulo columns."""
    init: ArrayLike | None = None
    """int8[n] or [columns, n]: start values -1 and +1, 0 for random."""
    stop_energy: float = math.nan
    """Stop after the first sampling point with an energy <= this; NaN: never."""


def _columns(name: str, values: ArrayLike | None, n: int) -> NDArray[np.int8] | None:
    """[columns, n] or [n] as C's int8 [n][columns]."""
    if values is None:
        return None
    rows = np.atleast_2d(np.asarray(values))
    checked = array_of(name, rows, np.int8, (len(rows), n))
    return np.ascontiguousarray(checked.T)


def _steps(schedule: ArrayLike) -> Any:
    """struct glb_step[]."""
    rows = np.asarray(schedule, np.float64)
    if rows.ndim != 2 or rows.shape[1] != 2 or len(rows) == 0:
        raise ValueError(f"schedule: shape {rows.shape}, expected (steps, 2): beta and sweeps")
    sweeps = rows[:, 1]
    if not np.all((sweeps >= 1) & (sweeps < 2**32) & (sweeps == np.floor(sweeps))):
        raise ValueError("schedule: the second column, sweeps, takes integers from 1 to 2^32 - 1")
    steps = ffi.new("struct glb_step[]", len(rows))
    for step, (beta, count) in zip(steps, rows, strict=True):
        step.beta, step.sweeps = beta, int(count)
    return steps


def c_settings(settings: Settings, n: int) -> tuple[Any, tuple[Any, ...]]:
    """A struct glb_settings for a graph of n p-bits, and what must live as long as it does."""
    s = ffi.new("struct glb_settings *")
    lib.glb_settings_init(s, ffi.sizeof(s[0]))
    s.beta = settings.beta
    s.burn_in = integer("burn_in", settings.burn_in, 0, 2**32 - 1)
    s.interval = integer("interval", settings.interval, 1, 2**32 - 1)
    s.samples = integer("samples", settings.samples, 0, 2**32 - 1)
    s.chains = integer("chains", settings.chains, 0, 2**20)
    s.first_board = integer("first_board", settings.first_board, 0, 2**31 - 1)
    s.seed = integer("seed", settings.seed, 0, 2**64 - 1)
    s.stop_energy = settings.stop_energy
    kept: list[Any] = []
    if settings.schedule is not None:
        steps = _steps(settings.schedule)
        s.schedule, s.steps = steps, len(steps)
        kept.append(steps)
    for name in ("clamp", "init"):
        values = _columns(name, getattr(settings, name), n)
        if values is not None:
            setattr(s, name, pointer("int8_t *", values))
            setattr(s, f"{name}_columns", values.shape[1])
            kept.append(values)
    return s, tuple(kept)
