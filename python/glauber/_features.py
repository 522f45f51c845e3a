"""Feature vectors as the grey images that the library takes, and back.

SPDX-License-Identifier: Apache-2.0
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glauber._library import integer

LONGEST_SIDE = 32
SMALL_FAN = 20
"""Pixels of a hidden unit of the topology "local", if its window has them."""


def shape_of(features: int, wanted: Sequence[int] | None) -> tuple[int, int]:
    """Height and width of an image with at least that many pixels, nearly a square."""
    if wanted is not None:
        if len(wanted) != 2:
            raise ValueError(f"image_shape: {wanted!r}; it takes a height and a width")
        height, width = (integer("image_shape", side, 1, LONGEST_SIDE) for side in wanted)
        if height * width != features:
            raise ValueError(f"image_shape: {height} x {width}, but X has {features} features")
        return height, width
    if features > LONGEST_SIDE**2:
        raise ValueError(
            f"X has {features} features; images have at most {LONGEST_SIDE} x {LONGEST_SIDE} pixels"
        )
    width = math.isqrt(features - 1) + 1
    return -(-features // width), width


@dataclass(frozen=True)
class Scaling:
    """Linear, from a range of values to 0 .. 255, and the images' shape."""

    low: float
    high: float
    height: int
    width: int
    features: int

    @classmethod
    def of(cls, x: NDArray[Any], value_range: Any, shape: tuple[int, int]) -> Scaling:
        """By default the range is that of the values."""
        low, high = (x.min(), x.max()) if value_range is None else value_range
        if not (np.isfinite(low) and np.isfinite(high) and low <= high):
            raise ValueError(f"value_range: {value_range!r}; it takes a lower and a higher value")
        return cls(float(low), float(high), *shape, x.shape[1])

    def images(self, x: NDArray[Any]) -> NDArray[np.uint8]:
        """uint8[count, height, width] of x[count, features]; pixels beyond the features are 0."""
        out = np.zeros((len(x), self.height * self.width), np.uint8)
        # a range of no width leaves everything black
        unit = (self.high - self.low) or 1.0
        grey = np.clip((x.astype(np.float64) - self.low) / unit, 0, 1) * 255
        out[:, : self.features] = np.rint(grey)
        return out.reshape(-1, self.height, self.width)

    def values(self, images: NDArray[np.uint8]) -> NDArray[np.float64]:
        """float64[count, features] of uint8[count, planes, height, width], means of the planes."""
        grey = images.mean(axis=1).reshape(len(images), -1)[:, : self.features]
        return self.low + grey / 255 * (self.high - self.low)


def fitting(spec: str, scaling: Scaling) -> str:
    """A topology for small images: "local" without fan= takes what a window has."""
    name, _, keys = spec.partition(":")
    side = next((int(k[7:]) for k in keys.split(",") if k.startswith("window=")), 9)
    cells = min(side, scaling.height) * min(side, scaling.width)
    if name != "local" or "fan=" in keys or cells >= SMALL_FAN:
        return spec
    return f"{spec}{',' if keys else ':'}fan={cells}"


def hash_of(x: NDArray[Any], y: NDArray[Any]) -> bytes:
    """Tells one set of images and labels from another."""
    text = np.asarray(y).astype(str)
    return hashlib.sha256(
        b"".join((np.ascontiguousarray(x).tobytes(), "\n".join(text).encode()))
    ).digest()
