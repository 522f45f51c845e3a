"""The programs of docs/python.md print what the page shows; docstrings' examples; the notebook.

SPDX-License-Identifier: Apache-2.0
"""

import doctest
import importlib
import os
import pkgutil
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import numpy as np
import pytest
from conftest import ROOT
from nbclient import NotebookClient
from PIL import Image

import glauber

PAGE = (ROOT / "docs" / "python.md").read_text()
PROGRAMS = re.findall(r"## ([^\n]*)\n\n```python\n(.*?)```\n\n```\n(.*?)```", PAGE, re.S)
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(glauber.__file__).parents[1])}


def test_every_program_has_its_output():
    assert len(PROGRAMS) == PAGE.count("```python") == 8


@pytest.mark.parametrize(("title", "program", "output"), PROGRAMS, ids=[p[0] for p in PROGRAMS])
def test_a_program_prints_its_output(title, program, output, tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path, env=ENVIRONMENT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout == output
    if title.startswith("Digits"):
        assert len(program.splitlines()) <= 15
        drawn, shown = (np.asarray(Image.open(path).convert("L")) for path in (
            tmp_path / "digits.png", ROOT / "docs" / "results" / "python-digits.png"))  # fmt: skip
        np.testing.assert_array_equal(drawn, shown)


def modules():
    """Those whose packages are here."""
    names = sorted(m.name for m in pkgutil.iter_modules(glauber.__path__))
    return [name for name in names if name not in ("torch", "_declarations")]


@pytest.mark.parametrize("name", modules())
def test_examples_of_docstrings(name):
    failed, _ = doctest.testmod(importlib.import_module(f"glauber.{name}"))
    assert failed == 0


def test_there_are_examples():
    finder, parts = doctest.DocTestFinder(), 0
    for name in modules():
        found = finder.find(importlib.import_module(f"glauber.{name}"))
        parts += sum(1 for test in found if test.examples)
    assert parts >= 12


def test_the_notebook_runs(tmp_path):
    notebook = nbformat.read(ROOT / "docs" / "examples" / "digits.ipynb", as_version=4)
    nbformat.validate(notebook)
    os.environ["PYTHONPATH"] = ENVIRONMENT["PYTHONPATH"]
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(tmp_path)}}).execute()
    outputs = [out for cell in notebook.cells for out in cell.get("outputs", [])]
    pictures = [out for out in outputs if "image/png" in out.get("data", {})]
    assert len(pictures) == 3
    text = "".join(out.get("text", "") for out in outputs)
    read = float(re.search(r"read right: (\S+)", text)[1])
    # Chance: outside(360, 0.1, 0, 71) | digits of 360 read wrong; about 20
    assert read > 0.8
