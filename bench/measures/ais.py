"""Annealed importance sampling of a machine's partition functions, one for each held class.

R. Salakhutdinov and I. Murray, On the quantitative analysis of deep belief networks, ICML 2008. The
path leads from independent pixels with the biases a of a class, at b = 0, to the machine at b = 1:
log p_b(v) = (1 - b) a v + b bias v + sum over hidden units of log 2 cosh(b (c + W v)).
SPDX-License-Identifier: Apache-2.0
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from machine import Machine, log_2cosh
from numpy.typing import NDArray


@dataclass(frozen=True)
class Partition:
    """Of each class: float64[classes]."""

    log_z: NDArray[np.float64]
    """Log of the sum over all pixels and hidden units of exp(-E), labels held."""
    error: NDArray[np.float64]
    """Standard error of log_z, from the spread of the chains' weights."""
    effective: NDArray[np.float64]
    """(sum w)^2 / sum w^2: chains that the estimate rests on."""


def temperatures(steps: int) -> NDArray[np.float64]:
    """The paper's spacing: 1/30 of them up to 0.5, 8/30 from there to 0.9, the rest to 1."""
    first, second = max(steps // 30, 1), max(steps * 8 // 30, 1)
    return np.concatenate(
        (
            np.linspace(0, 0.5, first, endpoint=False),
            np.linspace(0.5, 0.9, second, endpoint=False),
            np.linspace(0.9, 1, max(steps - first - second, 1) + 1),
        )
    )


def base_biases(v: NDArray, labels: NDArray, classes: int) -> NDArray[np.float64]:
    """a[classes, pixels] of images' class means, which are kept off -1 and +1."""
    out = np.empty((classes, v.shape[1]))
    for k in range(classes):
        mine = v[labels == k]
        out[k] = np.arctanh((mine.sum(axis=0)) / (len(mine) + 2))
    return out


def draw(field: NDArray, rng: np.random.Generator) -> NDArray[np.float32]:
    """Spins that are +1 with probability 1 / (1 + exp(-2 field))."""
    u = rng.random(field.shape, dtype=np.float32)
    return np.where(2 * u - 1 < np.tanh(field), 1, -1).astype(np.float32)


def estimate(
    machine: Machine, base: NDArray[np.float64], *, chains: int, steps: int, seed: int = 1
) -> Partition:
    """`chains` for each class through `steps` temperatures, all classes side by side.

    base: a of the independent pixels, float64[classes, pixels].
    """
    rng = np.random.default_rng(seed)
    # a column is a chain; classes one after another
    up, down = machine.W.T.tocsr().astype(np.float32), machine.W.astype(np.float32)
    a = np.repeat(base, chains, axis=0).T.astype(np.float32)
    c = np.repeat(machine.c, chains, axis=0).T.astype(np.float32)
    b = machine.b.astype(np.float32)[:, None]
    beta = temperatures(steps)
    v = draw(a, rng)
    field = up @ v + c
    log_w = np.zeros(a.shape[1])
    pixel = (b * v - a * v).sum(axis=0, dtype=np.float64)
    hidden = log_2cosh(beta[0] * field).sum(axis=0, dtype=np.float64)
    for last, now in zip(beta[:-1], beta[1:], strict=True):
        raised = log_2cosh(np.float32(now) * field).sum(axis=0, dtype=np.float64)
        log_w += (now - last) * pixel + raised - hidden
        if now == 1:
            break
        s = draw(np.float32(now) * field, rng)
        v = draw(np.float32(1 - now) * a + np.float32(now) * (b + down @ s), rng)
        field = up @ v + c
        pixel = (b * v - a * v).sum(axis=0, dtype=np.float64)
        hidden = log_2cosh(np.float32(now) * field).sum(axis=0, dtype=np.float64)
    start = log_2cosh(base).sum(axis=1) + machine.c.shape[1] * np.log(2)
    return summarise(log_w.reshape(machine.classes, chains), start + machine.offset)


def summarise(log_w: NDArray[np.float64], start: NDArray[np.float64]) -> Partition:
    """Of log weights [classes, chains] and the log partition functions of the path's beginning."""
    chains = log_w.shape[1]
    most = log_w.max(axis=1, keepdims=True)
    w = np.exp(log_w - most)
    mean = w.mean(axis=1)
    error = w.std(axis=1, ddof=1) / mean / np.sqrt(chains)
    return Partition(
        start + most[:, 0] + np.log(mean), error, w.sum(axis=1) ** 2 / (w**2).sum(axis=1)
    )


def likelihoods(
    machine: Machine, log_z: NDArray, v: NDArray, labels: NDArray
) -> dict[str, tuple[float, float]]:
    """Mean of test images and its standard error over them, in nats.

    held: log p(v | its label). summed: log of the mean over classes of p(v | class), the labels
    summed out with equal shares. joint: log p(v) of the machine with free labels, one of which is on.
    """
    p = machine.log_p(v)
    given = p - log_z
    values = {
        "held": given[np.arange(len(v)), labels],
        "summed": np.logaddexp.reduce(given, axis=1) - np.log(machine.classes),
        "joint": np.logaddexp.reduce(p, axis=1) - np.logaddexp.reduce(log_z),
    }
    return {k: (x.mean(), x.std(ddof=1) / np.sqrt(len(x))) for k, x in values.items()}
