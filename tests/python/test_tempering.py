"""Replica exchange: the tool's bits, exact energies, ends of runs, arguments.

SPDX-License-Identifier: Apache-2.0
"""

import itertools
import json
import threading

import h5py
import numpy as np
import pytest
from ctrl_c import interrupted

import glauber

# hours of sweeps before the end of the first round
LONG = {"sweeps": 2**31, "warm_up": 0, "rounds": 1, "beta": 2}


@pytest.fixture(scope="module")
def graph():
    return glauber.Graph.generate("regular", n=60, d=3, weights="gauss", seed=2)


@pytest.fixture
def sampler(graph):
    with glauber.Sampler(graph, array="small") as s:
        yield s


# of the tool, and of the package
SETTINGS = {
    "tuned": (
        "--beta 2 --sweeps 3 --rounds 40 --warm-up 60 --chains 40 --cluster-moves --seed 77",
        {"beta": 2, "sweeps": 3, "rounds": 40, "warm_up": 60, "chains": 40, "cluster_moves": True,
         "seed": 77},
    ),
    "range": (
        "--beta-range 0.1:3 --temperatures 5 --rounds 30 --warm-up 20",
        {"beta_range": (0.1, 3), "temperatures": 5, "rounds": 30, "warm_up": 20},
    ),
    "fixed": ("--betas 0.2,0.7,2", {"betas": [0.2, 0.7, 2]}),
    "default": ("", {}),
}  # fmt: skip


@pytest.mark.parametrize("name", SETTINGS)
def test_same_bits_as_the_tool(tool, tmp_path, graph, sampler, name):
    options, changes = SETTINGS[name]
    graph.write(tmp_path / "g.mtx")
    told = json.loads(
        tool("temper", "g.mtx", "--array", "small", "--json", "-o", "t.h5", *options.split())
    )
    out = sampler.temper(**changes)
    with h5py.File(tmp_path / "t.h5") as f:
        bits = np.unpackbits(f["spins"][:], axis=-1, bitorder="little", count=graph.n)
    by_round = bits if bits.shape[0] == told["rounds"] else bits.swapaxes(0, 1)
    np.testing.assert_array_equal(2 * by_round.astype(np.int8).reshape(-1, graph.n) - 1, out.spins)
    ladder = out.ladder
    for ours, theirs in (
        ("beta", "betas"), ("mean_energy", "energies"), ("energy_stderr", "energies_stderr"),
        ("acceptance", "acceptance"), ("barrier", "barrier"), ("arrivals", "arrivals"),
        ("round_trips", "round_trips"), ("warm_up", "warm_up"), ("rounds", "rounds"),
        ("tuned", "tuned"), ("cluster_first", "cluster_first"),
    ):  # fmt: skip
        np.testing.assert_allclose(getattr(ladder, ours), told[theirs], rtol=1e-5, err_msg=ours)
    assert np.isnan(ladder.cluster_size) == ("cluster_moves" not in changes)
    assert (out.best_energy, out.sweeps) == (pytest.approx(told["best_energy"]), told["sweeps"])
    assert (out.stopped, out.chains, out.pbits) == (0, told["chains"], graph.n)


def test_mean_energies_are_the_exact_ones():
    pairs = np.array(list(itertools.combinations(range(10), 2)))[::3]
    values = np.random.default_rng(5).integers(-3, 4, len(pairs)) / 4
    g = glauber.Graph.from_arrays(10, *pairs.T, values)
    states = np.array(list(itertools.product([-1, 1], repeat=10)), np.int8)
    energies = g.energies(states)
    with glauber.Sampler(g, array="small") as s:
        out = s.temper(beta_range=(0.1, 4), temperatures=4, rounds=500, chains=64, seed=3)
    ladder = out.ladder
    assert ladder.beta.shape == ladder.mean_energy.shape == ladder.energy_stderr.shape == (4,)
    assert ladder.acceptance.shape == (3,)
    weights = np.exp(-ladder.beta[:, None] * (energies - energies.min()))
    exact = weights @ energies / weights.sum(1)
    # Chance: 4 * student(6, 63) | mean energies of 64 ladders
    assert np.all(np.abs(ladder.mean_energy - exact) < 6 * ladder.energy_stderr)
    assert np.all(np.diff(exact) < -6 * ladder.energy_stderr[1:])
    np.testing.assert_allclose(ladder.beta[[0, -1]], [0.1, 4], rtol=1e-3)
    assert ladder.barrier == pytest.approx(np.sum(1 - ladder.acceptance))
    assert out.best_energy == energies.min()
    assert g.energies(out.best_spins[None])[0] == out.best_energy
    assert out.spins.shape == (500 * 64, 10)
    np.testing.assert_allclose(out.energies, g.energies(out.spins), atol=1e-9)
    assert out.energies.mean() == pytest.approx(ladder.mean_energy[-1])


