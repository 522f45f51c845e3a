"""How far drawn images are from true ones: nearest neighbours, and a classifier's features.

SPDX-License-Identifier: Apache-2.0
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

WEIGHTS = Path(__file__).parent / "classifier.npz"


def differing(x: NDArray, y: NDArray) -> NDArray[np.float32]:
    """Differing pixels [len(x), len(y)] of spins."""
    return (x.shape[1] - x.astype(np.float32) @ y.astype(np.float32).T) / 2


def beyond(own: NDArray, other: NDArray) -> float:
    """Share of images whose nearest other one is of their own set; a draw counts half."""
    np.fill_diagonal(own, np.inf)
    same, far = own.min(axis=1), other.min(axis=1)
    return float(np.mean((same < far) + 0.5 * (same == far)))


def adversarial_accuracy(true: NDArray, drawn: NDArray) -> tuple[float, float, float]:
    """AATS (A. Yale and others, 2020, Neurocomputing 416): its value, and its two halves.

    The halves are those of a reader that takes an image for one of the set that its nearest
    neighbour is of: right for true images, for drawn ones. 0.5: the sets cannot be told apart;
    1: they lie apart; 0: drawn images are copies of true ones. Spins [n, pixels], as many of both.
    """
    assert len(true) == len(drawn)
    across = differing(true, drawn)
    of_true = beyond(differing(true, true), across)
    of_drawn = beyond(differing(drawn, drawn), across.T)
    return (of_true + of_drawn) / 2, of_true, of_drawn


@dataclass(frozen=True)
class Classifier:
    """784 pixels -> 64 -> 32 -> classes, rectified; its features are the 32."""

    w: tuple[NDArray[np.float32], ...]
    b: tuple[NDArray[np.float32], ...]

    @classmethod
    def load(cls, path: Path = WEIGHTS) -> Classifier:
        """From the file beside this one, which train_classifier.py writes."""
        with np.load(path) as f:
            layers = range(len(f.files) // 2)
            return cls(
                tuple(f[f"w{k}"].astype(np.float32) for k in layers),
                tuple(f[f"b{k}"].astype(np.float32) for k in layers),
            )

    def features(self, v: NDArray) -> NDArray[np.float64]:
        """Values of the last hidden layer, of spins [n, pixels]."""
        x = (v.astype(np.float32) + 1) / 2
        for w, b in zip(self.w[:-1], self.b[:-1], strict=True):
            x = np.maximum(x @ w + b, 0)
        return x.astype(np.float64)

    def read(self, v: NDArray) -> NDArray[np.int64]:
        """Classes."""
        return (self.features(v) @ self.w[-1] + self.b[-1]).argmax(axis=1)


def frechet(x: NDArray, y: NDArray) -> float:
    """|m - n|^2 + tr(C + D - 2 (C D)^(1/2)) of features' means and covariances.

    D. C. Dowson and B. V. Landau, 1982; with features of another network the "FID" of M. Heusel
    and others, 2017.
    """
    m, n = x.mean(axis=0), y.mean(axis=0)
    c, d = np.cov(x, rowvar=False), np.cov(y, rowvar=False)
    values, vectors = np.linalg.eigh(c)
    root = (vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T
    inner = np.linalg.eigvalsh(root @ d @ root)
    return float(
        ((m - n) ** 2).sum() + np.trace(c) + np.trace(d) - 2 * np.sqrt(np.maximum(inner, 0)).sum()
    )
