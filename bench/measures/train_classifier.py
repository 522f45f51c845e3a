#!/usr/bin/env python3
"""Trains the classifier of the Frechet distance on MNIST made binary; writes classifier.npz.

    bench/measures/train_classifier.py [--data data/mnist]

SPDX-License-Identifier: Apache-2.0
"""

import argparse

import numpy as np
from distances import WEIGHTS, Classifier
from images import load
from sklearn.neural_network import MLPClassifier


def main() -> None:
    """Trains and saves."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", default="data/mnist")
    options = parser.parse_args()
    v, labels = load(options.data, "train")
    net = MLPClassifier((64, 32), alpha=1e-3, batch_size=256, max_iter=12, random_state=1)
    net.fit((v + 1) / 2, labels)
    arrays = {f"w{k}": w.astype(np.float16) for k, w in enumerate(net.coefs_)}
    arrays |= {f"b{k}": b.astype(np.float16) for k, b in enumerate(net.intercepts_)}
    np.savez_compressed(WEIGHTS, **arrays)
    v, labels = load(options.data, "t10k")
    print(f"{100 * np.mean(Classifier.load().read(v) == labels):.2f} % of the test images right")


if __name__ == "__main__":
    main()
