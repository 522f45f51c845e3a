"""Spin glasses on any graph whose ground state is known, because it was planted.

Frustrated loops (Hen and others, Phys. Rev. A 92, 042325, 2015): a loop of couplings +1 with one -1
has the lowest energy 2 - length in, among others, the state of all +1. A sum of such loops has the
sum of these energies there, and no state can be lower. A random choice of what each p-bit calls +1
hides the state. SPDX-License-Identifier: Apache-2.0
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glauber._library import integer
from glauber.graph import Graph, as_graph


@dataclass(frozen=True)
class Planted:
    """A graph and one of its states of lowest energy."""

    graph: Graph
    energy: float
    """The lowest energy of the graph."""
    spins: NDArray[np.int8]
    """int8[n]: a state that has it."""


def _loop(neighbours: list[list[int]], rng: np.random.Generator) -> list[int]:
    """A closed path: a random walk from a random p-bit until it meets itself, without the tail.

    Empty if the walk ends in a p-bit from which only the way back leads.
    """
    path = [int(rng.integers(len(neighbours)))]
    place = {path[0]: 0}
    while True:
        here = path[-1]
        ways = [p for p in neighbours[here] if len(path) < 2 or p != path[-2]]
        if not ways:
            return []
        following = ways[int(rng.integers(len(ways)))]
        if following in place:
            return path[place[following] :]
        place[following] = len(path)
        path.append(following)


def frustrated_loops(
    graph: Any, *, loops: int, seed: int = 1, shortest: int = 4, largest: int = 3
) -> Planted:
    """`loops` frustrated loops on the couplings of a graph (see `as_graph()`), whose values and
    biases are ignored; couplings outside of all loops are left out, the p-bits all stay.

    Loops have at least `shortest` couplings; one that would make a coupling larger than `largest`
    is drawn again. Raises ValueError if a hundred tries a loop find too few of them.

    >>> glass = frustrated_loops(Graph.generate("torus3d", lx=4), loops=40)
    >>> float(glass.graph.energies([glass.spins])[0]) == glass.energy
    True
    """
    base = as_graph(graph)
    loops = integer("loops", loops, 1, 2**24)
    rng = np.random.default_rng(integer("seed", seed, 0, 2**64 - 1))
    neighbours: list[list[int]] = [[] for _ in range(base.n)]
    for i, j in zip(*(ends.tolist() for ends in base.couplings[:2]), strict=True):
        neighbours[i].append(j)
        neighbours[j].append(i)
    values: dict[tuple[int, int], int] = defaultdict(int)
    energy = found = 0
    for _ in range(100 * loops):
        path = _loop(neighbours, rng)
        if len(path) < max(3, shortest):
            continue
        pairs = [tuple(sorted(p)) for p in zip(path, path[1:] + path[:1], strict=True)]
        signs = np.ones(len(pairs), int)
        signs[rng.integers(len(pairs))] = -1
        if any(abs(values[p] + s) > largest for p, s in zip(pairs, signs, strict=True)):
            continue
        for p, s in zip(pairs, signs, strict=True):
            values[p] += int(s)
        energy -= len(path) - 2
        found += 1
        if found == loops:
            break
    else:
        raise ValueError(f"loops: found {found} of {loops}; ask for fewer or a larger `largest`")
    spins = rng.choice(np.array([-1, 1], np.int8), base.n)
    kept = sorted(p for p, value in values.items() if value)
    made = Graph.from_arrays(
        base.n,
        [i for i, _ in kept],
        [j for _, j in kept],
        [values[i, j] * int(spins[i]) * int(spins[j]) for i, j in kept],
    )
    return Planted(made, float(energy), spins)
