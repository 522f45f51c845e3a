"""Puts the package together: Python files, C declarations and the shared library.

Usage: stage.py BUILD, after `make BUILD=BUILD lib`: writes BUILD/python/glauber, which PYTHONPATH
can name. SPDX-License-Identifier: Apache-2.0
"""

import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from declarations import write_module

LIBRARY = "libglauber.so.0"
BOARDS = "boards_data"


def board_files(root: Path) -> list[Path]:
    """Bit files with their hashes and notes, and udev's rules."""
    prebuilt = root / "fpga" / "prebuilt"
    return [*sorted(prebuilt.iterdir()), root / "scripts" / "60-glauber.rules"]


def _strip(library: Path) -> None:
    """Takes out the debugging sections, nine tenths of the file, where the machine can."""
    if shutil.which("strip"):
        subprocess.run(["strip", "--strip-debug", str(library)], check=True)


def stage(root: Path, build: Path) -> Path:
    """Writes the package below `build` and returns its folder."""
    package = build / "python" / "glauber"
    shutil.rmtree(package, ignore_errors=True)
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(root / "python" / "glauber", package, ignore=ignored)
    write_module(root, package / "_declarations.py")
    shutil.copy(build / LIBRARY, package / LIBRARY)
    _strip(package / LIBRARY)
    (package / BOARDS).mkdir()
    for path in board_files(root):
        shutil.copy(path, package / BOARDS)
    return package


if __name__ == "__main__":
    stage(Path(__file__).parents[2], Path(sys.argv[1]).absolute())
