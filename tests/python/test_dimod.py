"""GlauberSampler with dimod's own tests, its parameters, and edge cases of models.

SPDX-License-Identifier: Apache-2.0
"""

import threading
import unittest

import dimod
import h5py
import numpy as np
import pytest
from dimod.testing import assert_sampler_api, assert_sampleset_energies, load_sampler_bqm_tests

import glauber
from glauber import GlauberSampler


@load_sampler_bqm_tests(GlauberSampler)
class TestSmallModels(unittest.TestCase):
    """Filled by dimod."""


@pytest.fixture(scope="module")
def sampler():
    with GlauberSampler(array="small") as s:
        yield s


def model(n=20, seed=1, vartype="SPIN"):
    """A random model with labels of several kinds and an offset."""
    bqm = dimod.generators.gnp_random_bqm(n, 0.3, vartype, random_state=seed)
    bqm.offset = 2.5
    bqm.relabel_variables({v: ("v", v) if v % 2 else f"x{v}" for v in range(n)})
    return bqm


def test_api(sampler):
    assert_sampler_api(sampler)
    assert isinstance(sampler, dimod.Initialized)
    assert isinstance(sampler, dimod.core.Scoped)


@pytest.mark.parametrize("vartype", ["SPIN", "BINARY"])
@pytest.mark.parametrize("seed", [1, 2])
def test_finds_ground_states_of_labelled_models(sampler, vartype, seed):
    bqm = model(14, seed, vartype)
    out = sampler.sample(bqm, num_reads=20, seed=seed)
    assert out.vartype is bqm.vartype
    assert list(out.variables) == list(bqm.variables)
    assert_sampleset_energies(out, bqm, precision=5)
    # Chance: 0.4 ** 20 + 0.15 ** 20 | no read in the ground state; 4,096 reads of each model
    assert out.first.energy == pytest.approx(dimod.ExactSolver().sample(bqm).first.energy)


@pytest.mark.parametrize(
    "bqm",
    [
        dimod.BQM("SPIN"),
        dimod.BQM({}, {}, 3.0, "BINARY"),
        dimod.BQM({"a": 0.0}, {}, 1.0, "SPIN"),
        dimod.BQM({"a": -1e-9}, {}, "BINARY"),
        dimod.BQM({"a": 1.0, "b": 0.0, "c": 0.0}, {}, "SPIN"),
        dimod.BQM({}, {"ab": 0.0, "bc": 0.0}, "SPIN"),
        dimod.BQM({"d": 2.0}, {"ab": 0.0, "bc": -1e6}, "BINARY"),
        dimod.BQM({"a": 1}, {"ab": 2}, "SPIN", dtype=object),
        dimod.BQM({"a": 1}, {"ab": 2}, "SPIN", dtype=np.float32),
    ],
    ids=["empty", "offset", "one", "tiny bias", "isolated", "zeros", "mixed", "object", "float32"],
)
def test_models_at_the_edge(sampler, bqm):
    out = sampler.sample(bqm, num_reads=5)
    assert len(out) == 5
    assert out.vartype is bqm.vartype
    assert set(out.variables) == set(bqm.variables)
    assert_sampleset_energies(out, bqm)


def test_a_free_variable_takes_both_values(sampler):
    out = sampler.sample_ising({"a": 0.0, "b": 1.0}, {}, num_reads=64, seed=1)
    values = out.record.sample[:, out.variables.index("a")]
    # Chance: outside(64, 0.5, 11, 53) | reads of a free variable that are up
    assert 10 < np.count_nonzero(values == 1) < 54


@pytest.mark.parametrize("reads", [1, 15, 16, 17, 100])
def test_reads_do_not_depend_on_chains(sampler, reads):
    bqm = model()
    outs = [
        sampler.sample(bqm, num_reads=reads, num_sweeps=20, seed=5, chains=chains).record.sample
        for chains in (None, 1, 16, 33)
    ]
    assert outs[0].shape == (reads, 20)
    for out in outs[1:]:
        np.testing.assert_array_equal(outs[0], out)


def test_more_reads_than_chains_at_once(sampler):
    bqm = dimod.BQM({}, {"ab": 1.0}, "SPIN")
    out = sampler.sample(bqm, num_reads=1100, num_sweeps=10, beta_range=(1, 6), seed=1)
    assert len(out) == 1100
    assert len(np.unique(out.record.sample[:, 0])) == 2


def test_a_device_behind_the_byte_protocol_gives_the_same(sampler):
    bqm = model()
    hot = dict(num_reads=40, num_sweeps=300, beta_range=(0.01, 0.1), seed=6)
    expected = sampler.sample(bqm, **hot)
    out = sampler.sample(bqm, device="emu-port", **hot)
    assert (out.info["device"]["name"], out.info["device"]["array"]) == ("emu-port", "small")
    np.testing.assert_array_equal(out.record.sample, expected.record.sample)


