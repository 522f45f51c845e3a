"""Samples against exact enumeration, against the tool, and of every setting.

SPDX-License-Identifier: Apache-2.0
"""

import itertools

import h5py
import networkx as nx
import numpy as np
import pytest

import glauber


def frustrated(n=8):
    rng = np.random.default_rng(5)
    pairs = np.array([(i, j) for i, j in itertools.combinations(range(n), 2) if rng.random() < 0.6])
    return pairs, rng.integers(-3, 4, len(pairs)) / 4, rng.integers(-2, 3, n) / 4


def exact_means(n, pairs, values, biases, beta):
    states = np.array(list(itertools.product([-1, 1], repeat=n)))
    energy = -(states[:, pairs[:, 0]] * states[:, pairs[:, 1]]) @ values - states @ biases
    p = np.exp(-beta * energy)
    p /= p.sum()
    return p @ states, (states.T * p) @ states


def test_means_and_correlations_are_the_exact_ones():
    pairs, values, biases = frustrated()
    g = glauber.Graph.from_arrays(8, pairs[:, 0], pairs[:, 1], values, biases)
    out = glauber.sample(g, beta=0.8, burn_in=50, samples=400, interval=5, chains=256, seed=3)
    means, correlations = exact_means(8, pairs, values, biases, 0.8)
    assert out.spins.shape == (400 * 256, 8)
    assert out.spins.dtype == np.int8
    # Chance: 36 * beyond(0.024 / 0.004) | means and correlations; deviation of 30 seeds
    assert np.abs(out.spins.mean(0) - means).max() < 0.024
    spins = out.spins.astype(float)
    assert np.abs(spins.T @ spins / len(spins) - correlations).max() < 0.024
    np.testing.assert_allclose(out.magnetization, out.spins.mean(0), atol=1e-12)
    np.testing.assert_allclose(out.energies, g.energies(out.spins), atol=1e-9)
    assert out.best_energy == out.energies.min()


@pytest.mark.parametrize("n", [1, 7, 8, 9, 65])
def test_spins_at_the_edges_of_bytes(n):
    up = glauber.sample(glauber.Graph.from_arrays(n, biases=np.full(n, 50.0)), samples=2)
    assert up.spins.shape == (32, n)
    assert np.all(up.spins == 1)


def test_same_bits_as_the_tool(tool, tmp_path):
    g = glauber.Graph.generate("torus2d", lx=9, weights="gauss", seed=4)
    g.write(tmp_path / "g.mtx")
    tool("sample", "g.mtx", "--beta", 0.7, "--samples", 20, "--interval", 3, "--burn-in", 11,
         "--chains", 40, "--seed", 77, "--array", "small", "-o", "out.h5")  # fmt: skip
    out = glauber.sample(
        g, array="small", beta=0.7, samples=20, interval=3, burn_in=11, chains=40, seed=77
    )
    with h5py.File(tmp_path / "out.h5") as f:
        bits = np.unpackbits(f["spins"][:], axis=-1, bitorder="little", count=g.n)
        spins = 2 * bits.astype(np.int8) - 1
        np.testing.assert_array_equal(np.sort(spins.reshape(-1, g.n).view(f"S{g.n}"), 0),
                                      np.sort(out.spins.view(f"S{g.n}"), 0))  # fmt: skip
        by_point = spins if spins.shape[0] == 20 else spins.swapaxes(0, 1)
        np.testing.assert_array_equal(by_point, out.spins.reshape(20, 48, g.n))


def test_seeds_chains_and_parts_of_a_large_run():
    g = glauber.Graph.generate("torus2d", lx=6, seed=1)
    with glauber.Sampler(g, array="small") as sampler:
        whole = sampler.sample(samples=3, chains=48, seed=9).spins.reshape(3, 48, g.n)
        again = sampler.sample(samples=3, chains=48, seed=9).spins.reshape(3, 48, g.n)
        other = sampler.sample(samples=3, chains=48, seed=10).spins.reshape(3, 48, g.n)
        part = sampler.sample(samples=3, chains=16, seed=9, first_board=2).spins
    np.testing.assert_array_equal(whole, again)
    assert np.any(whole != other)
    np.testing.assert_array_equal(whole[:, 32:], part.reshape(3, 16, g.n))


def test_clamps_and_start_values():
    g = glauber.Graph.from_arrays(3, [0, 1], [1, 2], [2.0, -2.0])
    clamp = np.array([[1, 0, 0], [-1, 0, 0]])
    out = glauber.sample(g, clamp=clamp, beta=20, samples=1, chains=16)
    np.testing.assert_array_equal(out.spins, np.tile([[1, 1, -1], [-1, -1, 1]], (8, 1)))
    # one of the two ground states, which at this beta keeps
    out = glauber.sample(g, init=[-1, -1, 1], beta=20, samples=1, burn_in=0)
    np.testing.assert_array_equal(out.spins, np.tile([-1, -1, 1], (16, 1)))


