"""Programs: graphs compiled for an array (glauber/program.h).

SPDX-License-Identifier: Apache-2.0
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from os import PathLike
from typing import Any

from glauber._interrupt import interruptible
from glauber._library import Handle, check, encoded, ffi, fields, integer, lib, made
from glauber.graph import Graph, as_graph


@dataclass(frozen=True)
class ProgramInfo:
    """Figures of a program."""

    array: str
    pbits: int
    couplings: int
    copies: int
    chains: int
    """Of one board: the array's times copies."""
    segments: int
    colours: int
    schedule_used: int
    """Clocks of a sweep without the gaps between segments."""
    coupling_used: int
    u: float
    """LSB of the accumulator in units of J and h."""
    graph_hash: int


@dataclass(frozen=True)
class Quantisation:
    """What the array's numbers make of the weights, in units of J and h."""

    u: float
    """LSB of the accumulator."""
    j_rms_error: float
    j_max_error: float
    h_max_error: float
    couplings_nonzero: int
    couplings_zeroed: int
    """Couplings that are not 0 in the graph, and of these 0 in the program."""
    field_error: float
    """Largest root of the squared errors of a p-bit's couplings and bias."""
    field_max: float
    """The largest field of a p-bit, and below the array's limit."""
    field_limit: float
    beta: float
    """Above 0: the program is precise, for this beta or, without helpers, larger ones."""
    couplings_cut: int
    entries_added: int
    helpers: int
    range_is_worst_case: int
    """1: field_max holds for all states; 0: six sigma for some p-bits."""


class Program:
    """Memory images and quantised weights of a graph on an array."""

    def __init__(self, handle: Handle) -> None:
        self._handle = handle

    @classmethod
    def compile(
        cls,
        graph: Any,
        array: str = "ulx3s-85",
        *,
        effort: int = 1,
        copies: int = 1,
        u: float = 0.0,
        seed: int = 1,
        beta: float | tuple[float, float] = 0.0,
        precision: float | None = None,
    ) -> Program:
        """Compiles a graph (see `as_graph()`); the same arguments give the same program.

        effort: 0 quick to 3 thorough. copies: of the graph side by side, more chains on one
        board. u: the accumulator's LSB in units of J and h, 0: chosen from them. Raises FitError.

        beta: the inverse temperature of the runs to come, or the smallest and the largest; where
        rounding changes the field of a p-bit by more than `precision` / beta, the program is made
        for them, see docs/precision.md. precision: FitError if it cannot be reached; None: chosen,
        and what can be reached is taken; below 0: plain rounding.

        >>> program = Program.compile(Graph.generate("torus2d", lx=8), "small")
        >>> program.info().pbits, program.info().colours
        (64, 2)
        """
        options = ffi.new("struct glb_compile_options *")
        lib.glb_compile_options_init(options, ffi.sizeof(options[0]))
        options.effort = integer("effort", effort, 0, 3)
        options.copies = integer("copies", copies, 0, 64)
        options.u = u
        options.seed = integer("seed", seed, 0, 2**64 - 1)
        least, most = beta if isinstance(beta, tuple) else (beta, beta)
        options.beta_least, options.beta_most = least, most
        options.precision = precision or 0.0
        options.precision_strict = options.precision > 0
        handle = as_graph(graph)._handle
        call, free = lib.glb_program_compile, lib.glb_program_free
        make = partial(made, call, free, handle.c, encoded(array), options, keep=(handle,))
        return cls(interruptible(make))

    @classmethod
    def load(cls, path: str | PathLike[str]) -> Program:
        """A program file (.glbp)."""
        return cls(made(lib.glb_program_load, lib.glb_program_free, encoded(path)))

    def save(self, path: str | PathLike[str]) -> None:
        """Writes a program file; UnsupportedError in a library built without HDF5."""
        check(lib.glb_program_save(self._handle.c, encoded(path)))

    def info(self) -> ProgramInfo:
        """Sizes, colours, quantisation unit."""
        names = ProgramInfo.__dataclass_fields__
        return ProgramInfo(**fields(lib.glb_program_info(self._handle.c), *names))

    def quantisation(self) -> Quantisation | None:
        """Errors of the quantisation; None for a program that was loaded from a file."""
        report = lib.glb_program_report(self._handle.c)
        names = Quantisation.__dataclass_fields__
        return None if report == ffi.NULL else Quantisation(**fields(report, *names))

    def verify(self, graph: Graph) -> None:
        """Checks the images against the array's rules; FormatError with place and reason."""
        check(lib.glb_program_verify(self._handle.c, graph._handle.c))