def test_a_run_of_a_given_time_gives_the_same_again(sampler):
    out = sampler.temper(seconds=0.2, beta=2, chains=80, warm_up=20)
    ladder = out.ladder
    assert out.stopped == 0
    assert len(out.spins) == len(out.energies) == 80 * ladder.rounds > 0
    again = sampler.temper(beta=2, chains=80, warm_up=ladder.warm_up, rounds=ladder.rounds)
    np.testing.assert_array_equal(out.spins, again.spins)
    np.testing.assert_array_equal(out.energies, again.energies)
    assert sampler.temper(seconds=100, beta=2, rounds=3).ladder.rounds == 3


def test_ctrl_c_keeps_rounds(sampler):
    settings = {"betas": [0.2, 0.7, 2], "warm_up": 10, "sweeps": 100}

    def run(ready):
        sampler.temper(
            rounds=30000,
            progress=lambda part, _: part > 0.002 and ready.set() and False,
            **settings,
        )

    late, error = interrupted(run)
    assert isinstance(error, glauber.Interrupted)
    assert late < 0.1
    out = error.samples
    assert out is sampler.last
    assert (out.stopped, out.ladder.warm_up) == (1, 10)
    assert 0 < out.ladder.rounds < 30000
    assert len(out.spins) == len(out.energies) == 16 * out.ladder.rounds
    again = sampler.temper(rounds=out.ladder.rounds, **settings)
    np.testing.assert_array_equal(out.spins, again.spins)


def test_ctrl_c_in_the_first_round(sampler):
    _, error = interrupted(lambda ready: sampler.temper(progress=lambda *_: ready.set(), **LONG))
    assert len(error.samples.spins) == error.samples.ladder.rounds == 0
    assert len(sampler.sample(samples=1).spins) == 16


def test_ends_by_progress_threads_and_energies(sampler):
    calls = []

    def progress(fraction, best):
        calls.append((fraction, best))
        return len(calls) == 3

    assert sampler.temper(progress=progress, **LONG).stopped == 1
    assert len(calls) == 3
    threading.Timer(0.05, sampler.cancel).start()
    assert sampler.temper(**LONG).stopped == 1
    sampler.cancel()  # of no run: dropped
    calls.clear()
    out = sampler.temper(progress=lambda *x: calls.append(x), beta=2, rounds=20, warm_up=5)
    assert out.stopped == 0
    assert calls[-1] == (1.0, out.best_energy)
    ended = sampler.temper(stop_energy=out.best_energy, beta=2, rounds=10000)
    assert (ended.reached, ended.stopped) == (1, 1)
    assert ended.best_energy <= out.best_energy
    assert ended.ladder.warm_up + ended.ladder.rounds < 10000


def test_clamps_start_values_and_settings(sampler):
    clamp, init = np.zeros(60, np.int8), np.ones(60, np.int8)
    clamp[:2] = 1, -1
    settings = glauber.Tempering(beta=2, clamp=clamp, init=init, rounds=5, warm_up=0)
    out = sampler.temper(settings=settings)
    assert out.spins.shape == (80, 60)
    assert np.all(out.spins[:, :2] == [1, -1])
    assert sampler.temper(settings=settings, rounds=2).ladder.rounds == 2


@pytest.mark.parametrize(
    ("changes", "error", "words"),
    [
        ({"betas": [1, 2], "beta": 2}, ValueError, "betas: excludes beta"),
        ({"beta_range": (1, 2), "beta": 2}, ValueError, "beta_range: excludes beta"),
        ({"betas": [1, 2], "temperatures": 2}, ValueError, "temperatures: the number of betas"),
        ({"betas": [1]}, ValueError, "betas: shape"),
        ({"betas": np.linspace(0, 1, 257)}, ValueError, "expected 2 to 256"),
        ({"betas": [2, 1]}, glauber.ArgumentError, "ascend"),
        ({"betas": [0, np.nan]}, glauber.ArgumentError, "finite"),
        ({"beta_range": (2, 1)}, ValueError, "beta_range: 2.0 to 1.0"),
        ({"beta_range": (1,)}, ValueError, "beta_range: takes two"),
        ({"beta": 0}, glauber.ArgumentError, "cold end"),
        ({"beta": 1e9}, glauber.ArgumentError, "colder than the array"),
        ({"temperatures": 1}, ValueError, "temperatures: 1"),
        ({"temperatures": 2.5}, TypeError, "not an integer"),
        ({"most_temperatures": 3}, ValueError, "most_temperatures: 3"),
        ({"sweeps": 0}, ValueError, "sweeps: 0"),
        ({"rounds": 0}, ValueError, "rounds: 0"),
        ({"warm_up": -1}, ValueError, "warm_up: -1"),
        ({"sweeps": 10**6, "rounds": 10**6}, ValueError, "rounds: 1000000"),
        ({"seconds": -1}, glauber.ArgumentError, "-1 seconds"),
        ({"chains": -1}, ValueError, "chains: -1"),
        ({"seed": 2**64}, ValueError, "seed"),
        ({"clamp": [1]}, ValueError, "clamp: shape"),
        ({"schedule": [(1, 10)]}, TypeError, "schedule"),
    ],
)
def test_wrong_arguments(sampler, changes, error, words):
    with pytest.raises(error, match=words):
        sampler.temper(**changes)
    assert len(sampler.sample(samples=1).spins) == 16
