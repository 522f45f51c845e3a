"""A dimod sampler with the structure of an annealer: Pegasus, Zephyr or Chimera.

SPDX-License-Identifier: Apache-2.0
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import dimod
import numpy as np
from numpy.typing import NDArray

from glauber._library import integer
from glauber.dimod_sampler import GlauberSampler
from glauber.graph import Graph

_KEYS = {"pegasus": ("m",), "zephyr": ("m", "t"), "chimera": ("m", "n", "t")}
_DEFAULTS = {"pegasus": (14,), "zephyr": (4, 4), "chimera": (16, 16, 4)}


def _pegasus_labels(n: int, m: int) -> NDArray[np.int64]:
    """Numbers with the qubits at the rims, which cross nothing: two lines at each of four sides."""
    number = np.arange(n)
    return number + (m - 1) * np.where(number < n // 2, 2, 6)


class StructuredGlauberSampler(GlauberSampler, dimod.Structured):
    """GlauberSampler that takes models with the nodes and edges of a lattice.

    For programs that embed: `EmbeddingComposite(StructuredGlauberSampler("zephyr", [4]))`. Nodes
    have the integer labels of dwave_networkx. GlauberSampler itself takes any model, so a problem
    needs no embedding.

    topology: "pegasus", "zephyr" or "chimera"; shape: [m], [m, t], [m, n, t], where those left out
    are t = 4 and n = m; by default P14, Z4 or C16. device, array: as of GlauberSampler.

    >>> sampler = StructuredGlauberSampler("zephyr", [2])
    >>> len(sampler.nodelist), sampler.properties["topology"]
    (160, {'type': 'zephyr', 'shape': [2, 4]})
    """

    def __init__(
        self,
        topology: str = "pegasus",
        shape: Sequence[int] | None = None,
        device: str = "emu",
        array: str | None = None,
    ) -> None:
        super().__init__(device, array)
        if topology not in _KEYS:
            raise ValueError(f"topology: {topology!r} is unknown; there are {', '.join(_KEYS)}")
        keys = _KEYS[topology]
        given = _DEFAULTS[topology] if shape is None else tuple(shape)
        if not 1 <= len(given) <= len(keys):
            raise ValueError(f"shape: {shape!r}; {topology} takes {', '.join(keys)}")
        sizes = [integer("shape", size, 1, 256) for size in given]
        graph = Graph.generate(topology, **dict(zip(keys, sizes, strict=False)))
        labels: Any = range(graph.n)
        if topology == "pegasus":
            labels = _pegasus_labels(graph.n, sizes[0]).tolist()
        elif len(sizes) < len(keys):
            sizes = [sizes[0], *([sizes[-1]] * (len(keys) - 2)), 4]
        i, j, _ = graph.couplings
        self._nodelist = list(labels)
        self._edgelist = [(labels[a], labels[b]) for a, b in zip(i, j, strict=True)]
        # the ranges are what scripts scale to; other values are taken as well
        self._properties.update(
            topology={"type": topology, "shape": sizes},
            num_qubits=self._nodelist[-1] + 1,
            qubits=self._nodelist,
            couplers=self._edgelist,
            h_range=[-4.0, 4.0],
            j_range=[-1.0, 1.0],
        )

    @property
    def nodelist(self) -> list[int]:
        """Labels of the nodes, ascending."""
        return self._nodelist

    @property
    def edgelist(self) -> list[tuple[int, int]]:
        """Pairs of nodes."""
        return self._edgelist

    @dimod.bqm_structured
    def sample(self, bqm: dimod.BinaryQuadraticModel, **parameters: Any) -> dimod.SampleSet:
        """Anneals a model on the lattice; parameters as of `GlauberSampler.sample()`.

        Raises:
            BinaryQuadraticModelStructureError: The model has other nodes or edges.
        """
        return super().sample(bqm, **parameters)
