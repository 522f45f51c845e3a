#!/usr/bin/env python3
"""Judges a drawing machine: log-likelihood of test images, and how far its pictures are from them.

    bench/measures/run.sh [MODEL] [--data DIR] [--steps N] [--chains N] [--each N] [--seed N]
        [--only pictures|likelihood]

docs/images.md defines the figures. SPDX-License-Identifier: Apache-2.0
"""

from __future__ import annotations

import argparse
import json

import ais
import machine
import numpy as np
from distances import Classifier, adversarial_accuracy, frechet
from images import each, load, spins

from glauber.learn import Model


def baseline(base: np.ndarray, v: np.ndarray, labels: np.ndarray) -> dict[str, float]:
    """Of independent pixels with the class means of the training images, in nats."""
    p = v @ base.T - machine.log_2cosh(base).sum(axis=1)
    summed = np.logaddexp.reduce(p, axis=1) - np.log(len(base))
    return {"held": float(p[np.arange(len(v)), labels].mean()), "summed": float(summed.mean())}


def likelihood(
    m: machine.Machine, base: np.ndarray, test: tuple, options: argparse.Namespace
) -> dict:
    """By paths of two lengths, the second four times the first."""
    out = {"baseline": baseline(base, *test)}
    for steps in (options.steps // 4, options.steps):
        z = ais.estimate(m, base, chains=options.chains, steps=steps, seed=options.seed)
        values = ais.likelihoods(m, z.log_z, *test)
        out[f"steps {steps}"] = {
            **{k: [float(mean), float(error)] for k, (mean, error) in values.items()},
            "log_z": z.log_z.tolist(),
            "log_z_error": z.error.tolist(),
            "effective_chains": z.effective.tolist(),
        }
        shown = ", ".join(f"{k} {mean:.2f} +- {error:.2f}" for k, (mean, error) in values.items())
        print(f"{steps} steps, {options.chains} chains a class: {shown} nats; "
              f"log Z +- {z.error.max():.2f} (largest of the classes), "
              f"{z.effective.min():.1f} effective chains or more", flush=True)  # fmt: skip
    return out


def drawn(path: str, count: int, **options: object) -> np.ndarray:
    """Spins of pictures, class by class, by `glauber draw`."""
    grey = Model.load(path).draw(count, **options)
    return spins(grey.reshape(-1, *grey.shape[2:]))


def pictures(options: argparse.Namespace, base: np.ndarray, train: tuple, test: tuple) -> dict:
    """Rows of the table."""
    n = options.each
    true = each(*test, n)
    rng = np.random.default_rng(options.seed)
    p = np.repeat(np.tanh(base), n, axis=0)
    sets = {
        "other test images": each(*test, n, n),
        "training images": each(*train, n),
        "drawn (defaults)": drawn(options.model, n, seed=options.seed),
        "states (beta 1, one sweep)": drawn(options.model, n, seed=options.seed, beta=1, average=1),
        "independent pixels": np.where(2 * rng.random(p.shape) - 1 < p, 1, -1).astype(np.int8),
    }
    net = Classifier.load()
    want = np.repeat(np.arange(len(base)), n)
    features = net.features(true)
    out = {}
    for name, v in sets.items():
        aats, of_true, of_drawn = adversarial_accuracy(true, v)
        out[name] = {
            "aats": aats,
            "of_true": of_true,
            "of_drawn": of_drawn,
            "frechet": frechet(features, net.features(v)),
            "agreement": float(np.mean(net.read(v) == want)),
        }
        print(f"{name}: AATS {aats:.3f} (true {of_true:.3f}, drawn {of_drawn:.3f}), Frechet "
              f"{out[name]['frechet']:.2f}, read as meant {100 * out[name]['agreement']:.1f} %",
              flush=True)  # fmt: skip
    return out


def main() -> None:
    """Prints the figures, the last line as JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("model", nargs="?", default="models/draw.h5")
    parser.add_argument("--data", default="data/mnist")
    parser.add_argument("--steps", type=int, default=10000)
    parser.add_argument("--chains", type=int, default=100)
    parser.add_argument("--each", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", choices=["pictures", "likelihood"])
    options = parser.parse_args()
    m = machine.load(options.model)
    train, test = (load(options.data, part, m.thresholds) for part in ("train", "t10k"))
    base = ais.base_biases(*train, m.classes)
    result = {
        "model": options.model,
        **{k: getattr(options, k) for k in ("steps", "chains", "each", "seed")},
    }
    if options.only != "likelihood":
        result["pictures"] = pictures(options, base, train, test)
    if options.only != "pictures":
        result["likelihood"] = likelihood(m, base, test, options)
    print(json.dumps(result))


if __name__ == "__main__":
    main()
