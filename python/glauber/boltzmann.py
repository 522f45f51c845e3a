"""A Boltzmann machine with scikit-learn's conventions.

SPDX-License-Identifier: Apache-2.0
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from os import PathLike
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils import check_random_state
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

from glauber._features import Scaling, fitting, hash_of, shape_of
from glauber._trained import Trained
from glauber.errors import ArgumentError
from glauber.learn import Dataset, Method, Topology, Trainer, TrainProgress
from glauber.model import Model, Reader

_OF_TRAINER = (
    "epochs", "batch", "rate", "hidden_rate", "label_rate", "pixel_decay", "hidden_decay",
    "label_decay", "start", "bits", "warm_up", "average", "positive_burn", "positive",
    "negative_burn", "negative", "free_sweeps", "discriminative", "generative", "hold_labels",
    "common_noise", "restart", "shift", "warp", "dropout", "readout_beta", "read_burn", "read",
)  # fmt: skip

# of partial_fit(): so many epochs that the schedule stays at its highest rate
_ONLINE = {"epochs": 1e6, "warm_up": 0.0, "average": 0.0}


class BoltzmannMachine(Trained, ClassifierMixin, BaseEstimator):
    """A sparse Boltzmann machine that learns labelled images, reads labels and draws.

    X: float[samples, features], the pixels of an image row by row, up to 32 x 32; y: up to 64
    classes of any kind. Pixels are made binary. Trains, reads and draws on a device, and gives the
    bits of `glauber train` with equal settings.

    Args:
        topology: "local", "deep:h1=500" and others (`glauber.learn.topologies()`), or a graph with
            roles: (networkx graph or matrix, str[n] of "visible", "label", "hidden").
        method: "conditional" and "contrast" read labels; "drawing" draws; "pcd", "hybrid".
        image_shape: Height and width; by default nearly a square.
        value_range: Values of X that are black and white; by default the smallest and the largest
            of the training data.
        binarise: "threshold=N", "stochastic" and others, of grey values 0 .. 255.
        device, array: As of `glauber.Device`; by default the emulator and a size that fits.
        random_state: 0 .. 2^64 - 1, or what scikit-learn takes.
        reader: How labels are read: "fields" or "spins" by sampling, or "free_energy", which is
            exact where hidden units are not coupled to each other.
        sweeps, chains, burn_in: Of reading: sweeps of an image (220), chains that share them (4),
            sweeps that each chain drops (5).
        epochs, batch, rate, ...: Options of the training, members of `struct glb_trainer_options`;
            None is the method's default for the topology.

    Attributes:
        classes_: Labels, in the order of scores.
        n_features_in_: Features of X.
        model_: The `glauber.Model`.
        n_steps_: Steps of the training so far.

    >>> X, y = np.repeat(np.eye(3), 30, axis=0), np.repeat(["a", "b", "c"], 30)
    >>> machine = BoltzmannMachine("local:hidden=8", epochs=300, batch=64, shift=0, warp=0)
    >>> machine.fit(X, y).predict([[1, 0, 0], [0, 0, 1]]).tolist()
    ['a', 'c']
    >>> machine.set_params(method="hybrid").fit(X, y).draw(2, sweeps=100, average=10).shape
    (3, 2, 2, 2)
    """

    def __init__(
        self,
        topology: Any = "local",
        *,
        method: Method = "conditional",
        image_shape: Sequence[int] | None = None,
        value_range: Sequence[float] | None = None,
        binarise: str = "threshold",
        device: str = "emu",
        array: str | None = None,
        random_state: Any = 1,
        reader: Reader = "fields",
        sweeps: int | None = None,
        chains: int | None = None,
        burn_in: int | None = None,
        epochs: float | None = None,
        batch: int | None = None,
        rate: float | None = None,
        hidden_rate: float | None = None,
        label_rate: float | None = None,
        pixel_decay: float | None = None,
        hidden_decay: float | None = None,
        label_decay: float | None = None,
        start: float | None = None,
        bits: int | None = None,
        warm_up: float | None = None,
        average: float | None = None,
        positive_burn: int | None = None,
        positive: int | None = None,
        negative_burn: int | None = None,
        negative: int | None = None,
        free_sweeps: int | None = None,
        discriminative: float | None = None,
        generative: float | None = None,
        hold_labels: int | None = None,
        common_noise: int | None = None,
        restart: float | None = None,
        shift: int | None = None,
        warp: float | None = None,
        dropout: float | None = None,
        readout_beta: float | None = None,
        read_burn: int | None = None,
        read: int | None = None,
    ) -> None:
        given = {
            name: value for name, value in locals().items() if name not in ("self", "__class__")
        }
        for name, value in given.items():
            setattr(self, name, value)

    def fit(
        self,
        X: ArrayLike,  # noqa: N803  scikit-learn's name
        y: ArrayLike,
        *,
        progress: Callable[[TrainProgress], Any] | None = None,
    ) -> BoltzmannMachine:
        """Trains a new machine.

        X: float[samples, features]; y: [samples]. `progress` is called some 50 times a second; what
        is true ends the training. Ctrl-C ends it within 0.1 s; the machine so far can be used, and
        `partial_fit()` goes on.
        """
        self._begin(X, y)
        return self._train(None, progress)

    def partial_fit(
        self,
        X: ArrayLike,  # noqa: N803
        y: ArrayLike,
        classes: ArrayLike | None = None,
    ) -> BoltzmannMachine:
        """Learns from more images: takes each of them once, in batches, at a constant rate.

        X, y: any number of images of the size and the classes of the first call, which are
        `classes`, by default those of y. The rate is `rate` (or the method's default); `epochs`,
        `warm_up` and `average` are of `fit()`. Goes on from `fit()`, `load()` and a pickled machine
        too; after a `fit()` that was interrupted the same images go on with its schedule.
        `value_range` is that of the first call.
        """
        trainer = getattr(self, "_trainer", None)
        fresh = trainer is None and not hasattr(self, "model_")
        x, labels = self._checked(X, y, first=fresh)
        if fresh:
            self._take_classes(labels, classes)
            self._take_scaling(x)
        elif classes is not None and not np.array_equal(np.unique(classes), self.classes_):
            raise ValueError(f"classes: {np.unique(classes)!r}; this machine has {self.classes_!r}")
        self._check_labels(labels)
        now = hash_of(x, labels)
        if not self._goes_on(now):
            self._close()
            machine = None if fresh else self.model_
            trainer = self._open(self._dataset(x, labels), machine, _ONLINE)
            self._online = True
        elif now != self._data_hash:
            trainer.set_images(self._dataset(x, labels))
        self._data_hash = now
        return self._train(-(-len(labels) // trainer.batch), None)

    def _goes_on(self, data: bytes) -> bool:
        """Whether there is a training that can take these images."""
        if not hasattr(self, "_trainer"):
            return False
        progress = self._trainer.progress
        return self._online or (data == self._data_hash and progress.step < progress.steps)

    def _close(self) -> None:
        if hasattr(self, "_trainer"):
            self._trainer.close()
            del self._trainer

    def _checked(self, X: Any, y: Any, *, first: bool) -> tuple[NDArray[Any], NDArray[Any]]:  # noqa: N803
        x, labels = validate_data(self, X, y, reset=first, dtype="numeric")
        check_classification_targets(labels)
        return x, labels

    def _take_classes(self, labels: NDArray[Any], classes: ArrayLike | None) -> None:
        self.classes_ = np.unique(labels if classes is None else np.asarray(classes))
        if len(self.classes_) < 2:
            raise ValueError("y: has one class; a machine needs two or more to tell apart")

    def _check_labels(self, labels: NDArray[Any]) -> None:
        if not np.isin(labels, self.classes_).all():
            raise ValueError("y: has labels that are not in classes")

    def _take_scaling(self, x: NDArray[Any]) -> None:
        shape = shape_of(x.shape[1], self.image_shape)
        self._scaling = Scaling.of(x, self.value_range, shape)

    def _dataset(self, x: NDArray[Any], labels: NDArray[Any]) -> Dataset:
        return Dataset(
            self._scaling.images(x),
            np.searchsorted(self.classes_, labels),
            classes=len(self.classes_),
            binarise=self.binarise,
        )

    def _open(self, images: Dataset, start: Model | None, options: dict[str, Any]) -> Trainer:
        seed = self._seed()
        self._steps_before = self.n_steps_ if start else 0
        self._trainer = Trainer(
            start or self._topology(images, seed),
            images,
            self.method,
            device=self.device,
            array=self.array,
            seed=seed,
            **{**{name: getattr(self, name) for name in _OF_TRAINER}, **options},
        )
        return self._trainer

    def _begin(self, X: Any, y: Any) -> None:  # noqa: N803
        x, labels = self._checked(X, y, first=True)
        self._take_classes(labels, None)
        self._take_scaling(x)
        self._open(self._dataset(x, labels), None, {})
        self._data_hash = hash_of(x, labels)
        self._online = False

    def _seed(self) -> int:
        if isinstance(self.random_state, int | np.integer):
            return int(self.random_state)
        return int(check_random_state(self.random_state).randint(2**31))

    def _topology(self, images: Dataset, seed: int) -> Topology:
        if isinstance(self.topology, str):
            return Topology(fitting(self.topology, self._scaling), images, seed)
        graph, roles = self.topology
        return Topology.from_graph(graph, roles, images)

    def _train(
        self, steps: int | None, progress: Callable[[TrainProgress], Any] | None
    ) -> BoltzmannMachine:
        trainer = self._trainer
        try:
            trainer.run(steps, progress)
        finally:
            self.n_steps_ = self._steps_before + trainer.progress.step
            self.model_ = trainer.model()
        if steps is None and trainer.progress.step == trainer.progress.steps:
            self._close()
        return self

    def save(self, path: str | PathLike[str]) -> None:
        """Writes a model file of the tool (HDF5); it has no names of classes."""
        check_is_fitted(self, "model_")
        self.model_.save(path)

    @classmethod
    def load(
        cls, path: str | PathLike[str], classes: Iterable[Any] | None = None, **parameters: Any
    ) -> BoltzmannMachine:
        """A machine of a model file, of this package or of `glauber train`.

        classes: the labels, which are numbered in ascending order; by default 0, 1, ...
        parameters: of the constructor; value_range is 0 .. 255 if it is not among them.
        """
        out = cls(**parameters)
        out.model_ = Model.load(path)
        _, height, width = out.model_.shape
        out.classes_ = (
            np.arange(out.model_.classes) if classes is None else np.unique(list(classes))
        )
        if len(out.classes_) != out.model_.classes:
            raise ArgumentError(
                f"{path}: has {out.model_.classes} classes, {len(out.classes_)} are given"
            )
        out.n_features_in_ = height * width
        out.n_steps_ = 0
        low, high = out.value_range or (0, 255)
        out._scaling = Scaling(float(low), float(high), height, width, height * width)
        return out

    def __getstate__(self) -> dict[str, Any]:
        state = dict(super().__getstate__())
        state.pop("_trainer", None)
        return state

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        # a feature is one bit
        tags.classifier_tags.poor_score = True
        return tags
