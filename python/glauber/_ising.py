"""Nodes, blocks, schedules and the Ising model of `glauber.thrml`.

SPDX-License-Identifier: Apache-2.0
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from glauber._library import integer
from glauber.graph import Graph

Edge = tuple[Hashable, Hashable]


class SpinNode:
    """A variable with the values -1 and +1, told apart by identity; any hashable may be a node."""


class Block(Sequence[Hashable]):
    """Nodes in an order."""

    def __init__(self, nodes: Sequence[Hashable]) -> None:
        self.nodes = tuple(nodes)

    def __len__(self) -> int:
        return len(self.nodes)

    def __iter__(self) -> Iterator[Hashable]:
        return iter(self.nodes)

    def __getitem__(self, index: Any) -> Any:
        return self.nodes[index]


@dataclass(frozen=True)
class SamplingSchedule:
    """Sweeps before the first sample, samples, sweeps from one to the next.

    Without a warm-up the first sample is the start.
    """

    n_warmup: int
    n_samples: int
    steps_per_sample: int

    def __post_init__(self) -> None:
        integer("n_warmup", self.n_warmup, 0, 2**31)
        integer("n_samples", self.n_samples, 1, 2**31)
        integer("steps_per_sample", self.steps_per_sample, 1, 2**31)


class IsingEBM:
    """E(s) = -beta (sum b_i s_i + sum J_ij s_i s_j).

    nodes; edges: pairs of nodes; biases: float[nodes]; weights: float[edges]; beta: a number.

    >>> ebm = IsingEBM(["a", "b"], [("a", "b")], [0.5, 0.0], [1.0], beta=2.0)
    >>> float(ebm.energy([[True], [False]], [Block(["a"]), Block(["b"])]))
    1.0
    """

    def __init__(
        self,
        nodes: Sequence[Hashable],
        edges: Sequence[Edge],
        biases: ArrayLike,
        weights: ArrayLike,
        beta: float = 1.0,
    ) -> None:
        self.nodes, self.edges = list(nodes), [tuple(edge) for edge in edges]
        self.biases = np.asarray(biases, np.float64)
        self.weights = np.asarray(weights, np.float64)
        self.beta = float(beta)
        if self.biases.shape != (len(self.nodes),):
            raise ValueError(f"biases: shape {self.biases.shape}, {len(self.nodes)} nodes")
        if self.weights.shape != (len(self.edges),):
            raise ValueError(f"weights: shape {self.weights.shape}, {len(self.edges)} edges")
        self.number = {node: k for k, node in enumerate(self.nodes)}
        """Of each node."""
        if len(self.number) < len(self.nodes):
            raise ValueError("nodes: a node occurs twice")

    def indices(self, nodes: Sequence[Hashable]) -> NDArray[np.int64]:
        """Numbers of nodes; ValueError for one that the model does not have."""
        try:
            return np.array([self.number[node] for node in nodes], np.int64)
        except KeyError as error:
            raise ValueError(f"{error.args[0]!r} is not a node of the model") from None

    def energy(self, state: Sequence[ArrayLike], blocks: Sequence[Block]) -> NDArray[np.float64]:
        """Energies [...] of states: bool[..., block] for each block, which make up all nodes."""
        s = spins_of(self, blocks, state)
        if np.any(s == 0):
            raise ValueError("blocks: do not have all nodes of the model")
        first, second = self._ends()
        pairs = (s[..., first] * s[..., second]) @ self.weights
        return -self.beta * (pairs + s @ self.biases)

    def _ends(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        return self.indices([e[0] for e in self.edges]), self.indices([e[1] for e in self.edges])

    def graph(self) -> Graph:
        """For a Sampler, at its beta 1."""
        first, second = self._ends()
        return Graph.from_arrays(
            len(self.nodes), first, second, self.beta * self.weights, self.beta * self.biases
        )


def spins_of(
    ebm: IsingEBM, blocks: Sequence[Block], state: Sequence[ArrayLike]
) -> NDArray[np.int8]:
    """int8[..., nodes]: -1 and +1, 0 for nodes of no block."""
    if len(blocks) != len(state):
        raise ValueError(f"state: {len(state)} arrays for {len(blocks)} blocks")
    arrays = [np.asarray(values, bool) for values in state]
    for block, values in zip(blocks, arrays, strict=True):
        if values.ndim == 0 or values.shape[-1] != len(block):
            raise ValueError(f"state: shape {values.shape} for a block of {len(block)} nodes")
    leading = np.broadcast_shapes(*(values.shape[:-1] for values in arrays)) if arrays else ()
    out = np.zeros((*leading, len(ebm.nodes)), np.int8)
    for block, values in zip(blocks, arrays, strict=True):
        out[..., ebm.indices(block)] = 2 * values.astype(np.int8) - 1
    return out
