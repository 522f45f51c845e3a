"""The measures of drawn images (bench/measures): enumerations and exact cases.

SPDX-License-Identifier: Apache-2.0
"""

import itertools
import sys
from pathlib import Path

import h5py
import numpy as np
import pytest
from images import SMALL, bars

import glauber
from glauber import BoltzmannMachine

sys.path.insert(0, str(Path(__file__).parents[2] / "bench" / "measures"))
import ais  # noqa: E402
import distances  # noqa: E402
import machine  # noqa: E402


def small(seed=3, pixels=7, hidden=5, classes=3, copies=2):
    """A machine of two sides with labels coupled to each other, and its graph."""
    rng = np.random.default_rng(seed)
    labels = classes * copies
    top = pixels + hidden
    pairs = [(p, pixels + k) for p in range(pixels) for k in range(hidden) if (p + k) % 3]
    pairs += [(pixels + k, top + y) for k in range(hidden) for y in range(labels)]
    pairs += [(top, top + 1), (top + 1, top + 5)]
    i, j = np.array(pairs).T
    couplings = rng.integers(-16, 17, len(i)) / 16
    h = rng.integers(-8, 9, top + labels) / 16
    sizes = (pixels, hidden, labels)
    return machine.from_arrays(sizes, classes, (i, j, couplings), h), (sizes, i, j, couplings, h)


def enumerated(numbers, classes):
    """log sum over hidden states of exp(-E) of every image, for each class held; the images."""
    (pixels, hidden, labels), i, j, couplings, h = numbers
    states = [np.array(list(itertools.product((-1.0, 1.0), repeat=n))) for n in (pixels, hidden)]
    out = np.empty((len(states[0]), classes))
    for (k, v), c in itertools.product(enumerate(states[0]), range(classes)):
        y = np.where(np.arange(labels) % classes == c, 1.0, -1.0)
        full = np.hstack((np.tile(v, (2**hidden, 1)), states[1], np.tile(y, (2**hidden, 1))))
        out[k, c] = np.logaddexp.reduce((full[:, i] * full[:, j]) @ couplings + full @ h)
    return out, states[0]


def test_the_sum_over_hidden_states_is_exact():
    m, numbers = small()
    expected, v = enumerated(numbers, 3)
    np.testing.assert_allclose(m.log_p(v), expected, atol=1e-9)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_partition_functions_are_those_of_an_enumeration(seed):
    m, numbers = small(seed)
    exact = np.logaddexp.reduce(enumerated(numbers, 3)[0], axis=0)
    rng = np.random.default_rng(seed)
    base = rng.normal(0, 0.3, (3, 7))
    z = ais.estimate(m, base, chains=4000, steps=150, seed=seed)
    assert np.all((z.error > 1e-4) & (z.error < 0.05)), z.error
    assert np.all(z.effective > 400)
    # Chance: 9 * 2 * above(5) | log Z of three machines and classes, in standard errors
    assert np.all(np.abs(z.log_z - exact) < 5 * z.error), (z.log_z - exact) / z.error
    v = np.array(list(itertools.product((-1.0, 1.0), repeat=7)))
    labels = np.arange(len(v)) % 3
    p = enumerated(numbers, 3)[0]
    given = p - exact
    found = ais.likelihoods(m, exact, v, labels)
    assert found["held"][0] == pytest.approx(given[np.arange(128), labels].mean())
    assert found["summed"][0] == pytest.approx(np.log(np.exp(given).mean(axis=1)).mean())
    joint = np.log(np.exp(p).sum(axis=1) / np.exp(p).sum())
    assert found["joint"][0] == pytest.approx(joint.mean())


def test_one_step_is_importance_sampling_with_independent_pixels():
    """Without a transition the weights are those of the base distribution's states."""
    m, numbers = small()
    base = np.zeros((3, 7))
    z = ais.estimate(m, base, chains=60000, steps=2, seed=5)
    exact = np.logaddexp.reduce(enumerated(numbers, 3)[0], axis=0)
    # Chance: 3 * 2 * above(5)
    assert np.all(np.abs(z.log_z - exact) < 5 * z.error + 0.01)


def test_a_model_file_is_read_as_the_array_runs_it(tmp_path):
    x, y = bars()
    fitted = BoltzmannMachine(image_shape=(6, 5), **{**SMALL, "method": "drawing"}).fit(x, y)
    fitted.save(tmp_path / "m.h5")
    m = machine.load(tmp_path / "m.h5")
    assert (m.classes, m.height, m.width, m.thresholds) == (4, 6, 5, (127,))
    with h5py.File(tmp_path / "m.h5") as f:
        h = f["bias"][()]
    graph = fitted.model_.graph()
    program = glauber.Program.compile(graph, "small", u=1 / 16)
    n, i, j, couplings = graph.n, *graph.couplings
    own = machine.effective_biases(n, i, j, couplings, h, 1 / 16)
    errors = program.quantisation()
    assert errors.j_max_error == 0
    assert errors.h_max_error == pytest.approx(np.abs(own - h).max(), abs=1e-9)
    free = fitted.free_energy(x)
    v = distances_spins(x, fitted)
    # by biases that are not rounded, so within half a step for each p-bit
    assert np.abs(m.log_p(v) + free).max() < n / 32
    assert np.corrcoef(m.log_p(v).ravel(), -free.ravel())[0, 1] > 0.999


def distances_spins(x, fitted):
    """Pixels of one bit of features."""
    images = fitted._images(x)
    return np.where(images.reshape(len(x), -1) > 127, 1.0, -1.0)


def test_adversarial_accuracy_of_small_sets():
    spin = lambda *rows: np.array([[int(c) * 2 - 1 for c in row] for row in rows], np.int8)  # noqa: E731
    true = spin("0000", "0001")
    assert distances.adversarial_accuracy(true, spin("1110", "1111")) == (1, 1, 1)
    assert distances.adversarial_accuracy(true, true.copy()) == (0, 0, 0)
    # 0000: 1 to its own, 2 to the other set; 0111: its own at 2, a true one at 2: a draw
    assert distances.adversarial_accuracy(true, spin("0111", "1101")) == (0.75, 1, 0.5)
    rng = np.random.default_rng(1)
    same = [np.where(rng.random((600, 40)) < 0.3, 1, -1) for _ in range(2)]
    # Chance: outside(1200, 0.5, 480, 720) | nearest neighbours of equal sets
    assert abs(distances.adversarial_accuracy(*same)[0] - 0.5) < 0.1


def test_frechet_distance_of_normal_features():
    rng = np.random.default_rng(1)
    z = rng.normal(size=(5000, 3))
    z = (z - z.mean(axis=0)) @ np.linalg.inv(np.linalg.cholesky(np.cov(z, rowvar=False))).T
    x, y = z * [1, 2, 3] + [1, 0, 0], z * [2, 2, 1] + [0, 0, 2]
    # of independent features: squares of the differences of means and of deviations
    assert distances.frechet(x, y) == pytest.approx(1 + 4 + 1 + 0 + 4)
    assert distances.frechet(x, x) == pytest.approx(0, abs=1e-9)
    turn = np.linalg.qr(rng.normal(size=(3, 3)))[0]
    assert distances.frechet(x @ turn, y @ turn) == pytest.approx(10)


def test_the_classifier_has_features():
    net = distances.Classifier.load()
    v = np.where(np.random.default_rng(1).random((5, 784)) < 0.2, 1, -1)
    assert net.features(v).shape == (5, 32)
    assert set(net.read(v)) <= set(range(10))