def test_threads_share_a_sampler(sampler):
    results = []

    def work(seed):
        out = sampler.sample(model(seed=seed), num_reads=20, num_sweeps=50, seed=seed)
        results.append((seed, out.record.sample))

    threads = [threading.Thread(target=work, args=(seed,)) for seed in (1, 2, 1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 4
    for seed, states in results:
        again = sampler.sample(model(seed=seed), num_reads=20, num_sweeps=50, seed=seed)
        np.testing.assert_array_equal(states, again.record.sample)


def test_seeds(sampler):
    bqm = model()
    hot = dict(num_reads=4, num_sweeps=1, beta_range=(0.01, 0.01))
    first = sampler.sample(bqm, **hot)
    assert not np.array_equal(first.record.sample, sampler.sample(bqm, **hot).record.sample)
    again = sampler.sample(bqm, seed=first.info["seed"], **hot)
    np.testing.assert_array_equal(first.record.sample, again.record.sample)


@pytest.mark.parametrize(("sweeps", "points"), [(217, 108), (717, 102)])
def test_states_of_an_equal_run_of_the_tool(sampler, tool, tmp_path, sweeps, points):
    """P-bits in the model's order, the same schedule, chains and seed; hot, so that states differ.

    More than 256 steps take several jobs, whose borders depend on the sampling points.
    """
    bqm = model()
    out = sampler.sample(bqm, num_reads=40, num_sweeps=sweeps, beta_range=(0.01, 0.1), seed=99)
    text = "".join(f"{beta!r} 1\n" for beta in out.info["beta_schedule"])
    (tmp_path / "schedule").write_text(text)
    order = list(bqm.variables)
    number = {v: k for k, v in enumerate(order)}
    i, j = zip(*[(number[u], number[v]) for u, v in bqm.quadratic], strict=True)
    graph = glauber.Graph.from_arrays(
        len(order), i, j, [-w for w in bqm.quadratic.values()], [-bqm.linear[v] for v in order]
    )
    graph.write(tmp_path / "g.mtx", tmp_path / "h.mtx")
    tool("anneal", "g.mtx", "--bias", "h.mtx", "--schedule", "schedule", "--chains", 40,
         "--seed", 99, "--array", "small", "-o", "out.h5")  # fmt: skip
    with h5py.File(tmp_path / "out.h5") as f:
        assert f["spins"].shape == (points, 48, 3)  # points, chains, bytes
        last = np.unpackbits(f["spins"][-1], axis=-1, bitorder="little", count=len(order))
    np.testing.assert_array_equal(2 * last[:40].astype(int) - 1, out.record.sample)


def test_schedules(sampler):
    bqm = model()
    info = sampler.sample(bqm, num_sweeps=10).info
    assert info["beta_schedule_type"] == "geometric"
    ratios = np.diff(np.log(info["beta_schedule"]))
    np.testing.assert_allclose(ratios, ratios[0])
    assert len(info["beta_schedule"]) == 10
    linear = dict(beta_schedule_type="linear", beta_range=(0, 3))
    info = sampler.sample(bqm, num_sweeps=8, num_sweeps_per_beta=2, **linear).info
    assert info["beta_schedule"] == [0, 1, 2, 3]
    assert info["num_sweeps_per_beta"] == 2
    custom = dict(beta_schedule_type="custom", beta_schedule=[0.5, 0, 4])
    assert sampler.sample(bqm, **custom).info["beta_range"] == [0.5, 4]
    assert len(sampler.sample(bqm).info["beta_schedule"]) == 1000
    assert sampler.sample(bqm, num_sweeps=1, beta_range=(1, 2)).info["beta_schedule"] == [2]


def test_beta_is_that_of_the_model(sampler):
    """P(up) = 1 / (1 + exp(2 beta h)) for E = h s; exp(-beta b x) for E = b x."""
    constant = dict(beta_schedule_type="custom", beta_schedule=[0.5] * 10, num_reads=4096, seed=2)
    up = sampler.sample_ising({"a": 1.0}, {}, **constant).record.sample.mean()
    # Chance: beyond(0.08 / (0.89 / 64)) + beyond(0.04 / (0.49 / 64)) | means of 4,096 reads
    assert up == pytest.approx(-np.tanh(0.5), abs=0.08)
    one = sampler.sample_qubo({("a", "a"): 1.0}, **constant).record.sample.mean()
    assert one == pytest.approx(1 / (1 + np.exp(0.5)), abs=0.04)


def test_info(sampler):
    info = sampler.sample(model()).info
    assert info["device"]["name"] == "emu"
    assert info["device"]["array"] == "small"
    assert info["quantisation"]["u"] > 0
    assert info["stopped"] is False
    assert set(info["timing"]) == {"preprocessing_ns", "sampling_ns", "postprocessing_ns"}
    assert all(isinstance(t, int) and t > 0 for t in info["timing"].values())
    out = sampler.sample(model(), array="tiny", num_reads=3)
    assert out.info["device"]["array"] == "tiny"
    assert dimod.SampleSet.from_serializable(out.to_serializable()) == out


@pytest.mark.parametrize("vartype", ["SPIN", "BINARY"])
def test_initial_states(sampler, vartype):
    """Five pairs of equal spins, coupled so strongly that none moves; labels in another order."""
    bqm = dimod.BQM({}, {(k, k + 5): -1e5 for k in range(5)}, "SPIN").change_vartype(vartype)
    low = min(bqm.vartype.value)
    pairs = np.random.default_rng(1).choice([low, 1], (40, 5)).tolist()
    start = [{v: row[v % 5] for v in reversed(range(10))} for row in pairs]
    frozen = dict(beta_range=(1, 1), num_sweeps=3, seed=1, chains=16)
    out = sampler.sample(bqm, initial_states=start, **frozen)
    assert [dict(sample) for sample in out.samples(sorted_by=None)] == start
    start = [dict.fromkeys(range(10), value) for value in (low, 1)]
    out = sampler.sample(
        bqm, initial_states=start, initial_states_generator="tile", num_reads=5, **frozen
    )
    assert out.record.sample[:, 0].tolist() == [low, 1, low, 1, low]
    out = sampler.sample(bqm, initial_states=start, num_reads=40, **frozen)
    assert out.record.sample[:2].tolist() == [[low] * 10, [1] * 10]
    assert len(np.unique(out.record.sample, axis=0)) > 2
    with pytest.raises(ValueError, match="insufficient"):
        sampler.sample(bqm, initial_states=start, initial_states_generator="none", num_reads=3)


def test_interrupt_function_returns_the_states_of_then(sampler):
    calls = []

    def interrupt():
        calls.append(0)
        return len(calls) == 20

    out = sampler.sample(
        model(), num_reads=40, num_sweeps=10**8, num_sweeps_per_beta=10**6, chains=16,
        interrupt_function=interrupt,
    )  # fmt: skip
    assert out.info["stopped"] is True
    assert len(out) in (0, 16)
    assert_sampleset_energies(out, model(), precision=5)
    out = sampler.sample(model(), num_sweeps=10, interrupt_function=lambda: False)
    assert out.info["stopped"] is False


def test_interrupted_between_parts(sampler):
    out = sampler.sample(
        model(), num_reads=100, num_sweeps=3, chains=16, interrupt_function=lambda: True
    )
    assert out.info["stopped"] is True
    assert len(out) <= 16


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"num_reads": 0}, "num_reads"),
        ({"num_reads": 1.5}, "num_reads"),
        ({"num_sweeps": 0}, "num_sweeps"),
        ({"num_sweeps": 10, "num_sweeps_per_beta": 3}, "num_sweeps"),
        ({"num_sweeps_per_beta": 0}, "num_sweeps_per_beta"),
        ({"beta_range": (0, 1)}, "linear"),
        ({"beta_range": (1, -1)}, "beta_range"),
        ({"beta_range": (1,)}, "beta_range"),
        ({"beta_schedule_type": "none"}, "none"),
        ({"beta_schedule": [1]}, "custom"),
        ({"beta_schedule_type": "custom"}, "beta_schedule"),
        ({"beta_schedule_type": "custom", "beta_schedule": [-1]}, "beta_schedule"),
        ({"beta_schedule_type": "custom", "beta_schedule": [1], "num_sweeps": 2}, "num_sweeps"),
        ({"seed": -1}, "seed"),
        ({"seed": 1.5}, "seed"),
        ({"chains": 0}, "chains"),
        ({"interrupt_function": 1}, "interrupt_function"),
        ({"array": "none"}, "none"),
        ({"device": "none"}, "none"),
    ],
)
def test_wrong_parameters_are_named(sampler, changes, words):
    with pytest.raises((ValueError, TypeError)) as caught:
        sampler.sample(model(), **changes)
    assert words in str(caught.value)


def test_unknown_parameters_give_a_warning(sampler):
    with pytest.warns(dimod.exceptions.SamplerUnknownArgWarning):
        sampler.sample(model(), chain_strength=2)


def test_too_large_a_model_and_a_closed_sampler():
    sampler = GlauberSampler(array="tiny")
    with pytest.raises(glauber.FitError, match="tiny"):
        sampler.sample_ising(dict.fromkeys(range(500), 1.0), {})
    sampler.close()
    with pytest.raises(ValueError, match="closed"):
        sampler.sample(model())
