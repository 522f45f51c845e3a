"""Data sets, topologies, trainers and models (glauber/learn.h), which BoltzmannMachine is made of.

Experimental, as that header: names may change in any release.
SPDX-License-Identifier: Apache-2.0
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from dataclasses import dataclass
from os import PathLike
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from glauber._library import (
    Closing,
    array_of,
    check,
    encoded,
    encoded_or_null,
    ffi,
    fields,
    integer,
    lib,
    made,
    pointer,
    text,
)
from glauber._options import choice, set_options
from glauber.errors import StoppedError
from glauber.graph import as_graph
from glauber.model import Model, grey_images

Method = Literal["conditional", "pcd", "hybrid", "drawing", "contrast"]
METHODS = {
    "conditional": lib.GLB_TRAIN_CONDITIONAL,
    "pcd": lib.GLB_TRAIN_PCD,
    "hybrid": lib.GLB_TRAIN_HYBRID,
    "drawing": lib.GLB_TRAIN_DRAWING,
    "contrast": lib.GLB_TRAIN_CONTRAST,
}
ROLES = {
    "hidden": lib.GLB_ROLE_HIDDEN,
    "visible": lib.GLB_ROLE_VISIBLE,
    "label": lib.GLB_ROLE_LABEL,
}


class Dataset:
    """Labelled images, made binary for training.

    images: uint8[count, height, width], sides 1 .. 32. labels: int[count], 0 .. classes - 1, or
    None, with which a data set has a size but nothing to learn. classes: 2 .. 64; 0: as labels
    need. binarise: "threshold=N" and others of docs/training.md.
    """

    def __init__(
        self,
        images: ArrayLike,
        labels: ArrayLike | None = None,
        *,
        classes: int = 0,
        binarise: str | None = None,
    ) -> None:
        grey = grey_images(images)
        known = None if labels is None else array_of("labels", labels, np.uint8, (len(grey),))
        self._handle = made(
            lib.glb_dataset_from_arrays,
            lib.glb_dataset_free,
            pointer("uint8_t *", grey),
            pointer("uint8_t *", known),
            *grey.shape,
            integer("classes", classes, 0, 2**31 - 1),
            encoded_or_null(binarise),
        )

    @property
    def shape(self) -> tuple[int, int, int]:
        """Images, height, width."""
        d = self._handle.c
        return (lib.glb_dataset_count(d), lib.glb_dataset_height(d), lib.glb_dataset_width(d))

    @property
    def classes(self) -> int:
        """Number of classes."""
        return lib.glb_dataset_classes(self._handle.c)


class Topology:
    """A graph whose p-bits are pixels, labels and hidden units.

    Made for the size and the classes of a data set. spec: "local:hidden=100,fan=20" and others,
    which `topologies()` lists.

    >>> images = Dataset(np.zeros((2, 4, 4)), [0, 1])
    >>> topology = Topology("local:hidden=10,fan=8", images)
    >>> topology.spec, topology.count("visible"), topology.count("label")
    ('local:hidden=10,fan=8,window=9', 16, 2)
    """

    def __init__(self, spec: str, images: Dataset, seed: int = 1) -> None:
        self._handle = made(
            lib.glb_topology_generate,
            lib.glb_topology_free,
            encoded(spec),
            images._handle.c,
            integer("seed", seed, 0, 2**64 - 1),
        )

    @classmethod
    def from_graph(cls, graph: Any, roles: ArrayLike, images: Dataset) -> Topology:
        """The couplings of any graph (see `as_graph()`; values do not matter).

        roles: str[n], "visible", "label" or "hidden". The visible p-bits are the pixels, row by
        row; label p-bit k stands for class k % classes.
        """
        own = as_graph(graph)
        numbers = [choice("roles", role, ROLES) for role in np.asarray(roles).tolist()]
        given = array_of("roles", numbers, np.uint8, (own.n,))
        out = cls.__new__(cls)
        out._handle = made(
            lib.glb_topology_from_graph,
            lib.glb_topology_free,
            own._handle.c,
            pointer("uint8_t *", given),
            images._handle.c,
            ffi.NULL,
        )
        return out

    @property
    def spec(self) -> str:
        """As built, every parameter filled in; "graph" for one of a graph."""
        return text(lib.glb_topology_spec(self._handle.c))

    def count(self, role: str) -> int:
        """P-bits with that role."""
        return lib.glb_topology_count(self._handle.c, choice("role", role, ROLES))


def topologies() -> str:
    """Topologies with their keys and defaults, as text."""
    return text(lib.glb_topology_help())


@dataclass(frozen=True)
class TrainProgress:
    """How far a training is."""

    step: int
    steps: int
    """Of the whole training."""
    epoch: float
    """Images seen / images of the data set."""
    accuracy: float
    """Share of the last step's labels that the phase with free labels hit, or NaN."""
    saturated: int
    """Couplings and biases at their limit in the last step."""
    flips: int
    """P-bit updates so far."""
    cycles: int
    """Array clocks that one board would have taken for them."""


