"""Runs that are watched, stopped, interrupted; handles that are closed; threads.

SPDX-License-Identifier: Apache-2.0
"""

import gc
import threading
import time

import numpy as np
import pytest
from ctrl_c import interrupted

import glauber

# hours of sweeps before the first sample
LONG = {"burn_in": 2**31, "interval": 1, "samples": 1}


@pytest.fixture(scope="module")
def graph():
    return glauber.Graph.generate("torus3d", lx=8, weights="gauss", seed=1)


@pytest.fixture
def sampler(graph):
    with glauber.Sampler(graph) as s:
        yield s


def test_ctrl_c_ends_a_run_and_keeps_its_samples(sampler):
    def run(ready):
        sampler.sample(
            samples=20000, interval=100, burn_in=0,
            progress=lambda _fraction, best: best < 0 and ready.set(),
        )  # fmt: skip

    late, error = interrupted(run)
    assert isinstance(error, glauber.Interrupted)
    assert late < 0.1
    assert error.samples is sampler.last
    assert error.samples.stopped == 1
    assert 0 < len(error.samples.spins) < 20000 * 16
    assert not np.isnan(error.samples.energies).any()
    full = sampler.sample(samples=1, interval=100, burn_in=0)
    np.testing.assert_array_equal(full.spins, error.samples.spins[:16])


def test_ctrl_c_during_burn_in(sampler):
    def run(ready):
        sampler.sample(progress=lambda *_: ready.set(), **LONG)

    late, error = interrupted(run)
    assert late < 0.1
    assert len(error.samples.spins) == 0
    assert len(sampler.sample(samples=1).spins) == 16


def test_ctrl_c_while_compiling():
    large = glauber.Graph.generate("regular", n=6000, d=8)

    def compile_large(ready):
        ready.set()
        glauber.Program.compile(large, effort=2)

    late, error = interrupted(compile_large)
    assert late < 0.1
    assert not isinstance(error, glauber.Interrupted)


def test_progress_and_stopping_by_it(sampler):
    calls = []

    def progress(fraction, best):
        calls.append((fraction, best))
        return len(calls) == 5

    out = sampler.sample(progress=progress, **LONG)
    assert out.stopped == 1
    assert len(calls) == 5
    assert all(0 <= fraction < 1 for fraction, _ in calls)
    calls.clear()
    out = sampler.sample(progress=lambda f, b: calls.append((f, b)), samples=3)
    assert out.stopped == 0
    assert calls[-1] == (1.0, out.best_energy)


def test_an_exception_in_progress_ends_the_run(sampler):
    def progress(_fraction, _best):
        raise RuntimeError("of the test")

    with pytest.raises(RuntimeError, match="of the test"):
        sampler.sample(progress=progress, **LONG)
    assert len(sampler.sample(samples=1).spins) == 16


def test_another_thread_goes_on_and_cancels(sampler):
    ticks = []

    def work():
        for _ in range(20):
            time.sleep(0.01)
            ticks.append(0)
        sampler.cancel()

    thread = threading.Thread(target=work)
    thread.start()
    assert sampler.sample(**LONG).stopped == 1
    thread.join()
    assert len(ticks) == 20


def test_threads_share_a_device_in_turn(graph):
    expected = glauber.sample(graph, samples=5).spins
    results = []
    with glauber.Device() as device:
        samplers = [glauber.Sampler(graph, device) for _ in range(2)]
        threads = [
            threading.Thread(target=lambda s=s: results.append(s.sample(samples=5).spins))
            for s in samplers * 2
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(results) == 4
    for spins in results:
        np.testing.assert_array_equal(spins, expected)


def test_closed_things_are_refused(graph):
    device = glauber.Device()
    sampler = glauber.Sampler(graph, device)
    device.close()
    device.close()
    with pytest.raises(ValueError, match="sampler is closed"):
        sampler.sample()
    with pytest.raises(ValueError, match="device is closed"):
        glauber.Sampler(graph, device)
    with glauber.Sampler(graph) as sampler:
        sampler.close()
    with pytest.raises(ValueError, match="closed"):
        sampler.cancel()


def test_what_a_sampler_needs_lives_as_long_as_it():
    sampler = glauber.Sampler(glauber.Graph.from_arrays(3, [0], [1]), glauber.Device())
    gc.collect()
    assert len(sampler.sample(samples=1).spins) == 16


def test_number_of_threads(graph):
    before = glauber.threads()
    results = []
    for count in (1, 2):
        glauber.set_threads(count)
        assert glauber.threads() == count
        results.append(glauber.sample(graph, samples=2, chains=1024).spins)
    glauber.set_threads(0)
    assert glauber.threads() == before
    np.testing.assert_array_equal(*results)
