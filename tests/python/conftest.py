"""A TAP line for each test, as scripts/run_tests.sh counts them; what tests share.

SPDX-License-Identifier: Apache-2.0
"""

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def pytest_runtest_logreport(report):
    """Prints the line when a test has ended, or when what it needs could not be set up."""
    if report.when == "call" or report.failed:
        print(f"\n{'ok' if report.passed else 'not ok'} - {report.nodeid}", flush=True)


def pytest_report_teststatus(report, config):
    """No dots, which would stand in the same lines."""
    return (report.outcome, "", "") if report.when == "call" else None


@pytest.fixture(scope="session")
def root():
    """The tree's root."""
    return ROOT


@pytest.fixture
def tool(tmp_path):
    """Runs the tool in a scratch folder, tmp_path."""
    program = os.environ.get("GLAUBER", str(ROOT / "build" / "glauber"))

    def run(*arguments):
        command = [program, *map(str, arguments)]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run
