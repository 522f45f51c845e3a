"""Models: trained machines that read labels and draw (glauber/learn.h).

SPDX-License-Identifier: Apache-2.0
"""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable
from os import PathLike
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from glauber._interrupt import interruptible
from glauber._library import Handle, array_of, check, copied, encoded, ffi, lib, made, pointer, text
from glauber._options import choice, set_options
from glauber.graph import Graph

Reader = Literal["fields", "spins", "free_energy"]
READERS = {
    "fields": lib.GLB_READ_FIELDS,
    "spins": lib.GLB_READ_SPINS,
    "free_energy": lib.GLB_READ_FREE_ENERGY,
}


def grey_images(images: ArrayLike) -> NDArray[np.uint8]:
    """Checked uint8[count, height, width], 0 is black."""
    given = np.asarray(images)
    if given.ndim != 3:
        raise ValueError(f"images: shape {given.shape}, expected (count, height, width)")
    return array_of("images", given, np.uint8, given.shape)


class Model:
    """Topology, couplings and biases of a trained machine: `Model.load()` or `Trainer.model()`.

    A model keeps the device of its last call open until it is freed.
    """

    def __init__(self, handle: Handle) -> None:
        self._handle = handle
        self._lock = threading.Lock()

    @classmethod
    def load(cls, path: str | PathLike[str]) -> Model:
        """A model file of this package or of `glauber train` (HDF5), checkpoints included."""
        return cls(made(lib.glb_model_load, lib.glb_model_free, encoded(path)))

    def save(self, path: str | PathLike[str]) -> None:
        """Writes a file that the tool reads too."""
        check(lib.glb_model_save(self._handle.c, encoded(path)))

    @property
    def shape(self) -> tuple[int, int, int]:
        """Planes, height and width of an image."""
        m = self._handle.c
        return (lib.glb_model_planes(m), lib.glb_model_height(m), lib.glb_model_width(m))

    @property
    def classes(self) -> int:
        """Number of classes."""
        return lib.glb_topology_classes(lib.glb_model_topology(self._handle.c))

    @property
    def spec(self) -> str:
        """The topology as text."""
        return text(lib.glb_topology_spec(lib.glb_model_topology(self._handle.c)))

    @property
    def readout_beta(self) -> float:
        """Inverse temperature at which labels are read."""
        return lib.glb_model_readout_beta(self._handle.c)

    @property
    def copies(self) -> int:
        """Label p-bits of a class."""
        topology = lib.glb_model_topology(self._handle.c)
        return lib.glb_topology_count(topology, lib.GLB_ROLE_LABEL) // self.classes

    @property
    def draws(self) -> bool:
        """Whether its training had a free-running phase, without which what it draws is noise."""
        return bool(lib.glb_model_draws(self._handle.c))

    @property
    def _sizes(self) -> tuple[int, int]:
        graph = lib.glb_topology_graph(lib.glb_model_topology(self._handle.c))
        return lib.glb_graph_pbits(graph), lib.glb_graph_couplings(graph)

    @property
    def couplings(self) -> NDArray[np.float64]:
        """J[m] as the array holds them, in the order of `graph().couplings`."""
        return copied(lib.glb_model_couplings(self._handle.c), self._sizes[1], np.float64)

    @property
    def biases(self) -> NDArray[np.float64]:
        """h[n]."""
        return copied(lib.glb_model_biases(self._handle.c), self._sizes[0], np.float64)

    def graph(self) -> Graph:
        """The machine for a `Sampler`: visible p-bits first, labels last."""
        return Graph(made(lib.glb_model_graph, lib.glb_graph_free, self._handle.c))

    def predict(
        self, images: ArrayLike, reader: Reader = "fields", **options: Any
    ) -> tuple[NDArray[np.uint8], NDArray[np.float64]]:
        """Labels and scores of images.

        images: uint8[count, height, width]. Returns label[count], the class with the highest score,
        and score[count, classes]: mean fields, mean spins, or minus free energies, by the reader.
        options: sweeps of an image, chains that share them, burn_in, beta, seed, device, array, ...
        """
        grey = grey_images(images)
        labels = np.empty(len(grey), np.uint8)
        scores = np.empty((len(grey), self.classes))
        c = ffi.new("struct glb_predict_options *")
        lib.glb_predict_options_init(c, ffi.sizeof(c[0]))
        kept = set_options(c, {"reader": choice("reader", reader, READERS), **options})
        self._run(
            lambda: lib.glb_model_predict(
                self._handle.c,
                pointer("uint8_t *", grey),
                *grey.shape,
                c,
                pointer("uint8_t *", labels),
                pointer("double *", scores),
            ),
            kept,
        )
        return labels, scores

    def free_energy(self, images: ArrayLike) -> NDArray[np.float64]:
        """f[count, classes] = -log sum over hidden states of exp(-E), at beta 1.

        Exact; UnsupportedError where hidden units are coupled to each other.
        """
        grey = grey_images(images)
        out = np.empty((len(grey), self.classes))
        self._run(
            lambda: lib.glb_model_free_energy(
                self._handle.c, pointer("uint8_t *", grey), *grey.shape, pointer("double *", out)
            )
        )
        return out

    def draw(self, each: int = 1, **options: Any) -> NDArray[np.uint8]:
        """Pictures of every class: uint8[classes, each, planes, height, width], 255: always on.

        options: sweeps of annealing (6,000), average (sweeps that make a grey value), beta at the
        end, seed, device, array.
        """
        out = np.empty((self.classes, each, *self.shape), np.uint8)
        c, kept = self._draw_options(options)
        self._run(
            lambda: lib.glb_model_draw(self._handle.c, each, c, pointer("uint8_t *", out)), kept
        )
        return out

    def inpaint(
        self,
        images: ArrayLike,
        labels: ArrayLike,
        keep: ArrayLike | None = None,
        **options: Any,
    ) -> NDArray[np.uint8]:
        """Images with new pixels where keep[height, width] is 0, by default in the lower half.

        images: uint8[count, height, width]; labels: int[count], clamped. Returns
        uint8[count, planes, height, width]. options: as of `draw()`.
        """
        grey = grey_images(images)
        known = array_of("labels", labels, np.uint8, (len(grey),))
        kept_pixels = None if keep is None else array_of("keep", keep, np.uint8, grey.shape[1:])
        out = np.empty((len(grey), *self.shape), np.uint8)
        c, kept = self._draw_options(options)
        self._run(
            lambda: lib.glb_model_inpaint(
                self._handle.c,
                pointer("uint8_t *", grey),
                pointer("uint8_t *", known),
                *grey.shape,
                pointer("uint8_t *", kept_pixels),
                c,
                pointer("uint8_t *", out),
            ),
            kept,
        )
        return out

    @staticmethod
    def _draw_options(options: dict[str, Any]) -> tuple[Any, Any]:
        c = ffi.new("struct glb_draw_options *")
        lib.glb_draw_options_init(c, ffi.sizeof(c[0]))
        return c, set_options(c, options)

    def _run(self, call: Callable[[], int], kept: Any = ()) -> None:
        """Ctrl-C need not wait for the call, which then goes on to its end in its thread."""

        def checked(_kept: Any = kept) -> None:
            with self._lock:
                check(call())

        interruptible(checked)

    def __getstate__(self) -> bytes:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "model.h5"
            self.save(path)
            return path.read_bytes()

    def __setstate__(self, state: bytes) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "model.h5"
            path.write_bytes(state)
            vars(self).update(vars(Model.load(path)))
