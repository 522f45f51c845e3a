"""Graphs of arrays, matrices and networkx graphs; energies by the definitions of the conventions.

SPDX-License-Identifier: Apache-2.0
"""

import itertools

import networkx as nx
import numpy as np
import pytest
import scipy.sparse

import glauber

N = 5
FROM, TO = [0, 3, 1, 4], [2, 1, 2, 0]
V = np.array([1.5, -2.0, 0.25, 3.0])
B = np.array([0.5, 0.0, -1.0, 0.125, 2.0])
STATES = np.array(list(itertools.product([-1, 1], repeat=N)), np.int8)


def by_definition(convention, single=B):
    pairs = (STATES[:, FROM] * STATES[:, TO]) @ V
    x = (STATES + 1) / 2
    return {
        "boltzmann": -pairs - STATES @ single,
        "zte-2": -pairs + STATES @ single,
        "zte-34": pairs + STATES @ single,
        "qubo": (x[:, FROM] * x[:, TO]) @ V + x @ single,
        "maxcut": -(V * (1 - STATES[:, FROM] * STATES[:, TO]) / 2).sum(1),
    }[convention]


@pytest.mark.parametrize("convention", ["boltzmann", "zte-2", "zte-34", "qubo", "maxcut"])
def test_energies_of_all_states(convention):
    single = None if convention == "maxcut" else B
    g = glauber.Graph.from_arrays(N, FROM, TO, V, single, convention=convention, offset=7)
    np.testing.assert_allclose(g.energies(STATES), by_definition(convention) + 7, atol=1e-12)
    assert (g.n, g.m, g.convention) == (N, 4, convention)


def test_matrices_dense_sparse_triangular_and_symmetric_are_one_graph():
    upper = np.zeros((N, N))
    upper[np.minimum(FROM, TO), np.maximum(FROM, TO)] = V
    expected = glauber.Graph.from_arrays(N, FROM, TO, V).hash
    for matrix in (upper, upper.T, upper + upper.T):
        assert glauber.Graph.from_matrix(matrix).hash == expected
        for kind in (scipy.sparse.csr_array, scipy.sparse.coo_array, scipy.sparse.csc_matrix):
            assert glauber.as_graph(kind(matrix)).hash == expected


def test_zeros_that_are_stored_make_no_second_triangle():
    matrix = scipy.sparse.coo_array(([2.0, 0.0], ([0, 1], [1, 0])), (2, 2))
    assert glauber.as_graph(matrix).couplings[2].tolist() == [2.0]


def test_an_asymmetric_matrix_is_refused():
    matrix = np.zeros((3, 3))
    matrix[0, 1], matrix[1, 0] = 1, 2
    with pytest.raises(glauber.ArgumentError):
        glauber.Graph.from_matrix(matrix)


def test_networkx_labels_weights_and_biases():
    g = nx.Graph()
    g.add_node("z", bias=-0.5)
    g.add_edge("z", "a", weight=2.0)
    g.add_edge("a", (1, 2))
    out = glauber.as_graph(g)
    assert out.labels == ["z", "a", (1, 2)]
    i, j, values = out.couplings
    assert (i.tolist(), j.tolist(), values.tolist()) == ([0, 1], [1, 2], [2.0, 1.0])
    assert out.biases.tolist() == [-0.5, 0, 0]
    with pytest.raises(ValueError, match="no direction"):
        glauber.as_graph(nx.DiGraph(g))


def test_new_weights_and_a_file(tmp_path):
    g = glauber.Graph.from_arrays(N, FROM, TO, V, B)
    g.set_weights([1, 2, 3, 4], B)
    assert g.couplings[2].tolist() == [1, 2, 3, 4]
    g.write(tmp_path / "g.mtx", tmp_path / "h.mtx")
    assert glauber.Graph.read(tmp_path / "g.mtx", tmp_path / "h.mtx").hash == g.hash


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (lambda: glauber.Graph.read("/none.mtx"), glauber.FileError, "/none.mtx"),
        (lambda: glauber.Graph.generate("nothing"), glauber.ArgumentError, "nothing"),
        (lambda: glauber.Graph.from_arrays(2, [0], [2]), glauber.ArgumentError, "0 and 2"),
        (lambda: glauber.Graph.from_arrays(2, [0], [0.5]), ValueError, "j: "),
        (lambda: glauber.Graph.from_arrays(2, [0], [1, 1]), ValueError, "j: shape"),
        (lambda: glauber.Graph.from_arrays(2, [0], [1], [np.nan]), glauber.ArgumentError, "nan"),
        (lambda: glauber.Graph.from_arrays(0), ValueError, "n: 0"),
        (lambda: glauber.Graph.from_arrays(2.5), TypeError, "n: 2.5"),
        (lambda: glauber.Graph.from_arrays(2**40), ValueError, "n: "),
        (lambda: glauber.Graph.from_arrays(2, convention="x"), ValueError, "maxcut"),
        (lambda: glauber.Graph.from_matrix(np.ones((2, 3))), ValueError, "square"),
        (lambda: glauber.Graph.from_arrays(2).energies([[1, 0]]), ValueError, "spins"),
    ],
)
def test_wrong_input_is_named(make, error, words):
    with pytest.raises(error) as caught:
        make()
    assert words in str(caught.value)
