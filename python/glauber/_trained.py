"""Reading and drawing of a trained machine, the half of BoltzmannMachine without training.

SPDX-License-Identifier: Apache-2.0
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.utils.validation import check_is_fitted, validate_data

from glauber._features import Scaling
from glauber.model import Model, Reader


class Trained:
    """What a trained machine does."""

    device: str
    array: str | None
    reader: Reader
    model_: Model
    classes_: NDArray[Any]
    n_features_in_: int
    _scaling: Scaling

    def _images(self, X: ArrayLike) -> NDArray[np.uint8]:  # noqa: N803
        check_is_fitted(self, "model_")
        return self._scaling.images(validate_data(self, X, reset=False, dtype="numeric"))

    def decision_function(self, X: ArrayLike) -> NDArray[np.float64]:  # noqa: N803
        """Scores by the reader: float[samples, classes], of two classes float[samples]."""
        scores = self._scores(X)
        return scores[:, 1] - scores[:, 0] if len(self.classes_) == 2 else scores

    def _scores(self, X: ArrayLike) -> NDArray[np.float64]:  # noqa: N803
        images = self._images(X)
        options = {name: getattr(self, name) for name in ("sweeps", "chains", "burn_in")}
        return self.model_.predict(
            images, self.reader, device=self.device, array=self.array, seed=1, **options
        )[1]

    def predict(self, X: ArrayLike) -> NDArray[Any]:  # noqa: N803
        """Labels [samples] of float[samples, features]."""
        best = self._scores(X).argmax(axis=1)
        return self.classes_[best]

    def predict_proba(self, X: ArrayLike) -> NDArray[np.float64]:  # noqa: N803
        """Probabilities float[samples, classes] of labels, one of which is on.

        With the reader "free_energy" exact at beta 1: softmax(-F). With "fields" that of labels in
        their mean field f, summed over the copies of a label: softmax(2 beta f), beta the model's
        `readout_beta`, as of `glauber predict`. With "spins" the shares of sweeps in which labels
        are on.
        """
        scores = self._scores(X)
        if self.reader == "spins":
            on = np.maximum(1 + scores, 1e-12)
            return on / on.sum(axis=1, keepdims=True)
        field = 2 * self.model_.readout_beta * self.model_.copies
        factor = 1.0 if self.reader == "free_energy" else field
        weights = np.exp(factor * (scores - scores.max(axis=1, keepdims=True)))
        return weights / weights.sum(axis=1, keepdims=True)

    def free_energy(self, X: ArrayLike) -> NDArray[np.float64]:  # noqa: N803
        """F[samples, classes] at beta 1, with each class's labels on; see `Model.free_energy()`."""
        return self.model_.free_energy(self._images(X))

    # ---- drawing ----

    def _check_draws(self) -> None:
        check_is_fitted(self, "model_")
        if not self.model_.draws:
            warnings.warn(
                "this machine was trained to read, without a free-running phase, so what it draws "
                'is noise; method="drawing" trains one that draws',
                stacklevel=3,
            )

    def draw(self, each: int = 1, **options: Any) -> NDArray[np.float64]:
        """Draws `each` pictures of every class: float[classes, each, height, width], 0 .. 1.

        options: sweeps of annealing, average (sweeps that make a grey value), beta, seed. With
        several planes of thresholds their mean.
        """
        self._check_draws()
        return self.model_.draw(each, **_on_device(self, options)).mean(axis=2) / 255

    def sample(self, n_samples: int = 1, **options: Any) -> tuple[NDArray[Any], NDArray[Any]]:
        """Draws X[n_samples, features], in units of the training data, and y[n_samples].

        Classes come in turn; options as of `draw()`.
        """
        self._check_draws()
        count = len(self.classes_)
        drawn = self.model_.draw(-(-n_samples // count), **_on_device(self, options))
        in_turn = drawn.swapaxes(0, 1).reshape(-1, *drawn.shape[2:])[:n_samples]
        return self._scaling.values(in_turn), self.classes_[np.arange(n_samples) % count]

    def inpaint(
        self,
        X: ArrayLike,  # noqa: N803
        y: ArrayLike,
        keep: ArrayLike | None = None,
        **options: Any,
    ) -> NDArray[np.float64]:
        """X with the pixels drawn anew where keep[features] is 0, by default in the lower half."""
        self._check_draws()
        images = self._images(X)
        labels = np.searchsorted(self.classes_, y)
        pixels = None
        if keep is not None:
            pixels = np.zeros(images[0].size, np.uint8)
            pixels[: self.n_features_in_] = np.asarray(keep)
            pixels = pixels.reshape(images.shape[1:])
        out = self.model_.inpaint(images, labels, pixels, **_on_device(self, options))
        return self._scaling.values(out)


def _on_device(machine: Trained, options: dict[str, Any]) -> dict[str, Any]:
    return {"device": machine.device, "array": machine.array, **options}
