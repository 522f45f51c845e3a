"""StructuredGlauberSampler: dwave_networkx's lattices, composites that embed, asynchronous sets.

SPDX-License-Identifier: Apache-2.0
"""

import threading
import time
import warnings

import dimod
import numpy as np
import pytest
from dimod.testing import assert_sampler_api, assert_sampleset_energies, assert_structured_api
from dwave.preprocessing.composites import FixVariablesComposite, SpinReversalTransformComposite

import glauber
from glauber import GlauberSampler, StructuredGlauberSampler

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # which of D-Wave's packages has the lattices in the future
    import dwave_networkx as dnx
    from dwave.system import (
        EmbeddingComposite,
        FixedEmbeddingComposite,
        LazyFixedEmbeddingComposite,
    )

LATTICES = [
    ("pegasus", [2], dnx.pegasus_graph(2)),
    ("pegasus", [3], dnx.pegasus_graph(3)),
    ("pegasus", None, dnx.pegasus_graph(14)),
    ("zephyr", [3], dnx.zephyr_graph(3)),
    ("zephyr", [2, 3], dnx.zephyr_graph(2, 3)),
    ("zephyr", None, dnx.zephyr_graph(4)),
    ("chimera", [3], dnx.chimera_graph(3)),
    ("chimera", [2, 5], dnx.chimera_graph(2, 5)),
    ("chimera", [3, 2, 5], dnx.chimera_graph(3, 2, 5)),
]


@pytest.mark.parametrize(("topology", "shape", "lattice"), LATTICES)
def test_nodes_and_edges_are_those_of_dwave_networkx(topology, shape, lattice):
    sampler = StructuredGlauberSampler(topology, shape)
    assert sampler.nodelist == sorted(lattice.nodes)
    assert sorted(map(sorted, sampler.edgelist)) == sorted(map(sorted, lattice.edges))
    graph = lattice.graph
    expected = {
        "pegasus": lambda: [graph["rows"]],
        "zephyr": lambda: [graph["rows"], graph["tile"]],
        "chimera": lambda: [graph["rows"], graph["columns"], graph["tile"]],
    }[topology]()
    assert sampler.properties["topology"] == {"type": topology, "shape": expected}
    assert sampler.properties["num_qubits"] > sampler.nodelist[-1]


def test_api():
    with StructuredGlauberSampler("zephyr", [2]) as sampler:
        assert_sampler_api(sampler)
        assert_structured_api(sampler)
        assert isinstance(sampler, GlauberSampler)


def test_samples_on_the_lattice_are_those_of_the_sampler_for_any_model():
    lattice = dnx.pegasus_graph(3)
    bqm = dimod.generators.ran_r(1, lattice, seed=3)
    parameters = dict(num_reads=20, num_sweeps=50, beta_range=(0.1, 0.3), seed=8)
    with StructuredGlauberSampler("pegasus", [3]) as s, GlauberSampler() as any_model:
        out = s.sample(bqm, **parameters)
        assert_sampleset_energies(out, bqm)
        np.testing.assert_array_equal(out.record, any_model.sample(bqm, **parameters).record)


@pytest.mark.parametrize(
    "bqm",
    [
        dimod.BQM({0: 1.0}, {(0, 1): 1.0}, "SPIN"),
        dimod.BQM({"a": 1.0}, {}, "SPIN"),
        dimod.BQM({1000: 1.0}, {}, "BINARY"),
    ],
    ids=["edge", "label", "node"],
)
def test_other_models_are_refused(bqm):
    with pytest.raises(dimod.exceptions.BinaryQuadraticModelStructureError):
        StructuredGlauberSampler("chimera", [2]).sample(bqm)


def clique(n=8):
    """A frustrated complete graph, which no lattice has."""
    rng = np.random.default_rng(4)
    pairs = {(f"v{i}", f"v{j}"): rng.integers(-2, 3) for i in range(n) for j in range(i)}
    return dimod.BQM({"v0": 0.5, "v3": -1.0}, pairs, 2.0, "SPIN")


