"""Satisfiability: DIMACS formulas of up to three literals a clause as Ising models.

A clause of three literals gets a p-bit of its own. With y = 1 for a literal that is false,

    y1 y2 + y1 y3 + y2 y3 + w (1 - y1 - y2 - y3)

is, for the better w, 1 if all three are false and 0 otherwise: the form with one auxiliary bit of
Chancellor, Zohren, Warburton, Benjamin and Roberts, Sci. Rep. 6, 37107 (2016), in which no literal
is special. The energy of the best w's is the number of violated clauses.
SPDX-License-Identifier: Apache-2.0
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from os import PathLike
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from glauber._anneal import last_states
from glauber._library import integer
from glauber.graph import Graph

Clause = tuple[int, ...]
"""Literals as in DIMACS: variable v from 1, -v for its negation."""


@dataclass(frozen=True)
class Formula:
    """Clauses over variables 1 .. variables.

    >>> formula = Formula(3, ((1, 2, 3), (-1, -2), (3,)))
    >>> formula.violated([[0, 0, 0], [1, 0, 1]])
    array([2, 0])
    """

    variables: int
    clauses: tuple[Clause, ...]

    def __post_init__(self) -> None:
        integer("variables", self.variables, 1, 2**20)
        for clause in self.clauses:
            names = {abs(x) for x in clause}
            if not 1 <= len(clause) <= 3 or len(names) < len(clause):
                raise ValueError(f"clause {clause}: needs one to three different variables")
            if not names <= set(range(1, self.variables + 1)):
                raise ValueError(f"clause {clause}: variables go from 1 to {self.variables}")

    @classmethod
    def read(cls, path: str | PathLike[str]) -> Formula:
        """A DIMACS file: `p cnf VARIABLES CLAUSES`, clauses ended by 0; `%` ends the file."""
        numbers: list[int] = []
        head: list[int] | None = None
        for number, line in enumerate(Path(path).read_text().splitlines(), 1):
            words = line.split()
            if not words or words[0] == "c":
                continue
            if words[0] == "%":
                break
            try:
                if words[0] == "p" and words[1] == "cnf" and head is None:
                    head = [int(word) for word in words[2:]]
                else:
                    numbers += [int(word) for word in words]
            except (ValueError, IndexError):
                message = f"{path}:{number}: not a line of a DIMACS cnf file: {line!r}"
                raise ValueError(message) from None
        clauses: list[Clause] = []
        clause: list[int] = []
        for x in numbers:
            if x:
                clause.append(x)
            else:
                clauses.append(tuple(clause))
                clause = []
        if head is None or len(head) != 2 or clause or len(clauses) != head[1]:
            raise ValueError(
                f"{path}: {len(clauses)} clauses that end with 0, head line 'p cnf' says {head}"
            )
        return cls(head[0], tuple(clauses))

    def write(self, path: str | PathLike[str]) -> None:
        """As a DIMACS file."""
        lines = [f"p cnf {self.variables} {len(self.clauses)}"]
        lines += [" ".join(map(str, (*clause, 0))) for clause in self.clauses]
        Path(path).write_text("\n".join(lines) + "\n")

    @classmethod
    def random(cls, variables: int, clauses: int, *, seed: int, planted: bool = False) -> Formula:
        """Uniform random 3-SAT, no clause twice.

        planted: only clauses that a hidden random assignment satisfies, which makes the formula
        satisfiable, and easier than a satisfiable one of as many uniform clauses.
        """
        rng = np.random.default_rng(seed)
        hidden = rng.random(variables) < 0.5
        out: dict[Clause, None] = {}
        while len(out) < clauses:
            names = np.sort(rng.choice(variables, 3, replace=False))
            signs = rng.random(3) < 0.5
            if not planted or (signs == hidden[names]).any():
                out[tuple(int(x) for x in np.where(signs, names + 1, -names - 1))] = None
        return cls(variables, tuple(out))

    def violated(self, values: ArrayLike) -> NDArray[np.int64]:
        """int64[samples]: clauses that are false under values[samples, variables], > 0 for true."""
        true = np.asarray(values) > 0
        out = np.zeros(len(true), np.int64)
        for clause in self.clauses:
            out += np.all([true[:, abs(x) - 1] != (x > 0) for x in clause], axis=0)
        return out

    def graph(self) -> Graph:
        """P-bits of the variables, then one for each clause of three.

        Its least energy for given variables is the number of violated clauses.
        """
        pairs: dict[tuple[int, int], float] = defaultdict(float)
        biases: dict[int, float] = defaultdict(float)
        offset, size = 0.0, self.variables
        for clause in self.clauses:
            # y = (1 - s m) / 2 with s the literal's sign; w = (1 + m) / 2
            y = [(abs(x) - 1, -1 if x > 0 else 1) for x in clause]
            products = [(1, y)] if len(y) < 3 else [(1, [y[i], y[j]]) for i, j in _PAIRS]
            if len(y) == 3:
                w = (size, 1)
                size += 1
                products += [(1, [w]), *((-1, [w, z]) for z in y)]
            for weight, factors in products:
                part = weight / 2 ** len(factors)
                offset += part
                for p, s in factors:
                    biases[p] += part * s
                if len(factors) == 2:
                    (p, s), (q, t) = sorted(factors)
                    pairs[p, q] += part * s * t
        kept = sorted(pair for pair, value in pairs.items() if value)
        return Graph.from_arrays(
            size,
            [i for i, _ in kept],
            [j for _, j in kept],
            [-pairs[pair] for pair in kept],
            [-biases[p] for p in range(size)],
            offset=offset,
        )


_PAIRS = ((0, 1), (0, 2), (1, 2))


@dataclass(frozen=True)
class Solution:
    """What the chains of an anneal end in."""

    values: NDArray[np.bool_]
    """bool[variables] of the best chain."""
    violated: int
    """Clauses that it violates; 0: the formula is satisfied."""
    solved: int
    """Chains that end in a satisfying assignment."""
    chains: int


def solve(
    formula: Formula,
    *,
    sweeps: int = 10000,
    chains: int = 512,
    seed: int = 1,
    device: str = "emu",
) -> Solution:
    """The best assignment of an anneal; that none satisfies a formula proves nothing.

    >>> solve(Formula.random(20, 85, seed=1, planted=True), sweeps=1000).violated
    0
    """
    spins = last_states(formula.graph(), device, sweeps=sweeps, chains=chains, seed=seed)
    values = spins[:, : formula.variables]
    violated = formula.violated(values)
    best = int(violated.argmin())
    return Solution(
        values[best] > 0, int(violated[best]), int((violated == 0).sum()), len(violated)
    )
