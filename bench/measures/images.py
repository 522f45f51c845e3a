"""Binary images for the measures: of IDX files, and drawn.

SPDX-License-Identifier: Apache-2.0
"""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


def read_idx(path: Path) -> NDArray[np.uint8]:
    """An IDX file of bytes, or the same with .gz behind its name."""
    data = path.read_bytes() if path.exists() else gzip.open(f"{path}.gz").read()
    shape = np.frombuffer(data, ">u4", data[3], 4)
    return np.frombuffer(data, np.uint8, offset=4 + 4 * data[3]).reshape(shape)


def spins(grey: NDArray[np.uint8], thresholds: tuple[int, ...] = (127,)) -> NDArray[np.int8]:
    """-1 and +1 [count, planes * height * width] of grey values above the thresholds."""
    planes = [np.where(grey > t, 1, -1).astype(np.int8).reshape(len(grey), -1) for t in thresholds]
    return np.concatenate(planes, axis=1)


def load(
    folder: str, part: str, thresholds: tuple[int, ...] = (127,)
) -> tuple[NDArray[np.int8], NDArray[np.uint8]]:
    """Spins and labels of a part, "train" or "t10k"."""
    grey = read_idx(Path(folder) / f"{part}-images-idx3-ubyte")
    return spins(grey, thresholds), read_idx(Path(folder) / f"{part}-labels-idx1-ubyte")


def each(v: NDArray, labels: NDArray, count: int, skip: int = 0) -> NDArray:
    """`count` images of each class, class by class, after the first `skip` of it.

    In an order of chance: the halves of MNIST's test images were written by other people.
    """
    place = np.random.default_rng(1).permutation(len(v))
    rows = [place[labels[place] == k][skip : skip + count] for k in np.unique(labels)]
    if any(len(r) < count for r in rows):
        raise SystemExit(f"a class has fewer than {skip + count} images; choose a smaller --each")
    return v[np.concatenate(rows)]
