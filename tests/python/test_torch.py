"""The torch module and its sampler: energies, gradients, clamps, exact distributions, a training.

SPDX-License-Identifier: Apache-2.0
"""

import itertools
import runpy

import numpy as np
import pytest

torch = pytest.importorskip(
    "torch", reason="torch is not in this environment; make test-torch runs these tests"
)

import glauber  # noqa: E402
from glauber.torch import Ising, TorchSampler  # noqa: E402

NAN = float("nan")


def frustrated(n=6):
    rng = np.random.default_rng(2)
    matrix = np.triu(rng.integers(-4, 5, (n, n)) / 8, 1)
    return glauber.Graph.from_matrix(matrix, rng.integers(-4, 5, n) / 8)


@pytest.fixture
def model():
    return Ising(frustrated())


def states(n=6):
    return torch.tensor(list(itertools.product([-1.0, 1.0], repeat=n)))


def exact(model):
    return torch.softmax(-model(states()), 0)


def test_energies_are_those_of_the_graph(model):
    s = states()
    np.testing.assert_allclose(model(s).detach(), model.graph.energies(s.numpy()), atol=1e-5)
    assert model(s.reshape(8, 8, 6)).shape == (8, 8)


def test_gradient_of_the_loss_is_the_difference_of_correlations(model):
    data, drawn = states()[:10], states()[20:50]
    (model(data).mean() - model(drawn).mean()).backward()
    i, j, _ = model.graph.couplings
    pairs = (drawn[:, i] * drawn[:, j]).mean(0) - (data[:, i] * data[:, j]).mean(0)
    np.testing.assert_allclose(model.coupling.grad, pairs, atol=1e-6)
    np.testing.assert_allclose(model.bias.grad, drawn.mean(0) - data.mean(0), atol=1e-6)


def frequencies(drawn):
    """Share of each of the 64 states."""
    index = ((drawn > 0).long() * 2 ** torch.arange(5, -1, -1)).sum(1)
    return torch.bincount(index, minlength=64) / len(drawn)


def test_free_samples_have_the_exact_distribution(model):
    with TorchSampler(model, sweeps=60) as sampler:
        drawn = sampler.sample(chains=2**15)
    assert drawn.shape == (2**15, 6)
    assert drawn.dtype == torch.float32
    # Chance: 64 * beyond(0.012 / 0.0021) | shares of 2 ** 15 chains, of at most 0.17
    assert (frequencies(drawn) - exact(model)).abs().max() < 0.012


def test_clamped_samples_have_the_conditional_distribution(model):
    s, p = states(), exact(model)
    kinds = [[1, NAN, NAN, -1, NAN, NAN], [-1, NAN, NAN, -1, NAN, NAN], [NAN, 1, NAN, NAN, NAN, 1]]
    x = torch.tensor(kinds).repeat(2**13, 1)
    with TorchSampler(model, sweeps=60, seed=3) as sampler:
        drawn = sampler.sample(x)
    for k, row in enumerate(torch.tensor(kinds)):
        here, clamped = drawn[k::3], ~row.isnan()
        assert torch.equal(here[:, clamped], row[clamped].expand(2**13, -1))
        possible = p * (s[:, clamped] == row[clamped]).all(1)
        # Chance: 3 * 16 * beyond(0.033 / 0.0056) | shares of 2 ** 13 chains, at most 0.5
        assert (frequencies(here) - possible / possible.sum()).abs().max() < 0.033


def test_rows_keep_their_places(model):
    rng = torch.Generator().manual_seed(1)
    x = torch.where(torch.rand(50, 6, generator=rng) < 0.5, NAN, 1.0)
    x[::2] *= -1
    x[7] = 1
    with TorchSampler(model) as sampler:
        drawn = sampler.sample(x)
    assert torch.equal(drawn[7], torch.ones(6))
    assert torch.all((drawn == x) | x.isnan())
    assert torch.all(drawn.abs() == 1)


def test_chains_persist(model):
    with torch.no_grad():
        model.coupling.zero_()
        model.bias.fill_(3.0)
    with TorchSampler(model, sweeps=1, beta=20) as sampler:
        up = sampler.sample(chains=32)
        with torch.no_grad():
            model.bias.zero_()
            model.coupling.fill_(3.0)
        again = sampler.sample()
        with pytest.raises(ValueError, match="32"):
            sampler.sample(chains=16)
    assert torch.equal(up, torch.ones(32, 6))
    # a ferromagnet that starts up stays up
    assert torch.equal(again, up)


def test_seeds_and_present_parameters(model):
    def two(seed):
        with TorchSampler(model, seed=seed) as sampler:
            return torch.stack([sampler.sample(chains=64), sampler.sample()])

    assert torch.equal(two(5), two(5))
    assert not torch.equal(two(5), two(6))
    first, second = two(5)
    assert not torch.equal(first, second)


def test_saturated_parameters_are_counted(model):
    with torch.no_grad():
        model.coupling[0] = 50
    with TorchSampler(model) as sampler:
        sampler.sample()
        assert sampler.saturated == 1


@pytest.mark.parametrize(
    ("x", "words"),
    [
        (torch.full((2, 5), NAN), "shape"),
        (torch.zeros(2, 6), "other than"),
        (torch.full((6,), NAN), "shape"),
    ],
)
def test_wrong_input_is_named(model, x, words):
    with TorchSampler(model) as sampler, pytest.raises(ValueError, match=words):
        sampler.sample(x)


def test_state_dict_and_a_device_of_the_caller(model):
    copy = Ising(frustrated())
    copy.load_state_dict(model.state_dict())
    with glauber.Device("emu", "small") as device:
        with TorchSampler(copy, device=device) as sampler:
            assert len(sampler.sample(chains=3)) == 3
        assert device.identity().array == "small"


def test_the_example_learns(root, capsys):
    runpy.run_path(str(root / "docs" / "examples" / "torch_ising.py"))
    errors = [float(line.split()[-1]) for line in capsys.readouterr().out.splitlines()]
    assert len(errors) == 4
    # Chance: measured(0.08, 0.01, 0.35) | largest error of 72 couplings; 4 seeds
    assert errors[0] > 0.8
    assert errors[-1] < 0.35
