"""Small Ising models and their exact moments.

SPDX-License-Identifier: Apache-2.0
"""

import itertools

import numpy as np

from glauber.thrml import Block, IsingEBM, SpinNode


def make(kind, beta=1.0, n=6):
    """A model of each kind of graph, weights and biases."""
    rng = np.random.default_rng(7)
    nodes = [SpinNode() for _ in range(n)]
    pairs = {
        "chain": [(k, k + 1) for k in range(n - 1)],
        "ring": [(k, (k + 1) % n) for k in range(n)],
        "complete": list(itertools.combinations(range(n), 2)),
        "star": [(0, k) for k in range(1, n)],
        "bipartite": [(a, b) for a in range(3) for b in range(3, n)],
        "no edges": [],
    }[kind]
    edges = [(nodes[a], nodes[b]) for a, b in pairs]
    biases = rng.integers(-4, 5, n) / 8
    weights = rng.integers(-4, 5, len(edges)) / 8
    return IsingEBM(nodes, edges, biases, weights, beta)


def exact(ebm, clamped=None):
    """States int8[2 ** n, n] and their probabilities, given the spins of some nodes."""
    n = len(ebm.nodes)
    states = np.array(list(itertools.product([-1, 1], repeat=n)))
    index = {node: k for k, node in enumerate(ebm.nodes)}
    e = -states @ ebm.biases
    for (a, b), w in zip(ebm.edges, ebm.weights, strict=True):
        e = e - w * states[:, index[a]] * states[:, index[b]]
    p = np.exp(-ebm.beta * e)
    for node, spin in (clamped or {}).items():
        p = p * (states[:, index[node]] == spin)
    return states, p / p.sum()


def exact_moments(ebm, clamped=None):
    states, p = exact(ebm, clamped)
    index = {node: k for k, node in enumerate(ebm.nodes)}
    second = [p @ (states[:, index[a]] * states[:, index[b]]) for a, b in ebm.edges]
    return p @ states, np.array(second)


def halves(ebm):
    return [Block(ebm.nodes[::2]), Block(ebm.nodes[1::2])]
