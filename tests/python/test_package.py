"""The wheel and the source archive hold what they need. SPDX-License-Identifier: Apache-2.0."""

import os
import re
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

BUILD = Path(os.environ.get("BUILD", "build"))
ENVIRONMENT = {
    k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "MAKEFLAGS", "MFLAGS")
}


@pytest.fixture(scope="module")
def archives(root):
    """Paths of the wheel and the source archive, built without a network by `make wheel`."""
    done = subprocess.run(
        ["make", f"BUILD={BUILD}", "wheel"],
        cwd=root,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    out = root / BUILD / "dist"
    (wheel,), (sdist,) = out.glob("*.whl"), out.glob("*.tar.gz")
    return wheel, sdist


@pytest.fixture(scope="module")
def empty(archives, tmp_path_factory):
    """Runs a program where the wheel is installed, without a compiler or any other command."""
    folder = tmp_path_factory.mktemp("venv")
    venv.create(folder, with_pip=False)
    python = folder / "bin" / "python"
    install = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        python,
        "install",
        "-q",
        "--no-index",
        "--no-deps",
    ]
    subprocess.run([*install, archives[0]], env=ENVIRONMENT, check=True)
    # numpy, cffi and what else pip would bring
    (site,) = folder.glob("lib/python*/site-packages")
    (site / "tests.pth").write_text(sysconfig.get_path("purelib") + "\n")

    def run(program):
        command = [python, "-c", program]
        bare = {"PATH": "/nonexistent", "HOME": str(folder)}
        done = subprocess.run(
            command, cwd=folder, env=bare, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    run.folder = folder
    return run


def test_the_wheel_runs_alone(empty):
    out = empty(
        "import glauber, dimod; print(glauber.__file__); print(glauber.__version__);"
        "print(glauber.GlauberSampler().sample_ising({}, {('a', 'b'): -1}, num_reads=10))"
    )
    import glauber

    path, version, *table = out.splitlines()
    assert Path(path).is_relative_to(empty.folder)
    assert version == glauber.__version__
    assert "10 samples" in table[-1]


def test_the_wheel_has_the_libraries_that_it_needs(archives, empty):
    """Model files need HDF5, boards libusb, which need not be on a machine with this tag."""
    if "linux_x86_64" in archives[0].name and "manylinux" not in archives[0].name:
        pytest.skip("auditwheel cannot repair wheels here")
    out = empty(
        "import glauber, numpy; m = glauber.BoltzmannMachine('local:hidden=4', epochs=1, batch=64);"
        "m.fit(numpy.eye(64, 9), numpy.arange(64) % 2).save('m.h5'); glauber.devices();"
        "lines = [line.split()[-1] for line in open('/proc/self/maps')];"
        "print(*{line for line in lines if 'hdf5' in line or 'usb' in line})"
    )
    assert len(out.split()) >= 2
    assert all(Path(path).is_relative_to(empty.folder) for path in out.split())


def test_the_wheel_has_bit_files_and_rules(empty, root):
    out = empty(
        "import glauber, hashlib; print(glauber.udev_rules().read_text())\n"
        "for path in glauber.bitstreams().values():\n"
        "    print(f'{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}')"
    )
    sums = (root / "fpga" / "prebuilt" / "SHA256SUMS").read_text().splitlines()
    assert sorted(sums) == sorted(out.splitlines()[-len(sums) :])
    assert len(sums) == len(list((root / "fpga" / "prebuilt").glob("*.bit"))) > 0
    assert (root / "scripts" / "60-glauber.rules").read_text() in out


def test_the_wheel_is_for_this_platform_and_any_python_3(archives):
    assert re.fullmatch(r"glauber-[0-9.]+-py3-none-(many)?linux_\w+\.whl", archives[0].name)
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
    folders = ["fpga/prebuilt", "host", "mk", "python", "rtl", "sim"]
    command = ["git", "ls-files", *folders]
    listed = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    for name in listed.stdout.split():
        assert name in names
    assert {"Makefile", "LICENSE", "pyproject.toml", "scripts/setup.sh", "host/include/glauber.h",
            "rtl/arrays.def", "PKG-INFO"} <= names  # fmt: skip
    assert not [name for name in names if name.startswith(("build/", ".venv"))]
