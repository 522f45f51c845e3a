"""Samplers: runs of a graph on a device (glauber/sampler.h).

SPDX-License-Identifier: Apache-2.0
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from numpy.typing import ArrayLike

from glauber._library import Closing, check, ffi, lib, made, pointer
from glauber.device import Device
from glauber.errors import Interrupted
from glauber.graph import as_graph
from glauber.program import Program
from glauber.samples import Buffers, GrowingBuffers, Samples, collected
from glauber.settings import Settings, c_settings
from glauber.tempering import TemperedSamples, Tempering, c_tempering, planned, tempered

Progress = Callable[[float, float], Any]
"""Called some 50 times a second with the part of the run that is done, 0 .. 1, and the best energy
so far (infinity without one); what is true ends the run."""

LONGEST_NAP = 0.02
"""Seconds between two looks at a run."""


class Sampler(Closing):
    """Draws samples of a graph on a device.

    graph: a Graph, a networkx graph or a square matrix. device: a name or an open Device, which
    the caller closes; array: see Device. program: compiled beforehand for the device's array; None
    compiles it.
    """

    def __init__(
        self,
        graph: Any,
        device: str | Device = "emu",
        array: str | None = None,
        program: Program | None = None,
    ) -> None:
        self.graph = as_graph(graph)
        own = not isinstance(device, Device)
        self.device = device if isinstance(device, Device) else Device(device, array)
        self._own_device = self.device if own else None
        self.program = program or Program.compile(self.graph, self.device.identity().array)
        self._in_use: tuple[Any, ...] = ()
        self.last: Samples | None = None
        """Samples of the last run, also of one that Ctrl-C ended."""
        with self.device.lock:
            self._handle = made(
                lib.glb_sampler_new,
                lib.glb_sampler_close,
                self.graph._handle.c,
                self.program._handle.c,
                self.device._handle.c,
                keep=(self.graph, self.program, self.device),
            )
            self.device.users.add(self)

    @property
    def board_chains(self) -> int:
        """Chains of one board; a run has a multiple of it."""
        return lib.glb_sampler_board_chains(self._handle.c)

    def sample(
        self,
        *,
        settings: Settings | None = None,
        progress: Progress | None = None,
        **changes: Any,
    ) -> Samples:
        """Runs and returns the samples.

        Takes the members of Settings as keywords: `sample(beta=0.5, samples=1000, seed=7)`.
        Ctrl-C ends the run within 0.1 s and raises Interrupted, a KeyboardInterrupt that has the
        samples; `last` has them too. An exception of `progress` ends the run as well.
        """
        chosen = settings or Settings()
        if changes:
            chosen = Settings(**{**vars(chosen), **changes})
        with self.device.lock:
            buffers, interrupted = self.run(chosen, progress)
            out = self.last = collected(self._handle.c, buffers)
        if interrupted:
            raise Interrupted(out)
        return out

    def temper(
        self,
        *,
        settings: Tempering | None = None,
        progress: Progress | None = None,
        **changes: Any,
    ) -> TemperedSamples:
        """Runs replicas at a ladder of temperatures and returns the samples of its cold end.

        Takes the members of Tempering as keywords: `temper(beta=2, rounds=500, seed=7)`. The bits
        are those of `glauber temper` (docs/tempering.md). Ctrl-C and exceptions of `progress` end
        the run as those of sample(); rounds that are whole are kept.
        """
        chosen = settings or Tempering()
        if changes:
            chosen = Tempering(**{**vars(chosen), **changes})
        plan, timed = planned(chosen, self.graph)
        c, kept = c_settings(plan, self.graph.n)
        ladder, betas = c_tempering(chosen)
        with self.device.lock:
            self._wait()
            buffers = self._growing_buffers(c) if timed else self._buffers(c)

            def start() -> int:
                return lib.glb_sampler_temper_start(self._handle.c, c, ladder)

            interrupted = self._run(start, (c, kept, ladder, betas, buffers), progress)
            if isinstance(buffers, GrowingBuffers):
                buffers.gather()
            out = self.last = tempered(self._handle.c, buffers)
        if interrupted:
            raise Interrupted(out)
        return out

    def run(self, settings: Settings, progress: Progress | None = None) -> tuple[Buffers, bool]:
        """Runs and returns the samples as they are stored, and whether Ctrl-C ended the run."""
        c, kept = c_settings(settings, self.graph.n)
        with self.device.lock:
            self._wait()  # for a run that a second Ctrl-C left behind
            buffers = self._buffers(c)

            def start() -> int:
                return lib.glb_sampler_start(self._handle.c, c)

            interrupted = self._run(start, (c, kept, buffers), progress)
        return buffers, interrupted

    def _run(
        self, start: Callable[[], int], in_use: tuple[Any, ...], progress: Progress | None
    ) -> bool:
        """Starts a run and waits for its end; whether Ctrl-C was it."""
        interrupted = False
        self._in_use = in_use
        try:
            check(start())
            self._watch(progress)
        except KeyboardInterrupt:
            interrupted = True
        finally:
            status = self._wait()
        check(status)
        return interrupted

    def _wait(self) -> int:
        """Ends a run in progress, if there is one; its status."""
        lib.glb_sampler_cancel(self._handle.c)
        status = lib.glb_sampler_wait(self._handle.c)
        self._in_use = ()
        return status

    def _buffers(self, c: Any) -> Buffers:
        samples = lib.glb_sampler_samples(self._handle.c, c)
        chains = lib.glb_sampler_chains(self._handle.c, c)
        out = Buffers(samples, chains, self.graph.n)
        c.bits, c.bits_bytes = pointer("uint8_t *", out.bits), out.bits.nbytes
        c.energies, c.energies_count = pointer("double *", out.energies), out.energies.size
        return out

    def _growing_buffers(self, c: Any) -> GrowingBuffers:
        out = GrowingBuffers(lib.glb_sampler_chains(self._handle.c, c), self.graph.n)
        c.on_block = out.callback
        return out

    def _watch(self, progress: Progress | None) -> None:
        """Returns at the end of the started run."""
        fraction, best = ffi.new("double *"), ffi.new("double *")
        nap, asked = 1e-4, progress
        while lib.glb_sampler_poll(self._handle.c, fraction, best):
            if asked and asked(fraction[0], best[0]):
                asked = None
                self.cancel()
            time.sleep(nap)
            nap = min(2 * nap, LONGEST_NAP)
        if asked:
            lib.glb_sampler_poll(self._handle.c, fraction, best)
            asked(fraction[0], best[0])

    def cancel(self) -> None:
        """Ends the run in progress, which then returns its samples. For any thread."""
        lib.glb_sampler_cancel(self._handle.c)

    def set_weights(self, pairs: ArrayLike, singles: ArrayLike | None = None) -> int:
        """New values for the same couplings (see `Graph.set_weights()`), without compiling.

        Returns how many of them are outside the array's number range.
        """
        self.graph.set_weights(pairs, singles)
        saturated = ffi.new("int *")
        with self.device.lock:
            check(lib.glb_sampler_set_weights(self._handle.c, self.graph._handle.c, saturated))
        return saturated[0]

    def close(self) -> None:
        """Ends the sampler with a run in progress, and its device if it opened that by name."""
        if not self._handle.closed:
            self.cancel()
        with self.device.lock:
            self._handle.close()
            self.device.users.discard(self)
        if self._own_device is not None:
            self._own_device.close()


def sample(
    graph: Any,
    *,
    device: str = "emu",
    array: str | None = None,
    progress: Progress | None = None,
    **settings: Any,
) -> Samples:
    """Samples of a graph in one call; see Sampler.

    >>> out = sample([[0, 1], [1, 0]], beta=20, samples=10)
    >>> out.spins.shape
    (160, 2)
    >>> bool((out.spins[:, 0] == out.spins[:, 1]).all())
    True
    """
    with Sampler(graph, device, array) as sampler:
        return sampler.sample(progress=progress, **settings)
