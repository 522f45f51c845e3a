"""BoltzmannMachine: scikit-learn's checks, the tool's bits, exact free energies.

SPDX-License-Identifier: Apache-2.0
"""

import itertools
import json

import h5py
import networkx as nx
import numpy as np
import pytest
from images import SMALL, bars
from sklearn.utils.estimator_checks import parametrize_with_checks

from glauber import BoltzmannMachine


def write_idx(folder, x, y, height, width):
    """The files of `glauber train --data`."""
    sizes = np.array([len(x), height, width], ">u4").tobytes()
    images = b"\0\0\x08\x03" + sizes + x.astype(np.uint8).tobytes()
    (folder / "train-images-idx3-ubyte").write_bytes(images)
    labels = b"\0\0\x08\x01" + np.array([len(y)], ">u4").tobytes() + y.astype(np.uint8).tobytes()
    (folder / "train-labels-idx1-ubyte").write_bytes(labels)
    (folder / "t10k-images-idx3-ubyte").write_bytes(images)
    (folder / "t10k-labels-idx1-ubyte").write_bytes(labels)


def content(path):
    """Every data set of a model file."""
    out = {}
    with h5py.File(path) as f:
        f.visititems(
            lambda name, item: out.update({name: item[()]} if hasattr(item, "shape") else {})
        )
    return out


def sampled(estimator):
    """Why checks do not hold where labels are read by sampling."""
    reason = "an image's noise is that of its place in the call, as of `glauber eval`"
    names = ("check_methods_sample_order_invariance", "check_methods_subset_invariance")
    return dict.fromkeys(names, reason) if estimator.reader != "free_energy" else {}


@parametrize_with_checks(
    [
        BoltzmannMachine("local:hidden=16", epochs=2, batch=64, array="small", reader=reader)
        for reader in ("free_energy", "fields")
    ],
    expected_failed_checks=sampled,
)
def test_scikit_learn(estimator, check):
    check(estimator)


@pytest.mark.parametrize(
    ("size", "settings", "options"),
    [
        ((6, 5, 4), {}, []),
        ((6, 5, 4), dict(method="drawing"), ["--method", "drawing"]),
        ((6, 5, 4), dict(method="contrast", read=3), ["--method", "contrast"]),
        ((3, 7, 3), dict(topology="deep:h1=12,fan=4,window=3"), []),
        ((32, 32, 31), dict(topology="local:hidden=12,fan=3", epochs=1, array="25f"), []),
        (
            (6, 5, 2),
            dict(method="pcd", random_state=2**63 + 5, bits=4, warp=0),
            ["--method", "pcd"],
        ),
        ((4, 4, 3), dict(topology="blocks:hidden=8,fan=4,window=4", binarise="stochastic"), []),
        ((5, 5, 64), dict(topology="pegasus:m=4,copies=1", rate=0.05, array="small"), []),
    ],
    ids=["local", "drawing", "contrast", "deep", "largest image", "pcd", "blocks", "64 classes"],
)
def test_the_model_of_an_equal_run_of_the_tool(tool, tmp_path, size, settings, options):
    height, width, classes = size
    x, y = bars(192, max(height, classes), width, classes)
    x = x.reshape(192, -1, width)[:, :height].reshape(192, -1)
    write_idx(tmp_path, x, y, height, width)
    chosen = {**SMALL, **settings}
    machine = BoltzmannMachine(image_shape=(height, width), **chosen)
    # images of unsigned bytes with the whole range are taken as they are
    machine.fit(x, y).save(tmp_path / "python.h5")
    names = dict(random_state="seed")
    given = [
        f"--{names.get(k, k).replace('_', '-')}={v}" for k, v in chosen.items() if k != "method"
    ]
    tool("train", "--data", ".", *options, *given, "-o", "tool.h5")
    ours, theirs = content(tmp_path / "python.h5"), content(tmp_path / "tool.h5")
    assert ours.keys() == theirs.keys()
    assert len(ours) > 5
    for name, values in theirs.items():
        np.testing.assert_array_equal(ours[name], values, name)
    assert np.any(machine.model_.couplings)


