"""The programs of docs/python.md print what the page shows.

SPDX-License-Identifier: Apache-2.0
"""

import re
import subprocess
import sys

import pytest
from conftest import ROOT

PAGE = (ROOT / "docs" / "python.md").read_text()
PROGRAMS = re.findall(r"```python\n(.*?)```\n\n```\n(.*?)```", PAGE, re.S)


def test_every_program_has_its_output():
    assert len(PROGRAMS) == PAGE.count("```python") == 3


@pytest.mark.parametrize(("program", "output"), PROGRAMS, ids=["dimod", "max-cut", "numpy"])
def test_a_program_prints_its_output(program, output):
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout == output
