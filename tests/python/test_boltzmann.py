"""BoltzmannMachine: scikit-learn's checks, the tool's bits, exact free energies, files, drawing.

SPDX-License-Identifier: Apache-2.0
"""

import itertools
import json
import pickle
import threading
import time

import h5py
import networkx as nx
import numpy as np
import pytest
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV
from sklearn.utils.estimator_checks import parametrize_with_checks

import glauber
from glauber import BoltzmannMachine
from glauber.learn import Model

SMALL = dict(topology="local:hidden=24,fan=8", batch=64, epochs=4, array="small", shift=0)


def bars(count=256, height=6, width=5, classes=4, seed=1):
    """Images with one bright row each, whose number is the class, and noise."""
    rng = np.random.default_rng(seed)
    y = np.arange(count) % classes
    x = rng.integers(0, 140, (count, height, width))
    x[np.arange(count), y] += 115
    x[0, 0, 0], x[1, 0, 0] = 0, 255
    return x.reshape(count, -1), y


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
    ids=["local", "drawing", "deep", "largest image", "pcd", "blocks", "64 classes"],
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
    # Chance: outside(256, 0.02, 0, 25) | images read wrong; none of five seeds' was
    assert accuracy > 0.9


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
    # Chance: outside(128, 0.01, 0, 12) | clear labels read otherwise; of 12 machines at most 2
    assert np.mean(machine.predict(x)[clear] == best[clear]) > 0.9


def test_partial_fits_are_one_training():
    x, y = bars(100)
    whole = BoltzmannMachine(image_shape=(6, 5), **SMALL).fit(x, y)
    part = BoltzmannMachine(image_shape=(6, 5), **SMALL)
    steps = []
    for _ in range(4):
        part.partial_fit(x, y, classes=range(4))
        steps.append(part.n_steps_)
    assert steps == [2, 4, 6, 7]
    np.testing.assert_array_equal(part.model_.couplings, whole.model_.couplings)
    assert part.partial_fit(x, y).n_steps_ == 7
    with pytest.raises(ValueError, match="these are not the images"):
        part.partial_fit(x[::-1], y)
    assert pickle.loads(pickle.dumps(part)).predict(x).tolist() == part.predict(x).tolist()
    assert part.fit(x, y).n_steps_ == 7
    assert part.partial_fit(x, y).n_steps_ == 2


def test_ctrl_c_keeps_the_machine_so_far(monkeypatch):
    x, y = bars()
    machine = BoltzmannMachine(image_shape=(6, 5), **{**SMALL, "epochs": 1e5})

    def progress(state):
        if state.step > 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        machine.fit(x, y, progress=progress)
    stopped = machine.n_steps_
    assert 3 < stopped < 10**5
    assert machine.predict(x).shape == (256,)
    assert machine.partial_fit(x, y).n_steps_ == stopped + 4


def test_a_long_step_is_left_within_a_tenth_of_a_second():
    x, y = bars()
    long = dict(positive_burn=10000, negative_burn=10000, batch=16384, epochs=1e4)
    machine = BoltzmannMachine(image_shape=(6, 5), **{**SMALL, **long})
    best = 1e9
    for _ in range(8):
        machine._begin(x, y, None)
        trainer, times = machine._trainer, []
        ends = threading.Timer(
            0.1, lambda t=trainer, s=times: (s.append(time.monotonic()), t.cancel())
        )
        ends.start()
        trainer.run()
        best = min(best, time.monotonic() - times[0])
        if best < 0.1:
            break
    assert best < 0.1
    assert trainer.progress.step == 0


def test_progress_ends_a_training():
    x, y = bars()
    seen = []
    machine = BoltzmannMachine(image_shape=(6, 5), **{**SMALL, "epochs": 50})
    machine.fit(x, y, progress=seen.append)
    assert machine.n_steps_ == seen[-1].steps == 200
    machine.set_params(epochs=1e5).fit(x, y, progress=lambda state: state.step >= 2)
    assert 2 <= machine.n_steps_ <= 10000


def test_pickle_clone_and_search():
    x, y = bars()
    machine = BoltzmannMachine(image_shape=(6, 5), **SMALL).fit(x, y)
    copy = pickle.loads(pickle.dumps(machine))
    np.testing.assert_array_equal(copy.predict_proba(x), machine.predict_proba(x))
    np.testing.assert_array_equal(
        copy.draw(2, sweeps=20, average=2), machine.draw(2, sweeps=20, average=2)
    )
    assert not hasattr(clone(machine), "model_")
    search = GridSearchCV(machine, {"rate": [1e-4, 0.05]}, cv=2).fit(x, y)
    assert search.best_params_ == {"rate": 0.05}


