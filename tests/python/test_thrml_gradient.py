"""Gradients of glauber.thrml against exact enumeration.

SPDX-License-Identifier: Apache-2.0
"""

import numpy as np
import pytest
from ising_models import exact_moments, make

from glauber.thrml import (
    Block,
    IsingTrainingSpec,
    SamplingSchedule,
    estimate_kl_grad,
    hinton_init,
)


def gradient_case(hidden):
    """A spec whose last `hidden` nodes are not data, and everything that the estimate takes."""
    ebm = make("complete", 0.8)
    visible, rest = Block(ebm.nodes[: 6 - hidden]), Block(ebm.nodes[6 - hidden :])
    schedule = SamplingSchedule(30, 300, 2)
    positive = [rest] if hidden else []
    spec = IsingTrainingSpec(
        ebm, [visible], [], positive, [visible, rest], schedule, schedule, array="small"
    )
    data = np.random.default_rng(1).integers(0, 2, (5, 6 - hidden)).astype(bool)
    start = hinton_init(1, ebm, positive, (4, 5))
    negative = hinton_init(2, ebm, [visible, rest], (64,))
    return ebm, spec, data, start, negative


@pytest.mark.parametrize("hidden", [0, 2, 4])
def test_gradients_are_the_exact_ones(hidden):
    ebm, spec, data, start, negative = gradient_case(hidden)
    grad_w, grad_b, plus, minus = estimate_kl_grad(
        9, spec, ebm.nodes, ebm.edges, [data], [], start, negative
    )
    assert plus[0].shape == (4 if hidden else 1, 5, 6)
    assert plus[1].shape == (4 if hidden else 1, 5, 15)
    assert minus[1].shape == (64, 15)
    # a batch's clamped values stay with it
    np.testing.assert_array_equal(plus[0][-1, :, : 6 - hidden], np.where(data, 1, -1))
    given = [dict(zip(ebm.nodes, np.where(row, 1, -1), strict=False)) for row in data]
    clamped = [exact_moments(ebm, g) for g in given]
    free = exact_moments(ebm)
    # Chance: 63 * beyond(0.06 / 0.0083) | 5 x 4 and 64 chains of 300 samples; 8 keys
    expected = -0.8 * (np.mean([m[1] for m in clamped], axis=0) - free[1])
    np.testing.assert_allclose(grad_w, expected, atol=0.06)
    expected = -0.8 * (np.mean([m[0] for m in clamped], axis=0) - free[0])
    np.testing.assert_allclose(grad_b, expected, atol=0.06)


def test_gradients_given_conditions():
    ebm = make("complete")
    condition, visible = Block(ebm.nodes[:2]), Block(ebm.nodes[2:])
    schedule = SamplingSchedule(30, 300, 2)
    spec = IsingTrainingSpec(
        ebm, [visible], [condition], [], [visible], schedule, schedule, array="small"
    )
    given, data = np.array([True, False]), np.array([[True, False, True, True]])
    negative = hinton_init(2, ebm, [visible], (64,))
    grad_w, grad_b, _, _ = estimate_kl_grad(
        9, spec, ebm.nodes, ebm.edges, [data], [given], [], negative
    )
    conditions = {ebm.nodes[0]: 1, ebm.nodes[1]: -1}
    spins = np.concatenate([[1, -1], 2 * data[0] - 1])
    free = exact_moments(ebm, conditions)
    # Chance: 21 * beyond(0.06 / 0.0083) | as above
    np.testing.assert_allclose(grad_b, -(spins - free[0]), atol=0.06)
    index = {node: k for k, node in enumerate(ebm.nodes)}
    pairs = np.array([spins[index[a]] * spins[index[b]] for a, b in ebm.edges])
    np.testing.assert_allclose(grad_w, -(pairs - free[1]), atol=0.06)
