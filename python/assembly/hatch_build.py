"""hatchling's hook: builds the C library with make and puts it into the wheel.

SPDX-License-Identifier: Apache-2.0
"""

import os
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).parent))
from stage import BOARDS, LIBRARY, stage

# of make: what the library does without where its package is missing
OPTIONAL = {"HDF5": "hdf5", "PNG": "libpng"}


def _has(module: str) -> bool:
    command = ["pkg-config", "--exists", module]
    try:
        return subprocess.run(command, check=False).returncode == 0
    except FileNotFoundError:
        return False


def build_library(root: Path, build: Path) -> None:
    """`make` with the flags of the tree, so that what is built there already is used."""
    environment = {k: v for k, v in os.environ.items() if k not in ("MAKEFLAGS", "MFLAGS")}
    for option, module in OPTIONAL.items():
        environment.setdefault(option, "1" if _has(module) else "0")
    check = [str(root / "scripts" / "setup.sh"), "--check", "library"]
    if subprocess.run(check, env=environment, check=False).returncode:
        raise SystemExit("glauber: packages that building the C library needs are missing")
    command = ["make", f"-j{len(os.sched_getaffinity(0))}", f"BUILD={build}"]
    command += [f"{option}={environment[option]}" for option in OPTIONAL] + [f"{build}/{LIBRARY}"]
    subprocess.run(command, cwd=root, env=environment, check=True)


def _revision(root: Path) -> str:
    command = ["git", "describe", "--always", "--dirty", "--exclude", "*"]
    try:
        done = subprocess.run(command, cwd=root, check=False, capture_output=True, text=True)
    except FileNotFoundError:
        return ""
    return done.stdout if done.returncode == 0 else ""


class CustomBuildHook(BuildHookInterface):
    """For wheels the library and its declarations; for source archives the revision."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        root = Path(self.root)
        # make compares the path with that of its own objects, so it stays relative
        build = Path(os.environ.get("BUILD", "build"))
        if self.target_name == "sdist":
            self._add_revision(root, root / build, build_data)
            return
        if version == "editable":
            raise SystemExit(
                "glauber: for work on the package: make python, PYTHONPATH=build/python"
            )
        build_library(root, build)
        package = stage(root, root / build)
        for name in ("_declarations.py", LIBRARY, BOARDS):
            build_data["force_include"][str(package / name)] = f"glauber/{name}"
        platform = sysconfig.get_platform().replace("-", "_").replace(".", "_")
        build_data["tag"] = f"py3-none-{platform}"
        build_data["pure_python"] = False

    @staticmethod
    def _add_revision(root: Path, build: Path, build_data: dict[str, Any]) -> None:
        revision = _revision(root)
        if revision:
            build.mkdir(parents=True, exist_ok=True)
            path = build / "REVISION"
            path.write_text(revision)
            build_data["force_include"][str(path)] = "REVISION"
