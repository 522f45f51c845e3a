"""Leaks, and a device that disappears while it works.

SPDX-License-Identifier: Apache-2.0
"""

import gc
import os
import resource
import subprocess
import threading
from pathlib import Path

import dimod
import networkx as nx
import numpy as np
import pytest

import glauber
from glauber import GlauberSampler

SAMPLERS = int(os.environ.get("SAMPLERS", "600"))
"""Opened and closed; `make test-python-long` takes 10,000."""


def resident():
    """Bytes of memory that the process holds."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


def descriptors():
    return len(os.listdir("/proc/self/fd"))


MOST = 400_000
"""Bytes that any number of calls may leave behind: the allocator's."""


def growth(work, count):
    """Bytes that `count` calls leave behind, after as many that warm up."""
    for _ in range(count):
        work()
    gc.collect()
    before, files, threads = resident(), descriptors(), threading.active_count()
    for _ in range(count):
        work()
    gc.collect()
    assert descriptors() <= files
    assert threading.active_count() <= threads
    return resident() - before


def open_and_close():
    with glauber.Sampler(np.ones((3, 3)) - np.eye(3), array="tiny") as sampler:
        sampler.sample(samples=1, burn_in=0)


def forget():
    glauber.Sampler(np.ones((3, 3)) - np.eye(3), array="tiny").sample(samples=1, burn_in=0)


BQM = dimod.BQM({}, {"ab": 1.0}, "SPIN")


def through_dimod():
    with GlauberSampler(array="tiny") as sampler:
        sampler.sample(BQM, num_reads=2, num_sweeps=2)


def in_the_background():
    with GlauberSampler(array="tiny") as sampler:
        sampler.sample_async(BQM, num_reads=2, num_sweeps=2).resolve()


def refused():
    with pytest.raises(glauber.FitError):
        glauber.Sampler(nx.path_graph(500), array="tiny")


def machine():
    x, y = np.tile([[0, 1, 1, 0]], (64, 1)), np.arange(64) % 2
    m = glauber.BoltzmannMachine("local:hidden=4", epochs=1, batch=64, array="tiny").fit(x, y)
    m.predict(x[:2])


@pytest.mark.parametrize(
    ("work", "share"),
    [
        (open_and_close, 1),
        (forget, 1),
        (through_dimod, 1),
        (in_the_background, 0.25),
        (refused, 0.2),
        (machine, 0.05),
    ],
)
def test_memory_does_not_grow(work, share):
    assert growth(work, int(SAMPLERS * share)) < MOST


def test_a_leak_would_be_seen():
    kept = []
    assert growth(lambda: kept.append(np.ones(20000)), 200) > MOST


# ---- a device that disappears ----


@pytest.fixture
def board():
    """A serial port with a board, and the process to kill."""
    build = Path(os.environ.get("GLAUBER", "build/glauber")).parent
    command = [build / "tests" / "python" / "serial_board", "tiny"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as b:
        yield b.stdout.readline().strip(), b
        b.kill()


LONG = dict(burn_in=0, interval=1, samples=2**15)


def unplugging(process):
    """A progress function that unplugs the board once the run is on its way."""

    def progress(fraction, _best):
        if fraction > 0 and process.poll() is None:
            process.kill()
            process.wait()

    return progress


def test_a_serial_board_gives_the_bits_of_the_emulator(board):
    graph = glauber.Graph.generate("torus2d", lx=4, seed=1)
    expected = glauber.sample(graph, array="tiny", samples=5).spins
    np.testing.assert_array_equal(glauber.sample(graph, device=board[0], samples=5).spins, expected)


def test_a_board_unplugged_in_a_run(board):
    graph = glauber.Graph.generate("torus2d", lx=4, seed=1)
    with glauber.Sampler(graph, device=board[0]) as sampler:
        with pytest.raises(glauber.DeviceError) as caught:
            sampler.sample(progress=unplugging(board[1]), **LONG)
        assert board[0] in str(caught.value)
        assert isinstance(caught.value, OSError)
        with pytest.raises(glauber.DeviceError):
            sampler.sample(samples=1)


def test_a_board_unplugged_below_dimod(board):
    calls = []

    def interrupt():
        calls.append(0)
        if len(calls) == 3:
            board[1].kill()
            board[1].wait()

    with GlauberSampler(device=board[0]) as sampler:
        with pytest.raises(glauber.DeviceError, match="unplugged"):
            sampler.sample(
                BQM,
                num_reads=64,
                num_sweeps=2**20,
                beta_range=(1, 1),
                num_sweeps_per_beta=2**15,
                interrupt_function=interrupt,
            )
        assert len(calls) >= 3
        # the emulator goes on
        assert len(sampler.sample(BQM, device="emu", array="tiny", num_reads=2)) == 2
        out = sampler.sample_async(BQM, num_reads=2)
        with pytest.raises(glauber.DeviceError):
            out.resolve()


def test_a_board_that_is_not_there(tmp_path):
    with pytest.raises(glauber.DeviceError, match="none"):
        glauber.Device(f"uart:{tmp_path}/none")


def test_a_board_unplugged_in_a_training(board):
    x, y = np.random.default_rng(0).random((64, 16)), np.arange(64) % 2
    machine = glauber.BoltzmannMachine(
        "local:hidden=8,fan=4", epochs=1e4, batch=64, device=board[0], array="tiny"
    )
    with pytest.raises(glauber.DeviceError):
        machine.fit(x, y, progress=lambda state: state.step and unplugging(board[1])(1, 0))
    assert machine.n_steps_ > 0
    assert machine.set_params(device="emu").predict(x).shape == (64,)
