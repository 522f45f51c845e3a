"""Factoring by a multiplier run backwards: gates as Ising models, the product's bits fixed.

An invertible p-bit multiplier (Camsari, Faria, Sutton and Datta, Phys. Rev. X 7, 031014, 2017): AND
gates make the partial products, full adders add them up column by column. Every gate is an energy
that is 0 where its output is right and at least 1 elsewhere, so states of energy 0 are those with
a b = product. SPDX-License-Identifier: Apache-2.0
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from glauber._anneal import last_states
from glauber._library import integer
from glauber.graph import Graph

_Bit = tuple[int, int]
"""A bit of the circuit: (p-bit, 0), or (-1, value) for a known one."""


class _Circuit:
    """Energies of gates over bits 0 and 1, known bits folded in."""

    def __init__(self) -> None:
        self.size = 0
        self.offset = 0.0
        self.linear: dict[int, float] = defaultdict(float)
        self.pairs: dict[tuple[int, int], float] = defaultdict(float)

    def bit(self) -> _Bit:
        self.size += 1
        return (self.size - 1, 0)

    def add(self, weight: float, *bits: _Bit) -> None:
        """Weight times the product of one or two bits."""
        free = sorted({p for p, _ in bits if p >= 0})
        if any(p < 0 and value == 0 for p, value in bits):
            return
        if not free:
            self.offset += weight
        elif len(free) == 1:
            self.linear[free[0]] += weight
        else:
            self.pairs[free[0], free[1]] += weight

    def square(self, terms: Sequence[tuple[int, _Bit]]) -> None:
        """The square of a sum of weighted bits: 0 where the sum is."""
        for weight, bit in terms:
            self.add(weight * weight, bit)
        for (u, x), (v, y) in itertools.combinations(terms, 2):
            self.add(2 * u * v, x, y)

    def conjunction(self, x: _Bit, y: _Bit) -> _Bit:
        """The bit x and y."""
        for known, other in ((x, y), (y, x)):
            if known[0] < 0:
                return other if known[1] else known
        z = self.bit()
        self.add(3, z)
        self.add(1, x, y)
        self.add(-2, x, z)
        self.add(-2, y, z)
        return z


@dataclass(frozen=True)
class Multiplier:
    """A multiplier whose product is fixed: states of energy 0 hold factors.

    >>> multiplier = Multiplier.of(35, 3, 3)
    >>> multiplier.graph
    <glauber.Graph of 16 p-bits, 45 couplings>
    """

    product: int
    graph: Graph
    a: tuple[_Bit, ...]
    """Bits of the first factor, lowest first."""
    b: tuple[_Bit, ...]

    @classmethod
    def of(cls, product: int, a_bits: int, b_bits: int) -> Multiplier:
        """The circuit of factors of a_bits and b_bits, at most 30 each, for a product.

        Raises ValueError if the product has more bits than such factors can give.
        """
        product = integer("product", product, 4, 2**60)
        a_bits, b_bits = (integer("bits", bits, 2, 30) for bits in (a_bits, b_bits))
        width = product.bit_length()
        if width > a_bits + b_bits:
            raise ValueError(
                f"product: {product} has {width} bits, factors of {a_bits} and {b_bits} bits "
                f"give at most {a_bits + b_bits}"
            )
        circuit = _Circuit()
        one = ((-1, 1),) if product % 2 else ()  # factors of an odd product are odd
        a, b = (
            one + tuple(circuit.bit() for _ in range(bits - len(one))) for bits in (a_bits, b_bits)
        )
        columns: list[list[_Bit]] = [[] for _ in range(width + 1)]
        for (i, x), (j, y) in itertools.product(enumerate(a), enumerate(b)):
            if i + j < width:
                columns[i + j].append(circuit.conjunction(x, y))
            else:
                circuit.add(1, x, y)  # too high: not both
        for place in range(width):
            _add_up(circuit, columns, place, product >> place & 1, last=place == width - 1)
        return cls(product, _graph(circuit), a, b)

    def anneal(
        self, *, sweeps: int = 10000, chains: int = 512, seed: int = 1, device: str = "emu"
    ) -> NDArray[np.int8]:
        """int8[chains, n]: what the chains of an anneal end in."""
        return last_states(self.graph, device, sweeps=sweeps, chains=chains, seed=seed)

    def factors(self, spins: ArrayLike) -> NDArray[np.int64]:
        """int64[samples, 2]: the two numbers that int8[samples, n] spins hold."""
        rows = np.asarray(spins)
        out = np.zeros((len(rows), 2), np.int64)
        for column, bits in enumerate((self.a, self.b)):
            for place, (p, value) in enumerate(bits):
                out[:, column] += (rows[:, p] > 0 if p >= 0 else value) * np.int64(1 << place)
        return out

    def right(self, spins: ArrayLike) -> NDArray[np.bool_]:
        """bool[samples]: whether the two numbers multiply to the product."""
        found = self.factors(spins)
        return found[:, 0] * found[:, 1] == self.product


def _add_up(
    circuit: _Circuit, columns: list[list[_Bit]], place: int, wanted: int, *, last: bool
) -> None:
    """Adds a column with full adders (half adders have a 0), whose last sum is the wanted bit."""
    column = columns[place]
    while len(column) > 1:
        terms, column = column[:3], column[3:]
        total = circuit.bit() if column else (-1, wanted)
        carry = (-1, 0) if last else circuit.bit()
        circuit.square([*((1, x) for x in terms), (-1, total), (-2, carry)])
        if column:
            column.append(total)
        if not last:
            columns[place + 1].append(carry)
        if not column:
            return
    circuit.square([*((1, x) for x in column), (-1, (-1, wanted))])


def _graph(circuit: _Circuit) -> Graph:
    pairs = sorted(circuit.pairs)
    return Graph.from_arrays(
        max(1, circuit.size),
        [i for i, _ in pairs],
        [j for _, j in pairs],
        [circuit.pairs[p] for p in pairs],
        [circuit.linear[k] for k in range(max(1, circuit.size))],
        convention="qubo",
        offset=circuit.offset,
    )


def factor(
    product: int,
    *,
    bits: tuple[int, int] | None = None,
    sweeps: int = 10000,
    chains: int = 512,
    seed: int = 1,
    device: str = "emu",
) -> tuple[int, int] | None:
    """Factors of a product, the smaller one first, or None if no chain ends in any.

    bits: those of the two factors; by default half of the product's for the smaller one, and for
    the larger one as many, then one more and so on up to what a composite number can have. Each is
    one anneal of `chains` chains; what they end in is multiplied.

    >>> factor(143)
    (11, 13)
    """
    product = integer("product", product, 4, 2**60)
    width = product.bit_length()
    half = max(2, (width + 1) // 2)
    for a_bits, b_bits in [bits] if bits else [(half, b) for b in range(half, max(3, width))]:
        multiplier = Multiplier.of(product, a_bits, b_bits)
        spins = multiplier.anneal(sweeps=sweeps, chains=chains, seed=seed, device=device)
        found = multiplier.factors(spins)[multiplier.right(spins)]
        found = found[(found > 1).all(axis=1)]
        if len(found):
            low, high = sorted(int(x) for x in found[0])
            return low, high
    return None
