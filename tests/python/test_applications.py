"""Programs of docs/applications print what is shown; factoring, satisfiability, planted glasses.

SPDX-License-Identifier: Apache-2.0
"""

import itertools
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from conftest import ROOT
from dpll import satisfiable

import glauber
from glauber import Graph
from glauber.factoring import Multiplier, factor
from glauber.planted import frustrated_loops
from glauber.sat import Formula, solve

PAGES = sorted((ROOT / "docs" / "applications").glob("*.md"))
PROGRAM = re.compile(r"```(python|sh)\n(.*?)```\n\n```\n(.*?)```", re.S)
FOUND = [(page.stem, found) for page in PAGES for found in PROGRAM.findall(page.read_text())]
PROGRAMS = [pytest.param(*found, id=name) for name, found in FOUND]


def test_every_program_has_its_output():
    lines = [line for page in PAGES for line in page.read_text().splitlines()]
    fences = [line for line in lines if line in ("```python", "```sh")]
    assert len(PROGRAMS) == len(fences) == 8


@pytest.mark.parametrize(("kind", "program", "output"), PROGRAMS)
def test_a_program_prints_its_output(kind, program, output, tmp_path):
    tool = Path(os.environ.get("GLAUBER", ROOT / "build" / "glauber")).absolute()
    (tmp_path / "glauber").symlink_to(tool)
    environment = {
        **os.environ,
        "PYTHONPATH": str(Path(glauber.__file__).parents[1]),
        "PATH": f"{tmp_path}:{os.environ['PATH']}",
        "BEST_KNOWN": str(ROOT / "bench" / "maxcut" / "best_known.csv"),
    }
    command = [sys.executable, "-c", program] if kind == "python" else ["bash", "-ec", program]
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == output


def all_states(n):
    return np.array(list(itertools.product([-1, 1], repeat=n)), np.int8)


@pytest.mark.parametrize(
    ("product", "bits", "pairs"),
    [
        (15, (2, 3), {(3, 5)}),
        (15, (3, 3), {(3, 5), (5, 3)}),
        (21, (3, 4), {(3, 7), (7, 3)}),
        (12, (3, 3), {(2, 6), (6, 2), (3, 4), (4, 3)}),
        (13, (3, 3), set()),
        (9, (2, 2), {(3, 3)}),
        (4, (2, 2), {(2, 2)}),
    ],
)
def test_states_of_energy_0_are_the_factors(product, bits, pairs):
    """Of all states; the others are at least 1 higher."""
    multiplier = Multiplier.of(product, *bits)
    states = all_states(multiplier.graph.n)
    energies = multiplier.graph.energies(states)
    assert set(map(tuple, multiplier.factors(states[energies < 0.5]).tolist())) == pairs
    np.testing.assert_allclose(energies, energies.round(), atol=1e-9)
    assert energies.min() >= (0 if pairs else 1) - 1e-9
    assert multiplier.right(states[energies < 0.5]).all()
    # a wrong pair is never called right
    found = multiplier.factors(states)
    np.testing.assert_array_equal(multiplier.right(states), found.prod(axis=1) == product)


def test_factors():
    assert factor(62615, bits=(6, 11), sweeps=2000) == (35, 1789)
    assert factor(4, sweeps=100, chains=64) == (2, 2)
    assert factor(97, sweeps=100, chains=64) is None
    with pytest.raises(ValueError, match="255 has 8 bits.*at most 6"):
        Multiplier.of(255, 3, 3)


@pytest.mark.parametrize("seed", range(4))
def test_lowest_energies_count_violated_clauses(seed):
    """Of every assignment, over all states of the clauses' p-bits."""
    rng = np.random.default_rng(seed)
    clauses = []
    for size in (3, 3, 3, 3, 2, 2, 1, 3):
        names = rng.choice(5, size, replace=False) + 1
        clauses.append(tuple(int(x) for x in np.where(rng.random(size) < 0.5, names, -names)))
    formula = Formula(5, tuple(clauses))
    graph = formula.graph()
    states = all_states(graph.n)
    energies = graph.energies(states)
    for values in all_states(5):
        lowest = energies[(states[:, :5] == values).all(axis=1)].min()
        false = sum(not any(values[abs(x) - 1] * x > 0 for x in clause) for clause in clauses)
        assert lowest == pytest.approx(false, abs=1e-9)
        assert formula.violated([values]) == [false]


