"""BoltzmannMachine.partial_fit() with new images, after fit(), load() and a pickle; predictions.

SPDX-License-Identifier: Apache-2.0
"""

import json
import pickle

import numpy as np
import pytest
from images import SMALL, bars

import glauber
from glauber import BoltzmannMachine
from glauber.learn import Dataset, Topology, Trainer

# the range is that of the first call otherwise
ONLINE = {**SMALL, "value_range": (0, 255), "reader": "free_energy"}


def machine(**settings):
    return BoltzmannMachine(image_shape=(6, 5), **{**ONLINE, **settings})


def test_each_call_learns_from_new_images():
    x, y = bars(1280)
    test_x, test_y = bars(256, seed=2)
    one, accuracy = machine(), []
    for k in range(10):
        rows = slice(128 * k, 128 * (k + 1))
        one.partial_fit(x[rows], y[rows], classes=range(4))
        assert one.n_steps_ == 2 * (k + 1)
        accuracy.append(one.score(test_x, test_y))
    # after one call 0.60
    # Chance: measured(0.984, 0.0077, 0.9) | share of images read right; eight seeds
    assert accuracy[-1] > 0.9
    again = machine()
    for k in range(10):
        rows = slice(128 * k, 128 * (k + 1))
        again.partial_fit(x[rows], y[rows], classes=range(4))
    np.testing.assert_array_equal(again.model_.couplings, one.model_.couplings)
    other = machine()
    for k in range(10):
        rows = slice(128 * k, 128 * (k + 1))
        # the same ten sets, the last one with other images
        other.partial_fit(x[rows] if k < 9 else 255 - x[rows], y[rows], classes=range(4))
    assert np.any(other.model_.couplings != one.model_.couplings)


def test_a_call_takes_each_image_once():
    """Whatever came before: batches of 64 leave no remainder."""
    images = [Dataset(*bars_of(64 * n, seed), classes=4) for n, seed in ((3, 1), (5, 2))]
    topology = Topology("local:hidden=24,fan=8", images[0])
    with Trainer(topology, images[0], batch=64, epochs=1e6, array="small", shift=0) as trainer:
        trainer.run(3)
        assert trainer.progress.epoch == 1
        trainer.set_images(images[1])
        assert (trainer.progress.step, trainer.progress.epoch) == (3, 0)
        trainer.run(5)
        assert trainer.progress.epoch == 1
        with pytest.raises(glauber.UnsupportedError, match="images were exchanged"):
            trainer.save("/tmp/never.checkpoint")
        with pytest.raises(glauber.ArgumentError, match="6 x 6"):
            trainer.set_images(Dataset(np.zeros((4, 6, 6)), [0, 1, 2, 3]))
        with pytest.raises(glauber.ArgumentError, match="made binary in another way"):
            trainer.set_images(Dataset(*bars_of(64, 1), classes=4, binarise="threshold=100"))
        with pytest.raises(glauber.ArgumentError, match="needs labels"):
            trainer.set_images(Dataset(bars_of(64, 1)[0], classes=4))


def bars_of(count, seed):
    x, y = bars(count, seed=seed)
    return x.reshape(-1, 6, 5), y


def test_goes_on_from_a_fit_a_file_and_a_pickle(tmp_path):
    x, y = bars(256)
    fitted = machine().fit(x, y)
    fitted.save(tmp_path / "m.h5")
    pickled = pickle.loads(pickle.dumps(fitted))
    loaded = BoltzmannMachine.load(tmp_path / "m.h5", **ONLINE)
    before = fitted.model_.couplings
    more_x, more_y = bars(64, seed=3)
    for one in (fitted, pickled, loaded):
        one.partial_fit(more_x, more_y)
        after = one.model_.couplings
        assert np.any(after != before)
        # one small step away, not anew
        assert np.corrcoef(after, before)[0, 1] > 0.9
        np.testing.assert_array_equal(after, fitted.model_.couplings)
    assert (fitted.n_steps_, pickled.n_steps_, loaded.n_steps_) == (17, 17, 1)


def test_an_interrupted_fit_goes_on_with_its_schedule():
    x, y = bars(100)
    whole = machine().fit(x, y)
    part = machine()
    part.fit(x, y, progress=lambda state: state.step >= 2)
    while part.n_steps_ < whole.n_steps_:
        part.partial_fit(x, y)
    np.testing.assert_array_equal(part.model_.couplings, whole.model_.couplings)
    part.partial_fit(x, y)
    assert part.n_steps_ == whole.n_steps_ + 2
    assert part.fit(x, y).n_steps_ == whole.n_steps_
    np.testing.assert_array_equal(part.model_.couplings, whole.model_.couplings)


def test_wrong_calls_are_refused():
    x, y = bars(128)
    one = machine().partial_fit(x, y)
    with pytest.raises(ValueError, match="labels that are not in classes"):
        one.partial_fit(x, y + 1)
    with pytest.raises(ValueError, match="this machine has"):
        one.partial_fit(x, y, classes=range(5))
    with pytest.raises(ValueError, match="30 features"):
        one.partial_fit(x[:, :20], y)
    with pytest.raises(ValueError, match="one class"):
        machine().partial_fit(x[y == 0], y[y == 0])
    # some classes alone are enough where all are named
    machine().partial_fit(x[y == 0], y[y == 0], classes=range(4)).partial_fit(x, y)


@pytest.mark.parametrize("topology", ["local:hidden=24,fan=8", "pegasus:m=4,copies=3"])
def test_probabilities_of_the_tool(tool, tmp_path, topology):
    x, y = bars(256)
    fitted = machine(topology=topology, reader="fields").fit(x, y)
    fitted.save(tmp_path / "m.h5")
    np.save(tmp_path / "x.npy", x.astype(np.uint8).reshape(-1, 6, 5))
    report = tool("predict", "m.h5", "x.npy", "--array", "small", "--json")
    j = json.loads(report.splitlines()[-1])
    np.testing.assert_array_equal(j["labels"], fitted.predict(x))
    np.testing.assert_allclose(j["probabilities"], fitted.predict_proba(x), atol=1e-12)
    assert fitted.model_.copies == (3 if "pegasus" in topology else 1)


def test_drawing_with_a_machine_that_reads_warns(recwarn):
    x, y = bars(128)
    reads, draws = (machine(method=m).fit(x, y) for m in ("conditional", "drawing"))
    assert (reads.model_.draws, draws.model_.draws) == (False, True)
    draws.draw(1, sweeps=20, average=1)
    assert not recwarn
    for name, given in (("draw", (1,)), ("sample", (1,)), ("inpaint", (x[:1], y[:1]))):
        with pytest.warns(UserWarning, match="trained to read"):
            getattr(reads, name)(*given, sweeps=20, average=1)