def test_labels_of_the_tools_model(tool, tmp_path):
    x, y = bars()
    write_idx(tmp_path, x, y, 6, 5)
    given = [f"--{k}={v}" for k, v in SMALL.items()]
    tool("train", "--data", ".", *given, "-o", "tool.h5")
    report = tool("eval", "tool.h5", "--data", ".", "--array", "small", "--json")
    machine = BoltzmannMachine.load(tmp_path / "tool.h5", "wxyz", array="small")
    again = BoltzmannMachine(image_shape=(6, 5), **SMALL).fit(x, np.array(list("wxyz"))[y])
    np.testing.assert_array_equal(machine.predict(x), again.predict(x))
    accuracy = machine.score(x, np.array(list("wxyz"))[y])
    assert json.loads(report.splitlines()[-1])["accuracy"] == pytest.approx(accuracy)
    # Chance: outside(256, 0.1, 0, 63) | images read wrong; of eight seeds 3 to 18
    assert accuracy > 0.75


def small_machine(reader="free_energy"):
    """Few enough hidden units to sum over."""
    graph = nx.complete_bipartite_graph(4, 9)
    graph.remove_edges_from([(0, 4), (2, 8)])
    roles = ["hidden"] * 4 + ["visible"] * 6 + ["label"] * 3
    rng = np.random.default_rng(0)
    x, y = rng.integers(0, 2, (128, 6)), rng.integers(0, 3, 128)
    machine = BoltzmannMachine(
        (graph, roles), epochs=30, batch=64, rate=0.3, shift=0, warp=0, reader=reader, array="small"
    )
    return machine.fit(x, y), x


def exact_free_energies(machine, x):
    """By summing over all states of the hidden units, with one label on."""
    graph = machine.model_.graph()
    hidden = np.array(list(itertools.product([-1, 1], repeat=4)))
    out = np.empty((len(x), 3))
    for c, k in itertools.product(range(3), range(len(x))):
        labels = np.where(np.arange(3) == c, 1, -1)
        states = np.column_stack((np.tile(2 * x[k] - 1, (16, 1)), hidden, np.tile(labels, (16, 1))))
        out[k, c] = -np.log(np.exp(-graph.energies(states)).sum())
    return out


def test_free_energies_and_probabilities_are_the_exact_ones():
    machine, x = small_machine()
    expected = exact_free_energies(machine, x[:20])
    np.testing.assert_allclose(machine.free_energy(x[:20]), expected, atol=1e-9)
    weights = np.exp(-expected)
    p = weights / weights.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(machine.predict_proba(x[:20]), p, atol=1e-9)
    assert np.ptp(p) > 0.1
    np.testing.assert_array_equal(machine.predict(x[:20]), p.argmax(axis=1))


@pytest.mark.parametrize("reader", ["fields", "spins"])
def test_probabilities_by_sampling(reader):
    machine, x = small_machine(reader)
    machine.set_params(sweeps=4000)
    p = machine.predict_proba(x)
    np.testing.assert_allclose(p.sum(axis=1), 1)
    assert np.all((p >= 0) & (p <= 1))
    np.testing.assert_array_equal(machine.predict(x), p.argmax(axis=1))
    exact = np.exp(-exact_free_energies(machine, x))
    best = exact.argmax(axis=1)
    # labels whose probability is clearly the largest are read by every reader
    clear = (exact / exact.sum(axis=1, keepdims=True)).max(axis=1) > 0.6
    assert clear.sum() > 20
    # Chance: outside(128, 0.01, 0, 12) | clear labels read otherwise; of 16 machines none
    assert np.mean(machine.predict(x)[clear] == best[clear]) > 0.9