def test_a_schedule_cools():
    g = glauber.as_graph(nx.cycle_graph(10))
    hot = glauber.sample(g, schedule=[(0.01, 5)], burn_in=4, samples=0)
    cold = glauber.sample(g, schedule=[(0.01, 5), (0.5, 50), (5, 50)], burn_in=104, samples=0)
    # Chance: outside(16, 0.01, 0, 7) | cold chains with two walls; of 640 none had
    # Chance: measured(-0.2, 0.7, -8) | mean energy of the hot ones; 40 seeds
    assert cold.mean_energy < -8 < hot.mean_energy
    assert cold.sweeps == 105


def test_stop_energy():
    g = glauber.as_graph(nx.path_graph(4))
    out = glauber.sample(g, beta=3, samples=10000, stop_energy=-3)
    assert (out.reached, out.stopped, out.best_energy) == (1, 1, -3)
    assert len(out.spins) < 10000 * 16
    assert len(out.spins) == len(out.energies) > 0


def test_new_weights_without_compiling():
    g = glauber.Graph.from_arrays(2, [0], [1], [1.0])
    with glauber.Sampler(g) as sampler:
        assert sampler.set_weights([-1.0]) == 0
        out = sampler.sample(beta=20, samples=10)
    assert np.all(out.spins[:, 0] == -out.spins[:, 1])


def test_a_program_of_its_own(tmp_path):
    g = glauber.Graph.generate("torus2d", lx=6, seed=1)
    program = glauber.Program.compile(g, "small", copies=2)
    program.verify(g)
    assert (program.info().chains, program.info().array, program.info().pbits) == (32, "small", 36)
    assert program.quantisation().u > 0
    with glauber.Device("emu", "small") as device, glauber.Sampler(g, device, program=program) as s:
        assert len(s.sample(samples=1).spins) == 32


@pytest.mark.parametrize(
    ("changes", "error", "words"),
    [
        ({"beta": -1.0}, glauber.ArgumentError, "beta"),
        ({"samples": -1}, ValueError, "samples: -1"),
        ({"interval": 0}, ValueError, "interval: 0"),
        ({"seed": 2**64}, ValueError, "seed: "),
        ({"chains": 1.5}, TypeError, "chains: 1.5"),
        ({"schedule": [1, 2]}, ValueError, "schedule: shape"),
        ({"schedule": [(1.0, 0.5)]}, ValueError, "sweeps"),
        ({"clamp": [1, 0]}, ValueError, "clamp: shape"),
        ({"clamp": [2, 0, 0]}, glauber.ArgumentError, "2"),
        ({"init": [0.5, 1, 1]}, ValueError, "init: "),
        ({"sample": 1}, TypeError, "sample"),
        ({"array": "none"}, glauber.ArgumentError, "none"),
        ({"device": "none"}, glauber.ArgumentError, "none"),
    ],
)
def test_wrong_settings_are_named(changes, error, words):
    with pytest.raises(error) as caught:
        glauber.sample(glauber.as_graph(nx.path_graph(3)), **changes)
    assert words in str(caught.value)


def test_precise_programs():
    g = glauber.Graph.generate("complete", n=8, weights="gauss")
    plain, precise = (glauber.Program.compile(g, "small", beta=b).quantisation() for b in (0, 1))
    assert (plain.beta, plain.helpers, precise.beta, precise.helpers) == (0, 0, 1, 8)
    assert precise.field_error < 0.02 * plain.field_error
    ramp = glauber.Program.compile(g, "small", beta=(0.1, 2.0)).quantisation()
    assert (ramp.beta, ramp.helpers) == (0.1, 0)
    fast = glauber.Program.compile(g, "small", beta=1.0, precision=-1).quantisation()
    assert (fast.beta, fast.u) == (0, plain.u)
    with pytest.raises(glauber.FitError, match="more than the 1e-09 asked for"):
        glauber.Program.compile(g, "small", beta=1.0, precision=1e-9)


def test_a_graph_that_does_not_fit():
    with pytest.raises(glauber.FitError, match="tiny"):
        glauber.sample(nx.path_graph(500), array="tiny")


def test_arrays_and_devices():
    assert {"tiny", "small", "ulx3s-85"} <= {a.name for a in glauber.arrays()}
    assert glauber.devices()[0].name == "emu"
    with glauber.Device("emu", "small") as device:
        assert (device.identity().name, device.identity().array) == ("emu", "small")