class Trainer(Closing):
    """A training of a topology on a data set, which runs step by step.

    topology: a Topology, or a Model, which the training starts from. options: members of `struct
    glb_trainer_options` (docs/python.md); what is left out or None is the method's default for the
    topology. Equal options give equal bits on every device.
    """

    def __init__(
        self,
        topology: Topology | Model,
        images: Dataset,
        method: Method = "conditional",
        **options: Any,
    ) -> None:
        c = ffi.new("struct glb_trainer_options *")
        number = choice("method", method, METHODS)
        start = topology if isinstance(topology, Model) else None
        first = lib.glb_model_topology(start._handle.c) if start else topology._handle.c
        lib.glb_trainer_options_init(c, ffi.sizeof(c[0]), first, number)
        kept = set_options(c, options)
        self.batch: int = c.batch
        """Images of a step."""
        self._open(lib.glb_trainer_open, topology, first, images, c, kept)
        if start:
            check(lib.glb_trainer_set_model(self._handle.c, start._handle.c))

    def _open(
        self, function: Any, topology: Any, first: Any, images: Dataset, c: Any, kept: Any
    ) -> None:
        self._images = images
        self._handle = made(
            function, lib.glb_trainer_close, first, images._handle.c, c,
            keep=(topology, images, kept),
        )  # fmt: skip
        self._stop = threading.Event()
        self.progress = self._progress()
        """TrainProgress after the last step."""

    @classmethod
    def resume(
        cls, path: str | PathLike[str], images: Dataset, device: str | None = None
    ) -> Trainer:
        """Goes on from a checkpoint, bit for bit, with the same images."""
        out = cls.__new__(cls)
        name = encoded_or_null(device)
        out._open(lib.glb_trainer_resume, None, encoded(path), images, name, name)
        return out

    def _progress(self) -> TrainProgress:
        names = TrainProgress.__dataclass_fields__
        return TrainProgress(**fields(lib.glb_trainer_progress(self._handle.c), *names))

    def run(
        self,
        steps: int | None = None,
        progress: Callable[[TrainProgress], Any] | None = None,
    ) -> TrainProgress:
        """Takes so many of the steps that are left, by default all.

        `progress` is called after steps, at most some 50 times a second; what is true ends the run.
        Ctrl-C ends it within 0.1 s. In both cases another call goes on.
        """
        left = self.progress.steps - self.progress.step
        last = self.progress.step + min(left, left if steps is None else steps)
        self._stop.clear()
        errors: list[BaseException] = []
        thread = threading.Thread(target=self._steps, args=(last, errors), daemon=True)
        thread.start()
        seen = -1
        try:
            alive = True
            while alive:
                thread.join(0.02)
                alive = thread.is_alive()
                step = self.progress.step
                if progress is not None and step != seen:
                    seen = step
                    if progress(self.progress):
                        break
        finally:
            if thread.is_alive():
                self.cancel()
            thread.join()
        if errors:
            raise errors[0]
        return self.progress

    def _steps(self, last: int, errors: list[BaseException]) -> None:
        try:
            while self.progress.step < last and not self._stop.is_set():
                # a cancellation that came after the last run ends a step of this one
                with contextlib.suppress(StoppedError):
                    check(lib.glb_trainer_step(self._handle.c))
                    self.progress = self._progress()
        except BaseException as error:  # raised in the thread that waits
            errors.append(error)

    def set_images(self, images: Dataset) -> None:
        """Goes on with other images of the same size, classes and binarisation.

        Weights, rate and free-running chains stay; the number of steps does not change.
        """
        check(lib.glb_trainer_set_images(self._handle.c, images._handle.c))
        self._images = images
        self.progress = self._progress()

    def cancel(self) -> None:
        """Ends the run in progress. For any thread."""
        self._stop.set()
        lib.glb_trainer_cancel(self._handle.c)

    def gradient(self) -> float:
        """Root mean square of the last step's gradient, a loss; NaN before the first step."""
        return lib.glb_trainer_gradient(self._handle.c)

    def save(self, path: str | PathLike[str]) -> None:
        """Writes a checkpoint (HDF5)."""
        check(lib.glb_trainer_save(self._handle.c, encoded(path)))

    def model(self) -> Model:
        """The model so far, of weights averaged over the last steps."""
        return Model(made(lib.glb_model_from_trainer, lib.glb_model_free, self._handle.c))

    def close(self) -> None:
        """Ends the training and closes its device."""
        self._handle.close()
