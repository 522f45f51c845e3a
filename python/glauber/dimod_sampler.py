"""A dimod sampler that anneals binary quadratic models of any structure.

SPDX-License-Identifier: Apache-2.0
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from time import perf_counter_ns
from typing import Any, Literal

import dimod
import numpy as np
from dimod.core.scoped import Scoped
from numpy.typing import ArrayLike, NDArray

from glauber._anneal import SCHEDULE_TYPES, Reads, Schedule, anneal, make_schedule
from glauber._library import integer
from glauber.device import Device, arrays
from glauber.errors import Interrupted
from glauber.graph import Graph
from glauber.program import Program
from glauber.sampler import Sampler

Generator = Literal["none", "tile", "random"]


class GlauberSampler(dimod.Sampler, dimod.Initialized, Scoped):
    """Anneals on a glauber array: the emulator, the simulated gateware or a board.

    device: "emu", "sim", "usb", "usb:SERIAL" or "uart:/dev/NAME". array: its size, one of
    `properties["arrays"]`; None takes a board's own and "ulx3s-85" otherwise. Parameters have the
    names of dwave-samplers' simulated annealing; the update is Gibbs. A device is opened when it is
    first used and kept until `close()`.

    >>> with GlauberSampler(array="small") as sampler:
    ...     samples = sampler.sample_ising({}, {("a", "b"): -1}, num_reads=10, seed=1)
    >>> float(samples.first.energy)
    -1.0
    """

    def __init__(self, device: str = "emu", array: str | None = None) -> None:
        self._lock = threading.Lock()
        self._device, self._array = device, array
        self._open: dict[tuple[str, str | None], Device] | None = {}
        self._last: tuple[tuple[int, str], Program] | None = None
        self._pending: ThreadPoolExecutor | None = None
        self._closing = threading.Event()
        self._parameters = {
            "num_reads": [],
            "num_sweeps": [],
            "num_sweeps_per_beta": [],
            "beta_range": [],
            "beta_schedule": [],
            "beta_schedule_type": ["beta_schedule_options"],
            "initial_states": [],
            "initial_states_generator": [],
            "seed": [],
            "interrupt_function": [],
            "device": ["device"],
            "array": ["array", "arrays"],
            "chains": [],
        }
        self._properties = {
            "beta_schedule_options": SCHEDULE_TYPES,
            "device": device,
            "array": array,
            "arrays": [info.name for info in arrays()],
        }

    @property
    def parameters(self) -> dict[str, Any]:
        """Parameters of the sampling methods, each with the properties that concern it."""
        return self._parameters

    @property
    def properties(self) -> dict[str, Any]:
        """Schedule types, device and array by default, all arrays."""
        return self._properties

    def sample(
        self,
        bqm: dimod.BinaryQuadraticModel,
        beta_range: Sequence[float] | None = None,
        num_reads: int | None = None,
        num_sweeps: int | None = None,
        num_sweeps_per_beta: int = 1,
        beta_schedule_type: str = "geometric",
        seed: int | None = None,
        interrupt_function: Callable[[], Any] | None = None,
        beta_schedule: ArrayLike | None = None,
        initial_states: Any = None,
        initial_states_generator: Generator = "random",
        *,
        device: str | None = None,
        array: str | None = None,
        chains: int | None = None,
        **kwargs: Any,
    ) -> dimod.SampleSet:
        """Anneals a binary quadratic model of either vartype.

        Args:
            bqm: The model; labels, vartype and offset are those of the samples.
            beta_range: First and last inverse temperature; by default from the biases.
            num_reads: Number of samples, each from a Markov chain of its own; by default as many
                as there are initial states, or 1.
            num_sweeps: Updates of every variable; by default 1000.
            num_sweeps_per_beta: Sweeps at each inverse temperature.
            beta_schedule_type: "geometric", "linear", or "custom", which takes beta_schedule.
            seed: 0 .. 2^64 - 1; by default a random one, which `info` has. Equal seeds give equal
                samples on every device.
            interrupt_function: Called some 50 times a second; when it returns True the run ends,
                and the states at the last hundredth of the schedule are returned.
            beta_schedule: Inverse temperatures, >= 0.
            initial_states: One or more samples to start from; by default random.
            initial_states_generator: "none", "tile" or "random": what reads beyond them get.
            device: Instead of the sampler's own.
            array: Instead of the sampler's own.
            chains: Chains side by side; the samples do not depend on it.
            kwargs: Parameters that other samplers have, with a warning.

        Returns:
            Samples with `info`: seed, beta_range, beta_schedule_type, beta_schedule,
            num_sweeps_per_beta, device, quantisation (errors in units of the Ising form's biases),
            timing in nanoseconds, and whether the run was stopped.

        Raises:
            Interrupted: Ctrl-C; a KeyboardInterrupt whose member `samples` is the sample set as
                interrupt_function would have given it.
            FitError: The model does not fit the array.
        """
        start = perf_counter_ns()
        self.remove_unknown_kwargs(**kwargs)
        if interrupt_function is not None and not callable(interrupt_function):
            raise TypeError("interrupt_function: is not callable")
        seed = secrets.randbits(31) if seed is None else integer("seed", seed, 0, 2**64 - 1)
        if chains is not None:
            chains = integer("chains", chains, 1, 2**20)
        init, num_reads = self._initial(
            bqm, initial_states, initial_states_generator, num_reads, seed
        )
        opened = self._opened(device or self._device, array or self._array)
        graph = graph_of(bqm) if bqm.num_variables else None
        schedule = make_schedule(
            graph.beta_range if graph else lambda: (1.0, 1.0),
            beta_schedule_type,
            beta_range,
            beta_schedule,
            num_sweeps,
            num_sweeps_per_beta,
        )
        info: dict[str, Any] = {"seed": seed, **_schedule_info(schedule)}
        info["device"] = asdict(opened.identity())
        info["quantisation"] = None
        reads = Reads(np.empty((num_reads, 0), np.int8))
        sampling = perf_counter_ns()
        if graph:
            program = self._compiled(graph, opened.identity().array)
            with opened.lock, Sampler(graph, opened, program=program) as sampler:
                quantisation = sampler.program.quantisation()
                info["quantisation"] = asdict(quantisation) if quantisation else None
                sampling = perf_counter_ns()
                reads = anneal(
                    sampler,
                    schedule,
                    num_reads,
                    seed=seed,
                    chains=chains,
                    init=init,
                    stop=interrupt_function,
                )
        return self._finished(bqm, reads, info, (start, sampling, perf_counter_ns()))

    def _initial(
        self,
        bqm: dimod.BinaryQuadraticModel,
        states: Any,
        generator: Generator,
        num_reads: int | None,
        seed: int,
    ) -> tuple[NDArray[np.int8] | None, int]:
        """Start values int8[reads, n], or None for the device's random ones; number of reads."""
        if num_reads is not None:
            num_reads = integer("num_reads", num_reads, 1, 2**31 - 1)
        if states is None and generator == "random":
            return None, num_reads or 1
        parsed = self.parse_initial_states(bqm, states, generator, num_reads, seed % 2**32)
        given = parsed.initial_states
        order = [given.variables.index(v) for v in bqm.variables]
        values = given.record.sample[:, order].astype(np.int8)
        return (values if given.vartype is dimod.SPIN else 2 * values - 1), parsed.num_reads

    def _opened(self, name: str, array: str | None) -> Device:
        key = (name, array)
        with self._lock:
            if self._open is None:
                raise ValueError("the sampler is closed")
            if key not in self._open:
                self._open[key] = Device(name, array)
            return self._open[key]

    def _compiled(self, graph: Graph, array: str) -> Program:
        """The program of the last call again, if it is of an equal graph."""
        key = (graph.hash, array)
        last = self._last
        if last is None or last[0] != key:
            last = self._last = (key, Program.compile(graph, array))
        return last[1]

    @staticmethod
    def _finished(
        bqm: dimod.BinaryQuadraticModel,
        reads: Reads,
        info: dict[str, Any],
        times: tuple[int, int, int],
    ) -> dimod.SampleSet:
        values = reads.spins if bqm.vartype is dimod.SPIN else (reads.spins + 1) // 2
        out = dimod.SampleSet.from_samples_bqm((values, list(bqm.variables)), bqm)
        start, sampling, end = times
        info["stopped"] = reads.stopped
        info["timing"] = {
            "preprocessing_ns": sampling - start,
            "sampling_ns": end - sampling,
            "postprocessing_ns": perf_counter_ns() - end,
        }
        out.info.update(info)
        if reads.interrupted:
            raise Interrupted(out)
        return out

    def sample_async(self, bqm: dimod.BinaryQuadraticModel, **parameters: Any) -> dimod.SampleSet:
        """`sample()` in a thread: returns a sample set at once, which waits when it is read.

        `done()` of the set tells whether it would wait; errors come out when it is read. Calls of
        one device run in turn. `close()` ends those in progress with the states so far.
        """
        interrupt = parameters.pop("interrupt_function", None)
        if interrupt is not None and not callable(interrupt):
            raise TypeError("interrupt_function: is not callable")

        def stop() -> bool:
            return self._closing.is_set() or bool(interrupt and interrupt())

        with self._lock:
            if self._open is None:
                raise ValueError("the sampler is closed")
            if self._pending is None:
                self._pending = ThreadPoolExecutor(thread_name_prefix="glauber")
            future = self._pending.submit(
                self.sample, bqm.copy(), interrupt_function=stop, **parameters
            )
        return dimod.SampleSet.from_future(future)

    def close(self) -> None:
        """Closes the devices; the sampler cannot be used afterwards."""
        self._closing.set()
        with self._lock:
            pending, self._pending = self._pending, None
        if pending is not None:
            pending.shutdown(cancel_futures=True)
        opened, self._open, self._last = self._open, None, None
        for device in (opened or {}).values():
            device.close()


def graph_of(bqm: dimod.BinaryQuadraticModel) -> Graph:
    """The graph of a model that is not empty, p-bits in the order of its variables."""
    vectors: Any = bqm.to_numpy_vectors(variable_order=list(bqm.variables))
    linear, (i, j, quadratic), offset = vectors
    return Graph.from_arrays(
        bqm.num_variables,
        i,
        j,
        quadratic,
        linear,
        convention="zte-34" if bqm.vartype is dimod.SPIN else "qubo",
        offset=float(offset),
    )


def _schedule_info(schedule: Schedule) -> dict[str, Any]:
    return {
        "beta_range": schedule.beta_range,
        "beta_schedule_type": schedule.kind,
        "beta_schedule": schedule.betas.tolist(),
        "num_sweeps_per_beta": schedule.sweeps_per_beta,
    }
