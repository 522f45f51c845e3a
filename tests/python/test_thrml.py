"""glauber.thrml against exact enumeration: energies, clamped and free blocks, moments.

SPDX-License-Identifier: Apache-2.0
"""

import numpy as np
import pytest
from ising_models import exact, exact_moments, halves, make

from glauber.thrml import (
    Block,
    IsingEBM,
    IsingSamplingProgram,
    SamplingSchedule,
    SpinNode,
    estimate_moments,
    hinton_init,
    sample_states,
)

MANY = SamplingSchedule(50, 200, 3)
CHAINS = 256


KINDS = ["chain", "ring", "complete", "star", "bipartite", "no edges"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("beta", [0.5, 1.0])
def test_moments_are_the_exact_ones(kind, beta):
    ebm = make(kind, beta)
    blocks = halves(ebm)
    program = IsingSamplingProgram(ebm, blocks, [], array="small")
    start = hinton_init(1, ebm, blocks, (CHAINS,))
    first, second = estimate_moments(2, ebm.nodes, ebm.edges, program, MANY, start, [])
    assert first.shape == (CHAINS, 6)
    assert second.shape == (CHAINS, len(ebm.edges))
    means, pairs = exact_moments(ebm)
    # Chance: 120 * beyond(0.03 / 0.004) | 51,200 samples, three sweeps apart; 8 keys
    np.testing.assert_allclose(first.mean(0), means, atol=0.03)
    np.testing.assert_allclose(second.mean(0), pairs, atol=0.03)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("clamped", [1, 3])
def test_moments_with_clamped_blocks(kind, clamped):
    ebm = make(kind)
    free, fixed = [Block(ebm.nodes[clamped:])], [Block(ebm.nodes[:clamped])]
    values = np.array([True, False, True])[:clamped]
    program = IsingSamplingProgram(ebm, free, fixed, array="small")
    start = hinton_init(1, ebm, free, (CHAINS,))
    first, second = estimate_moments(3, ebm.nodes, ebm.edges, program, MANY, start, [values])
    given = dict(zip(ebm.nodes, np.where(values, 1, -1), strict=False))
    means, pairs = exact_moments(ebm, given)
    # Chance: 120 * beyond(0.03 / 0.004) | as above
    np.testing.assert_allclose(first.mean(0), means, atol=0.03)
    np.testing.assert_allclose(second.mean(0), pairs, atol=0.03)
    np.testing.assert_array_equal(first[:, :clamped], np.tile(np.where(values, 1, -1), (CHAINS, 1)))


@pytest.mark.parametrize("kind", KINDS)
def test_energies(kind):
    ebm = make(kind, 0.7)
    states, p = exact(ebm)
    blocks = halves(ebm)
    energy = ebm.energy([states[:, ::2] > 0, states[:, 1::2] > 0], blocks)
    # thrml's energy has beta in it
    np.testing.assert_allclose(np.exp(-energy) / np.exp(-energy).sum(), p)
    assert ebm.energy([states[0, ::2] > 0, states[0, 1::2] > 0], blocks).shape == ()


@pytest.mark.parametrize("chains", [None, 1, 5, 40])
@pytest.mark.parametrize("samples", [1, 7])
def test_shapes_of_states(chains, samples):
    ebm = make("ring")
    free, fixed = halves(ebm)
    program = IsingSamplingProgram(ebm, [free], [fixed], array="small")
    leading = () if chains is None else (chains,)
    start = hinton_init(0, ebm, [free], leading)
    clamp = np.array([True, False, False])
    schedule = SamplingSchedule(0, samples, 2)
    out = sample_states(4, program, schedule, start, [clamp], [fixed, Block(free[:1]), free])
    assert [s.shape for s in out] == [(*leading, samples, k) for k in (3, 1, 3)]
    assert all(s.dtype == bool for s in out)
    np.testing.assert_array_equal(out[0], np.broadcast_to(clamp, out[0].shape))
    np.testing.assert_array_equal(out[1][..., 0], out[2][..., 0])


def test_a_superblock_and_an_order_of_nodes():
    ebm = make("complete")
    one, two = halves(ebm)
    schedule = SamplingSchedule(3, 5, 1)
    start = hinton_init(0, ebm, [one, two], ())
    states = [
        sample_states(
            4, IsingSamplingProgram(ebm, free, [], array="small"), schedule, s, [], [two, one]
        )
        for free, s in (([one, two], start), ([(one, two)], start), ([two, one], start[::-1]))
    ]
    for other in states[1:]:
        np.testing.assert_array_equal(states[0][0], other[0])
        np.testing.assert_array_equal(states[0][1], other[1])


def test_equal_keys_give_equal_samples():
    ebm = make("ring")
    blocks = halves(ebm)
    program = IsingSamplingProgram(ebm, blocks, [], array="small")
    start = hinton_init(0, ebm, blocks, (8,))
    run = [
        sample_states(k, program, SamplingSchedule(0, 9, 1), start, [], blocks) for k in (1, 1, 2)
    ]
    np.testing.assert_array_equal(run[0], run[1])
    assert not np.array_equal(run[0], run[2])


def test_start_values_are_kept_where_nothing_moves_them():
    nodes = [SpinNode() for _ in range(4)]
    ring = [(nodes[k], nodes[(k + 1) % 4]) for k in range(4)]
    ebm = IsingEBM(nodes, ring, np.zeros(4), np.ones(4), beta=20)
    program = IsingSamplingProgram(ebm, [Block(nodes)], [], array="small")
    start = np.array([[True] * 4, [False] * 4] * 4)
    (out,) = sample_states(1, program, SamplingSchedule(1, 3, 1), [start], [], [Block(nodes)])
    np.testing.assert_array_equal(out, np.repeat(start[:, None], 3, axis=1))


def test_warm_up_and_steps_are_sweeps():
    ebm = make("ring", 0.8)
    blocks = [Block(ebm.nodes)]
    program = IsingSamplingProgram(ebm, blocks, [], array="small")
    start = [np.zeros((16, 6), bool)]

    def run(*schedule):
        return sample_states(5, program, SamplingSchedule(*schedule), start, [], blocks)[0]

    every = run(0, 25, 1)
    np.testing.assert_array_equal(every[:, 0], start[0])
    assert np.any(every[:, 1] != every[:, 2])
    for warm_up, samples, steps in [
        (0, 5, 6),
        (0, 1, 3),
        (4, 8, 1),
        (6, 4, 6),
        (2, 4, 5),
        (4, 4, 6),
    ]:
        out = run(warm_up, samples, steps)
        np.testing.assert_array_equal(out, every[:, warm_up::steps][:, :samples])


def test_hinton_init():
    ebm = make("no edges", 2.0)
    blocks = [*halves(ebm), Block([])]
    out = hinton_init(3, ebm, blocks, (200, 100))
    assert [s.shape for s in out] == [(200, 100, 3), (200, 100, 3), (200, 100, 0)]
    p = 1 / (1 + np.exp(-2 * ebm.biases))
    # Chance: 6 * beyond(0.022 / 0.0036) | shares of 20,000
    np.testing.assert_allclose(out[0].mean((0, 1)), p[::2], atol=0.022)
    np.testing.assert_allclose(out[1].mean((0, 1)), p[1::2], atol=0.022)
    np.testing.assert_array_equal(out[0], hinton_init(3, ebm, blocks, (200, 100))[0])


def test_any_hashable_is_a_node():
    ebm = IsingEBM(["a", ("b", 1), 3], [("a", 3)], np.zeros(3), [1.0], beta=20)
    program = IsingSamplingProgram(ebm, [Block(["a", ("b", 1)])], [Block([3])], array="small")
    out = sample_states(
        1,
        program,
        SamplingSchedule(1, 4, 1),
        [np.zeros(2, bool)],
        [np.ones(1, bool)],
        [Block(["a"])],
    )
    assert out[0].tolist() == [[True]] * 4


NODES = ["a", "b", "c"]


def small(free=(NODES,), clamped=()):
    ebm = IsingEBM(NODES, [("a", "b")], np.zeros(3), [1.0])
    return IsingSamplingProgram(ebm, [Block(b) for b in free], [Block(b) for b in clamped])


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: IsingEBM(NODES, [], np.zeros(2), []), "biases"),
        (lambda: IsingEBM(NODES, [], np.zeros(3), [1.0]), "weights"),
        (lambda: IsingEBM(["a", "a"], [], np.zeros(2), []), "twice"),
        (lambda: IsingEBM(NODES, [("a", "x")], np.zeros(3), [1.0]).graph(), "'x'"),
        (lambda: small([["a", "b"]]), "in none"),
        (lambda: small([NODES], [["a"]]), "in two"),
        (lambda: small([NODES], [["x"]]), "'x'"),
        (lambda: SamplingSchedule(0, 0, 1), "n_samples"),
        (lambda: SamplingSchedule(0, 1, 0), "steps_per_sample"),
        (lambda: small().run(1, MANY, [], []), "0 arrays for 1 blocks"),
        (lambda: small().run(1, MANY, [np.zeros(2)], []), "block of 3"),
        (lambda: small().run(-1, MANY, [np.zeros(3)], []), "key"),
        (lambda: small().run(1, MANY, [np.zeros((2, 2, 3))], []), "leading"),
        (lambda: small().ebm.energy([np.zeros(1)], [Block(["a"])]), "all nodes"),
    ],
)
def test_wrong_input_is_named(call, words):
    with pytest.raises(ValueError, match=words):
        call()
