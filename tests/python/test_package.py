"""The wheel and the source archive hold what they need. SPDX-License-Identifier: Apache-2.0."""

import os
import re
import subprocess
import sys
import tarfile
import zipfile

import pytest


@pytest.fixture(scope="module")
def archives(root, tmp_path_factory):
    """Paths of the wheel and the source archive, built without a network."""
    out = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-t", "wheel", "-d", out]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (wheel,), (sdist,) = out.glob("*.whl"), out.glob("*.tar.gz")
    return wheel, sdist


def test_the_wheel_runs_outside_the_tree(archives, tmp_path):
    with zipfile.ZipFile(archives[0]) as wheel:
        wheel.extractall(tmp_path)
    program = (
        "import glauber, sys; print(glauber.__file__, glauber.__version__);"
        "print(len(glauber.sample([[0, 1], [1, 0]], samples=1).spins))"
    )
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path, env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    import glauber

    assert done.stdout.split() == [
        str(tmp_path / "glauber" / "__init__.py"),
        glauber.__version__,
        "16",
    ]


def test_the_wheel_is_for_this_platform_and_any_python_3(archives):
    assert re.fullmatch(r"glauber-[0-9.]+-py3-none-linux_\w+\.whl", archives[0].name)
    with zipfile.ZipFile(archives[0]) as wheel:
        names = wheel.namelist()
    for name in ("libglauber.so.0", "_declarations.py", "py.typed", "dimod_sampler.py"):
        assert f"glauber/{name}" in names
    assert not [name for name in names if not name.startswith("glauber")]


def test_without_dimod_the_rest_works_and_its_name_is_in_the_error(archives, tmp_path):
    with zipfile.ZipFile(archives[0]) as wheel:
        wheel.extractall(tmp_path)
    program = (
        "import sys; sys.modules['dimod'] = None; import glauber\n"
        "try: glauber.GlauberSampler\n"
        "except ImportError as error: print(error)"
    )
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    )
    assert "pip install" in done.stdout


def test_the_source_archive_has_what_the_library_is_built_of(archives, root):
    with tarfile.open(archives[1]) as archive:
        names = {name.split("/", 1)[1] for name in archive.getnames()}
    folders = ["host", "mk", "python", "rtl", "sim"]
    command = ["git", "ls-files", *folders]
    listed = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    for name in listed.stdout.split():
        assert name in names
    assert {"Makefile", "LICENSE", "pyproject.toml", "scripts/setup.sh", "host/include/glauber.h",
            "rtl/arrays.def", "PKG-INFO"} <= names  # fmt: skip
    assert not [name for name in names if name.startswith(("build/", ".venv"))]
