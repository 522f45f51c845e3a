"""A TAP line for each test, as scripts/run_tests.sh counts them; what tests share.

SPDX-License-Identifier: Apache-2.0
"""

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def _line(report):
    if report.passed or hasattr(report, "wasxfail"):
        return f"ok - {report.nodeid}"
    if report.skipped:
        return f"not ok - {report.nodeid} # SKIP {report.longrepr[2]}"
    return f"not ok - {report.nodeid}"


def pytest_runtest_logreport(report):
    """Prints the line when a test has ended, or when what it needs could not be set up."""
    if report.when == "call" or report.outcome != "passed":
        print(f"\n{_line(report)}", flush=True)


def pytest_collectreport(report):
    """A file all of whose tests are skipped, or one that cannot be read."""
    if report.outcome != "passed":
        print(f"\n{_line(report)}", flush=True)


def pytest_report_teststatus(report, config):
    """No dots, which would stand in the same lines."""
    return (report.outcome, "", "") if report.when == "call" else None


# of scikit-learn's checks those of packages that are not taken here
ELSEWHERE = ("check_array_api_input", "check_classifier_data_not_an_array")


def pytest_collection_modifyitems(items):
    """Leaves out what would be skipped everywhere."""
    items[:] = [item for item in items if not any(name in item.name for name in ELSEWHERE)]


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
