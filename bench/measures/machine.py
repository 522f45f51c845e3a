"""A drawing machine as the array runs it: couplings in steps, biases rounded to whole units.

SPDX-License-Identifier: Apache-2.0
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import h5py
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

PIXELS, LABELS = 0, 3
"""Kinds of layers in model files."""


@dataclass(frozen=True)
class Machine:
    """E(v, s, y) = -v W s - b v - s (c + U y') of spins; one label of a class is on, the rest off.

    W: sparse float64[pixels, hidden]. b: float64[pixels]. c: float64[classes, hidden], the fields
    of hidden units from their biases and the labels of a class. offset: float64[classes], minus the
    energy of the labels alone.
    """

    W: sparse.csr_matrix
    b: NDArray[np.float64]
    c: NDArray[np.float64]
    offset: NDArray[np.float64]
    height: int
    width: int
    thresholds: tuple[int, ...]

    @property
    def classes(self) -> int:
        """Number of classes."""
        return len(self.c)

    def log_p(self, v: NDArray[np.float64]) -> NDArray[np.float64]:
        """Log of the sum over hidden states of exp(-E): float64[count, classes] of v[count, pixels]."""
        from_pixels = v @ self.W
        out = np.empty((len(v), self.classes))
        for k in range(self.classes):
            out[:, k] = log_2cosh(from_pixels + self.c[k]).sum(axis=1)
        return out + (v @ self.b)[:, None] + self.offset


def log_2cosh(x: NDArray) -> NDArray:
    """log(2 cosh x) without overflow."""
    a = np.abs(x)
    return a + np.log1p(np.exp(-2 * a))


def effective_biases(
    n: int, i: NDArray, j: NDArray, couplings: NDArray, h: NDArray, u: float
) -> NDArray[np.float64]:
    """What the array's biases mean: a field is u (sum of w b + q) of bits b with a whole number q."""
    total = np.bincount(i, couplings, n) + np.bincount(j, couplings, n)
    return u * np.rint((h - total) / u) + total


def from_arrays(
    sizes: tuple[int, int, int],
    classes: int,
    edges: tuple[NDArray, NDArray, NDArray],
    h: NDArray,
    *,
    height: int = 1,
    thresholds: tuple[int, ...] = (127,),
) -> Machine:
    """Of (pixels, hidden, label p-bits), in this order, and couplings (i < j, J)."""
    pixels, hidden, labels = sizes
    i, j, J = edges  # noqa: N806
    top = pixels + hidden
    a, b = (np.digitize(p, [pixels, top]) for p in (i, j))
    if np.any((a == b) & (a < 2)):
        raise SystemExit(
            "pixels or hidden units are coupled to each other: the exact sum over hidden states, and "
            "annealed importance sampling in blocks, need a machine of two sides"
        )
    sign = np.where(np.arange(labels) % classes == np.arange(classes)[:, None], 1.0, -1.0)
    W = sparse.csr_matrix(  # noqa: N806
        (J[(a == 0) & (b == 1)], (i[(a == 0) & (b == 1)], j[(a == 0) & (b == 1)] - pixels)),
        shape=(pixels, hidden),
    )
    up = (a == 1) & (b == 2)
    U = np.zeros((hidden, labels))  # noqa: N806
    U[i[up] - pixels, j[up] - top] = J[up]
    direct = (a == 0) & (b == 2)
    if np.any(direct):
        raise SystemExit("pixels are coupled to labels: not a machine that this script measures")
    within = (a == 2) & (b == 2)
    offset = sign @ h[top:]
    for p, q, v in zip(i[within] - top, j[within] - top, J[within], strict=True):
        offset += v * sign[:, p] * sign[:, q]
    return Machine(
        W, h[:pixels], h[pixels:top] + sign @ U.T, offset, height, pixels // height, thresholds
    )


def load(path: str | Path) -> Machine:
    """Of a model file of `glauber train`."""
    with h5py.File(path) as f:
        i, j = f["edge_i"][()].astype(np.int64), f["edge_j"][()].astype(np.int64)
        u = float(f.attrs["field_lsb"])
        J = f["weight"][()] * u / 2  # noqa: N806
        counts, kinds = f["layer_pbits"][()], f["layer_kind"][()]
        if kinds[0] != PIXELS or kinds[-1] != LABELS:
            raise SystemExit(f"{path}: its layers are of another order")
        sizes = (int(counts[0]), int(counts[1:-1].sum()), int(counts[-1]))
        classes = int(f.attrs["classes"]) if "classes" in f.attrs else 10
        one = (int(f.attrs["binarise_threshold"]),)
        planes = tuple(f["binarise_planes"][()]) if "binarise_planes" in f else one
        h = effective_biases(len(f["bias"]), i, j, J, f["bias"][()], u)
        height = int(f.attrs["height"])
    return from_arrays(sizes, classes, (i, j, J), h, height=height, thresholds=planes)