def test_draws_what_it_has_learned():
    x, y = bars(1024)
    machine = BoltzmannMachine(
        "local:hidden=60,fan=20",
        method="drawing",
        image_shape=(6, 5),
        batch=64,
        epochs=30,
        array="small",
    ).fit(x / 255 - 3, y)
    pictures = machine.draw(20, sweeps=400, average=20, seed=3)
    assert pictures.shape == (4, 20, 6, 5)
    assert 0 <= pictures.min() < pictures.max() <= 1
    rows = pictures.mean(axis=(1, 3))
    # Chance: 4 * measured(0.74, 0.018, 0) | a class's row is the brightest of its pictures; 8 seeds
    assert rows.argmax(axis=1).tolist() == [0, 1, 2, 3]
    pair = machine.draw(2, sweeps=400, average=20, seed=3)
    drawn, labels = machine.sample(7, sweeps=400, average=20, seed=3)
    assert (drawn.shape, labels.tolist()) == ((7, 30), [0, 1, 2, 3, 0, 1, 2])
    np.testing.assert_allclose((drawn + 3).reshape(7, 6, 5)[5], pair[1, 1], atol=1e-12)
    keep = np.repeat([1, 1, 1, 0, 1, 1], 5)
    inpainted = machine.inpaint(x[:40] / 255 - 3, y[:40], keep, sweeps=400, average=1).reshape(
        40, 6, 5
    )
    on = (x[:40] > 127).reshape(40, 6, 5) - 3.0
    np.testing.assert_allclose(np.delete(inpainted, 3, 1), np.delete(on, 3, 1), atol=1e-12)
    means = [inpainted[y[:40] == c, 3].mean() for c in range(4)]
    assert np.argmax(means) == 3


def test_planes_of_thresholds():
    x, y = bars()
    machine = BoltzmannMachine(
        "local:hidden=24,fan=8,planes=2", binarise="threshold=60+200", batch=64, epochs=2,
        image_shape=(6, 5), array="small",
    ).fit(x, y)  # fmt: skip
    assert machine.model_.shape == (2, 6, 5)
    assert machine.draw(1, sweeps=20, average=2).shape == (4, 1, 6, 5)
    assert machine.sample(3, sweeps=20, average=2)[0].shape == (3, 30)


@pytest.mark.parametrize(
    ("features", "shape"),
    [(1, (1, 1)), (2, (1, 2)), (7, (3, 3)), (37, (6, 7)), (64, (8, 8)), (784, (28, 28))],
)
def test_shapes_of_images(features, shape):
    rng = np.random.default_rng(1)
    x, y = rng.random((64, features)), np.arange(64) % 2
    machine = BoltzmannMachine("local:hidden=4", batch=64, epochs=1, array="small").fit(x, y)
    assert machine.model_.shape == (1, *shape)
    assert machine.sample(2, sweeps=20, average=2)[0].shape == (2, features)


@pytest.mark.parametrize(
    ("changes", "error", "words"),
    [
        ({"image_shape": (5, 5)}, ValueError, "image_shape: 5 x 5"),
        ({"image_shape": (1, 30, 1)}, ValueError, "image_shape"),
        ({"value_range": (3, 1)}, ValueError, "value_range"),
        ({"method": "none"}, ValueError, "drawing"),
        ({"reader": "none"}, ValueError, "free_energy"),
        ({"topology": "none"}, glauber.ArgumentError, "none"),
        ({"topology": (nx.path_graph(3), ["label"] * 3)}, glauber.ArgumentError, "visible"),
        ({"topology": (nx.path_graph(3), ["x"] * 3)}, ValueError, "hidden"),
        ({"rate": -1.0}, glauber.ArgumentError, "rate"),
        ({"batch": 1.5}, TypeError, "batch"),
        ({"epochs": "many"}, TypeError, "epochs"),
        ({"device": "none"}, glauber.ArgumentError, "none"),
        ({"binarise": "none"}, glauber.ArgumentError, "none"),
        ({"random_state": -1}, ValueError, "seed"),
    ],
)
def test_wrong_settings_are_named(changes, error, words):
    x, y = bars(64)
    with pytest.raises(error) as caught:
        BoltzmannMachine(**{**SMALL, "image_shape": (6, 5), **changes}).fit(x, y).predict(x)
    assert words in str(caught.value)


def test_wrong_data_is_named(tmp_path):
    x, y = bars(64)
    machine = BoltzmannMachine(**SMALL)
    with pytest.raises(ValueError, match="1025 features"):
        machine.fit(np.zeros((64, 1025)), y)
    with pytest.raises(ValueError, match="not in classes"):
        machine.partial_fit(x, y, classes=[0, 1])
    with pytest.raises(glauber.ArgumentError, match="64"):
        machine.fit(np.tile(x, (3, 1)), np.arange(192) // 2)
    with pytest.raises(glauber.FileError, match="none.h5"):
        Model.load(tmp_path / "none.h5")
    machine.fit(x, y).save(tmp_path / "m.h5")
    with pytest.raises(glauber.ArgumentError, match="4 classes, 3 are given"):
        BoltzmannMachine.load(tmp_path / "m.h5", "abc")
    deep = BoltzmannMachine(
        "deep:h1=8,fan=4,window=3", **{k: v for k, v in SMALL.items() if k != "topology"}
    )
    with pytest.raises(glauber.UnsupportedError):
        deep.fit(x, y).free_energy(x)