@pytest.mark.parametrize(
    ("topology", "shape"), [("pegasus", [3]), ("zephyr", [2]), ("chimera", [3])]
)
@pytest.mark.parametrize(
    "composite",
    [
        EmbeddingComposite,
        lambda child: EmbeddingComposite(SpinReversalTransformComposite(child)),
        LazyFixedEmbeddingComposite,
        lambda child: FixVariablesComposite(EmbeddingComposite(child), algorithm="roof_duality"),
    ],
    ids=["embedding", "spin reversal", "fixed embedding", "fixed variables"],
)
def test_ground_state_of_an_embedded_clique(topology, shape, composite):
    bqm = clique()
    sampler = composite(StructuredGlauberSampler(topology, shape, array="small"))
    out = sampler.sample(bqm, num_reads=40, seed=1)
    assert list(out.variables) == list(bqm.variables) or set(out.variables) == set(bqm.variables)
    assert_sampleset_energies(out, bqm)
    # Chance: 12 * 0.56 ** 40 | no read of 40 in the ground state; 2,048 reads of each
    assert out.first.energy == pytest.approx(dimod.ExactSolver().sample(bqm).first.energy)


def test_a_given_embedding_and_fixed_variables():
    embedding = {"a": [0, 4], "b": [1, 5], "c": [2, 6]}
    sampler = FixedEmbeddingComposite(StructuredGlauberSampler("chimera", [1]), embedding)
    bqm = dimod.BQM({"c": -0.5}, {"ab": 1.0, "bc": 1.0, "ac": 1.0}, "SPIN")
    out = FixVariablesComposite(sampler).sample(bqm, fixed_variables={"a": 1}, num_reads=20, seed=1)
    assert all(sample["a"] == 1 for sample in out.samples())
    # Chance: 0.26 ** 20 | no read of 20 in the ground state; 2,048 reads
    assert out.first.energy == -1.5


@pytest.mark.parametrize(
    ("topology", "shape", "words"),
    [
        ("none", None, "zephyr"),
        ("pegasus", [3, 4], "takes m"),
        ("pegasus", [], "takes m"),
        ("chimera", [1, 2, 3, 4], "takes m, n, t"),
        ("zephyr", [0], "shape"),
    ],
)
def test_wrong_lattices_are_named(topology, shape, words):
    with pytest.raises(ValueError, match=words):
        StructuredGlauberSampler(topology, shape)


# ---- sample sets in waiting ----

LONG = dict(beta_schedule_type="custom", beta_schedule=[1.0], num_sweeps_per_beta=2**31)


def test_a_sample_set_waits_when_it_is_read():
    bqm = clique()
    go, asked = threading.Event(), threading.Event()

    def interrupt():
        asked.set()
        return go.is_set()

    with GlauberSampler(array="small") as sampler:
        out = sampler.sample_async(bqm, interrupt_function=interrupt, **LONG)
        assert asked.wait(60)
        second = sampler.sample_async(bqm, num_reads=3, seed=5)
        assert not out.done()
        assert not second.done()
        bqm.add_linear("v0", 100)  # of the caller's model alone
        go.set()
        assert out.info["stopped"]
        assert_sampleset_energies(out, clique())
        expected = sampler.sample(clique(), num_reads=3, seed=5)
        np.testing.assert_array_equal(second.record, expected.record)
        assert second.done()


def test_errors_come_out_when_it_is_read():
    with GlauberSampler(array="tiny") as sampler:
        out = sampler.sample_async(dimod.BQM(dict.fromkeys(range(500), 1.0), {}, "SPIN"))
        with pytest.raises(glauber.FitError, match="tiny"):
            out.resolve()
        with pytest.raises(TypeError, match="interrupt_function"):
            sampler.sample_async(clique(), interrupt_function=1)


def test_closing_ends_what_is_in_progress():
    sampler = GlauberSampler(array="small")
    out = sampler.sample_async(clique(), **LONG)
    time.sleep(0.2)
    sampler.close()
    assert out.done()
    assert out.info["stopped"]
    with pytest.raises(ValueError, match="closed"):
        sampler.sample_async(clique())


def test_a_lattice_in_waiting_is_checked_when_it_is_read():
    with StructuredGlauberSampler("chimera", [1]) as sampler:
        good = sampler.sample_async(dimod.BQM({}, {(0, 4): 1.0}, "SPIN"), seed=1)
        bad = sampler.sample_async(dimod.BQM({}, {(0, 1): 1.0}, "SPIN"))
        assert good.first.energy == -1
        with pytest.raises(dimod.exceptions.BinaryQuadraticModelStructureError):
            bad.resolve()
