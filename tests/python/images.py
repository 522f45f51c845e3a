"""Small labelled images and settings that learn them.

SPDX-License-Identifier: Apache-2.0
"""

import numpy as np

SMALL = dict(topology="local:hidden=24,fan=8", batch=64, epochs=4, array="small", shift=0)


def bars(count=256, height=6, width=5, classes=4, seed=1):
    """Images with one bright row each, whose number is the class, and noise."""
    rng = np.random.default_rng(seed)
    y = np.arange(count) % classes
    x = rng.integers(0, 140, (count, height, width))
    x[np.arange(count), y] += 115
    x[0, 0, 0], x[1, 0, 0] = 0, 255
    return x.reshape(count, -1), y
