"""Sampling and annealing of sparse Boltzmann machines on a glauber array.

A layer over libglauber, which is inside the package: everything is computed there, on the emulator
("emu", bit-exact), the simulated gateware or a board. docs/python.md of the project is the guide.
SPDX-License-Identifier: Apache-2.0
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from glauber._library import integer, lib, text
from glauber.boards import bitstreams, udev_rules
from glauber.device import ArrayInfo, Device, DeviceIdentity, DeviceInfo, arrays, devices
from glauber.errors import (
    ArgumentError,
    DeviceError,
    FileError,
    FitError,
    FormatError,
    GlauberError,
    Interrupted,
    OutOfMemoryError,
    ProtocolError,
    StoppedError,
    UnsupportedError,
)
from glauber.graph import Graph, as_graph, families
from glauber.program import Program, ProgramInfo, Quantisation
from glauber.sampler import Sampler, sample
from glauber.samples import Samples
from glauber.settings import Settings
from glauber.tempering import Ladder, TemperedSamples, Tempering

if TYPE_CHECKING:
    from glauber.boltzmann import BoltzmannMachine
    from glauber.dimod_sampler import GlauberSampler
    from glauber.structured import StructuredGlauberSampler

__version__: str = text(lib.glb_version())
__revision__: str = text(lib.glb_revision())

__all__ = [
    "ArgumentError",
    "ArrayInfo",
    "BoltzmannMachine",
    "Device",
    "DeviceError",
    "DeviceIdentity",
    "DeviceInfo",
    "FileError",
    "FitError",
    "FormatError",
    "GlauberError",
    "GlauberSampler",
    "Graph",
    "Interrupted",
    "Ladder",
    "OutOfMemoryError",
    "Program",
    "ProgramInfo",
    "ProtocolError",
    "Quantisation",
    "Sampler",
    "Samples",
    "Settings",
    "StoppedError",
    "StructuredGlauberSampler",
    "TemperedSamples",
    "Tempering",
    "UnsupportedError",
    "arrays",
    "as_graph",
    "bitstreams",
    "devices",
    "families",
    "sample",
    "set_threads",
    "threads",
    "udev_rules",
]


def set_threads(count: int) -> None:
    """Threads that a call may work on, in the whole process; 0: as many as there are processors.

    Results do not depend on it.
    """
    lib.glb_set_threads(integer("count", count, 0, 2**31 - 1))


def threads() -> int:
    """Threads that a call may work on."""
    return lib.glb_threads()


# what needs packages that the rest does not: module, package, what pip installs
_OPTIONAL = {
    "BoltzmannMachine": ("boltzmann", "sklearn", "scikit-learn>=1.6"),
    "GlauberSampler": ("dimod_sampler", "dimod", "dimod>=0.12.19"),
    "StructuredGlauberSampler": ("structured", "dimod", "dimod>=0.12.19"),
}


def __getattr__(name: str) -> Any:
    """Imports a class when it is first used."""
    if name not in _OPTIONAL:
        raise AttributeError(f"module 'glauber' has no attribute {name!r}")
    module, package, requirement = _OPTIONAL[name]
    try:
        return getattr(importlib.import_module(f"glauber.{module}"), name)
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != package:
            raise
        message = f"glauber.{name} needs {package}: pip install '{requirement}'"
        raise ModuleNotFoundError(message, name=package) from error
