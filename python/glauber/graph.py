"""Graphs: p-bits, couplings and biases (glauber/graph.h).

SPDX-License-Identifier: Apache-2.0
"""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from glauber import _inputs
from glauber._library import (
    Handle,
    array_of,
    check,
    copied,
    encoded,
    encoded_or_null,
    ffi,
    integer,
    lib,
    made,
    pointer,
    text,
)

Convention = Literal["boltzmann", "zte-2", "zte-34", "qubo", "maxcut"]
"""What the numbers mean: docs/conventions.md."""


def _convention(name: str) -> int:
    out = ffi.new("enum glb_convention *")
    if lib.glb_convention_parse(encoded(name), out):
        names = [text(lib.glb_convention_name(c)) for c in range(lib.GLB_MAXCUT + 1)]
        raise ValueError(f"convention {name!r} is unknown; there are {', '.join(names)}")
    return out[0]


class Graph:
    """n p-bits m in {-1, +1}, couplings J and biases h: E = -sum_{i<j} J m m - sum h m.

    Made by one of the class methods; see `as_graph()` for what other functions take instead.
    Energies are reported in the units and sign of the convention that the numbers came in.
    """

    def __init__(self, handle: Handle, labels: Sequence[Any] | None = None) -> None:
        self._handle = handle
        self.labels: Sequence[Any] = range(self.n) if labels is None else list(labels)
        """[n]: the name of each p-bit: nodes of a networkx graph, else 0 .. n-1."""

    @classmethod
    def from_arrays(
        cls,
        n: int,
        i: ArrayLike = (),
        j: ArrayLike = (),
        values: ArrayLike | None = None,
        biases: ArrayLike | None = None,
        *,
        convention: Convention = "boltzmann",
        offset: float = 0.0,
    ) -> Graph:
        """A graph of pairs.

        n: number of p-bits. i, j: int[entries], 0 .. n-1, in any order; entries of one pair add
        up. values: float[entries], by default 1. biases: float[n], by default 0. offset is added to
        every reported energy. In "qubo", x in {0, 1}, entries with i == j are linear.

        >>> graph = Graph.from_arrays(3, [0, 1], [1, 2], [1.0, -2.0], biases=[0.5, 0, 0])
        >>> graph.energies([[1, 1, -1]])
        array([-3.5])
        """
        n = integer("n", n, 1, 2**31 - 1)
        rows = array_of("i", i, np.int32, np.shape(i))
        count = len(rows) if rows.ndim == 1 else -1
        columns = array_of("j", j, np.int32, (count,))
        pairs = array_of("values", np.ones(count) if values is None else values, float, (count,))
        single = None if biases is None else array_of("biases", biases, float, (n,))
        handle = made(
            lib.glb_graph_from_arrays,
            lib.glb_graph_free,
            n,
            count,
            pointer("int32_t *", rows),
            pointer("int32_t *", columns),
            pointer("double *", pairs),
            pointer("double *", single),
            _convention(convention),
            float(offset),
        )
        return cls(handle)

    @classmethod
    def from_matrix(
        cls,
        matrix: Any,
        biases: ArrayLike | None = None,
        *,
        convention: Convention = "boltzmann",
        offset: float = 0.0,
    ) -> Graph:
        """A graph of a square matrix: scipy.sparse or dense, float[n, n].

        With entries on both sides of the diagonal the matrix must be symmetric and a pair counts
        once; a triangle counts as it is. biases: float[n]. The diagonal must be 0 but in "qubo".

        >>> Graph.from_matrix([[0, 2], [2, 0]])
        <glauber.Graph of 2 p-bits, 1 couplings>
        """
        n, start, columns, values, both = _inputs.compressed_rows(matrix)
        single = None if biases is None else array_of("biases", biases, float, (n,))
        handle = made(
            lib.glb_graph_from_csr,
            lib.glb_graph_free,
            n,
            pointer("int64_t *", start),
            pointer("int32_t *", columns),
            pointer("double *", values),
            int(both),
            pointer("double *", single),
            _convention(convention),
            float(offset),
        )
        return cls(handle)

    @classmethod
    def from_networkx(
        cls,
        graph: Any,
        *,
        weight: str = "weight",
        bias: str = "bias",
        convention: Convention = "boltzmann",
        offset: float = 0.0,
    ) -> Graph:
        """A graph of an undirected networkx graph, in the order of its nodes (`labels`).

        weight, bias: names of the attributes of edges and nodes; where they are missing a coupling
        is 1 and a bias 0.
        """
        labels, i, j, values, biases = _inputs.networkx_arrays(graph, weight, bias)
        single = biases if np.any(biases) else None
        out = cls.from_arrays(
            len(labels), i, j, values, single, convention=convention, offset=offset
        )
        out.labels = labels
        return out

    @classmethod
    def read(
        cls,
        path: str | PathLike[str],
        bias_path: str | PathLike[str] | None = None,
        *,
        convention: Convention = "boltzmann",
    ) -> Graph:
        """A MatrixMarket or G-set file; bias_path: a MatrixMarket array of n x 1."""
        return cls(
            made(
                lib.glb_graph_read,
                lib.glb_graph_free,
                encoded(path),
                encoded_or_null(bias_path),
                _convention(convention),
            )
        )

    @classmethod
    def generate(cls, family: str, *, seed: int = 1, **keys: Any) -> Graph:
        """A generated graph; see `families()`.

        >>> Graph.generate("pegasus", m=14)
        <glauber.Graph of 4264 p-bits, 30404 couplings>
        """
        arguments = ",".join(f"{key}={value}" for key, value in keys.items())
        return cls(
            made(
                lib.glb_graph_generate,
                lib.glb_graph_free,
                encoded(family),
                encoded(arguments),
                integer("seed", seed, 0, 2**64 - 1),
            )
        )

    @property
    def n(self) -> int:
        """Number of p-bits."""
        return lib.glb_graph_pbits(self._handle.c)

    @property
    def m(self) -> int:
        """Number of couplings."""
        return lib.glb_graph_couplings(self._handle.c)

    @property
    def convention(self) -> str:
        """The convention that the numbers came in."""
        return text(lib.glb_convention_name(lib.glb_graph_convention(self._handle.c)))

    @property
    def hash(self) -> int:
        """64 bits of n, pairs, J and h."""
        return lib.glb_graph_hash(self._handle.c)

    @property
    def couplings(self) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float64]]:
        """i[m], j[m] with i < j, sorted, and J[m] of the energy of this class."""
        g, m = self._handle.c, self.m
        return (
            copied(lib.glb_graph_coupling_i(g), m, np.int32),
            copied(lib.glb_graph_coupling_j(g), m, np.int32),
            copied(lib.glb_graph_coupling_values(g), m, np.float64),
        )

    @property
    def biases(self) -> NDArray[np.float64]:
        """h[n] of the energy of this class."""
        return copied(lib.glb_graph_bias_values(self._handle.c), self.n, np.float64)

    @property
    def scale(self) -> float:
        """Reported energies are scale * E + offset."""
        return lib.glb_graph_scale(self._handle.c)

    @property
    def offset(self) -> float:
        """See `scale`."""
        return lib.glb_graph_offset(self._handle.c)

    def set_weights(self, pairs: ArrayLike, singles: ArrayLike | None = None) -> None:
        """New values for the same couplings, in the input's convention.

        pairs: float[m] in the order of `couplings`; singles: float[n], by default 0.
        """
        pair = array_of("pairs", pairs, float, (self.m,))
        single = None if singles is None else array_of("singles", singles, float, (self.n,))
        check(
            lib.glb_graph_set_weights(
                self._handle.c, pointer("double *", pair), pointer("double *", single)
            )
        )

    def energies(self, spins: ArrayLike) -> NDArray[np.float64]:
        """Reported energies, float[samples], of int8[samples, n] spins -1 and +1."""
        rows = array_of("spins", spins, np.int8, (len(np.asarray(spins)), self.n))
        if not np.all(np.abs(rows) == 1):
            raise ValueError("spins: has values other than -1 and +1")
        return np.array(
            [lib.glb_graph_input_energy(self._handle.c, pointer("int8_t *", row)) for row in rows]
        )

    def beta_range(self) -> tuple[float, float]:
        """First and last inverse temperature for annealing, chosen from the couplings."""
        out = ffi.new("double[2]")
        check(lib.glb_beta_range(self._handle.c, out, out + 1))
        return out[0], out[1]

    def write(
        self, path: str | PathLike[str], bias_path: str | PathLike[str] | None = None
    ) -> None:
        """Couplings J (and biases h) as MatrixMarket, or rudy text if path ends in .rud.

        To be read as "boltzmann"; a max-cut graph's weights as "maxcut".
        """
        check(lib.glb_graph_write(self._handle.c, encoded(path), encoded_or_null(bias_path)))

    def __repr__(self) -> str:
        return f"<glauber.Graph of {self.n} p-bits, {self.m} couplings>"


def families() -> str:
    """Families of `Graph.generate()` with their keys and defaults, as text."""
    return text(lib.glb_graph_generate_help())


def as_graph(graph: Any) -> Graph:
    """A Graph of what is like one: a Graph itself, a networkx graph, a square matrix.

    Others than Graphs are read as "boltzmann", without biases other than networkx's.
    """
    if isinstance(graph, Graph):
        return graph
    if hasattr(graph, "edges") and hasattr(graph, "nodes"):
        return Graph.from_networkx(graph)
    return Graph.from_matrix(graph)