def test_the_search_agrees_with_enumeration():
    answers = set()
    for seed in range(30):
        formula = Formula.random(9, 42, seed=seed)
        counted = bool((formula.violated(all_states(9)) == 0).any())
        assert satisfiable(formula.clauses) == counted
        answers.add(counted)
    assert answers == {True, False}


def test_the_formulas_of_the_page_are_satisfiable():
    page = (ROOT / "docs" / "applications" / "satisfiability.md").read_text()
    seeds = eval(re.search(r"SATISFIABLE = ({.*?})", page)[1])
    sizes = dict(re.findall(r"\((\d+), (\d+)\)", re.search(r"clauses in \((.*)\):", page)[1]))
    assert len(seeds) == len(sizes) == 3
    for variables, chosen in seeds.items():
        for seed in chosen:
            formula = Formula.random(variables, int(sizes[str(variables)]), seed=seed)
            assert satisfiable(formula.clauses)


def test_an_unsatisfiable_formula_is_not_solved():
    formula = Formula(3, tuple(itertools.product((1, -1), (2, -2), (3, -3))))
    solution = solve(formula, sweeps=100, chains=32)
    assert (solution.violated, solution.solved, solution.chains) == (1, 0, 32)


def test_dimacs_files(tmp_path):
    path = tmp_path / "f.cnf"
    formula = Formula.random(20, 91, seed=5, planted=True)
    formula.write(path)
    assert Formula.read(path) == formula
    path.write_text("c of SATLIB\np cnf 3  2 \n 1 -3\n0\n2 3 -1 0\n%\n0\n\n")
    assert Formula.read(path) == Formula(3, ((1, -3), (2, 3, -1)))
    for text, message in (
        ("1 2 0\n", "head line"),
        ("p cnf 3 2\n1 2 0\n", "1 clauses"),
        ("p cnf 3 1\n1 x 0\n", "f.cnf:2"),
        ("p cnf 3 1\n1 4 0\n", "from 1 to 3"),
        ("p cnf 4 1\n1 2 3 4 0\n", "one to three"),
        ("p cnf 3 1\n1 -1 0\n", "different variables"),
        ("p cnf 3 1\n1 2\n", "end with 0"),
    ):
        path.write_text(text)
        with pytest.raises(ValueError, match=message):
            Formula.read(path)


def test_planted_formulas_are_satisfiable():
    for seed in range(5):
        assert satisfiable(Formula.random(15, 90, seed=seed, planted=True).clauses)


@pytest.mark.parametrize("seed", range(1, 4))
@pytest.mark.parametrize(
    ("family", "keys", "loops"),
    [
        ("torus2d", {"lx": 4}, 10),
        ("torus3d", {"lx": 2, "ly": 2, "lz": 4}, 8),
        ("complete", {"n": 9}, 12),
    ],
)
def test_no_state_is_below_the_planted_one(family, keys, loops, seed):
    """Of all states."""
    lattice = Graph.generate(family, **keys)
    glass = frustrated_loops(lattice, loops=loops, seed=seed)
    energies = glass.graph.energies(all_states(lattice.n))
    assert energies.min() == glass.energy == glass.graph.energies([glass.spins])[0]
    i, j, values = glass.graph.couplings
    edges = set(zip(*(x.tolist() for x in lattice.couplings[:2]), strict=True))
    assert set(zip(i.tolist(), j.tolist(), strict=True)) <= edges
    assert np.abs(values).max() <= 3
    # frustrated: not all couplings are satisfied, and the state is hidden
    assert glass.energy > -np.abs(values).sum()
    assert abs(int(glass.spins.sum())) < lattice.n


def test_too_many_loops():
    with pytest.raises(ValueError, match="found [0-9]+ of 1000"):
        frustrated_loops(Graph.generate("torus2d", lx=4), loops=1000)
