"""Arrays and devices (glauber/device.h).

SPDX-License-Identifier: Apache-2.0
"""

from __future__ import annotations

import threading
import weakref
from dataclasses import dataclass
from typing import Any

from glauber._library import Closing, encoded, encoded_or_null, fields, lib, made


@dataclass(frozen=True)
class ArrayInfo:
    """A size of the machine: units = tiles x lanes x chains."""

    name: str
    about: str
    tiles: int
    lanes: int
    chains: int
    capacity: int
    """P-bits of one graph at most; couplings have limits of their own."""
    coupling_bits: int
    """Of a quantised coupling, signed."""
    accumulator_bits: int
    schedule_depth: int
    coupling_depth: int
    fits_chip: int
    """1: its memories fit the largest ECP5; 0: for the emulator only."""


@dataclass(frozen=True)
class DeviceInfo:
    """A device that may be opened by its name."""

    name: str
    array: str
    """The array that it runs; empty: any, or known once it is open."""
    serial: str
    about: str
    available: int
    problem: str
    """Why it is not available, or empty."""


@dataclass(frozen=True)
class DeviceIdentity:
    """What an open device is."""

    name: str
    description: str
    array: str
    boards: int
    protocol: int
    """Version of the byte protocol; 0: the device has no line."""
    build: int
    """Of a board: the hash that its bitstream carries; else 0."""


def arrays() -> list[ArrayInfo]:
    """All arrays.

    >>> next(a.capacity for a in arrays() if a.name == "ulx3s-85")
    8192
    """
    count = lib.glb_array_count()
    names = ArrayInfo.__dataclass_fields__
    return [ArrayInfo(**fields(lib.glb_array_at(k), *names)) for k in range(count)]


def devices() -> list[DeviceInfo]:
    """The emulator, the simulators that are installed, and the boards on USB."""
    handle = made(lib.glb_device_list_make, lib.glb_device_list_free)
    found = handle.c
    count = lib.glb_device_list_count(found)
    names = DeviceInfo.__dataclass_fields__
    return [DeviceInfo(**fields(lib.glb_device_list_at(found, k), *names)) for k in range(count)]


class Device(Closing):
    """An open device: "emu", "sim", "usb", "usb:SERIAL" or "uart:/dev/NAME[:BAUD]".

    array: what it must be; None takes the one that a board has, and "ulx3s-85" for what can be
    any. `lock` is held during a run, since samplers may share a device in turn.

    >>> with Device("emu", "small") as device:
    ...     device.identity().array
    'small'
    """

    def __init__(self, name: str = "emu", array: str | None = None) -> None:
        if array is None and not name.lower().startswith(("usb", "uart")):
            array = "ulx3s-85"
        self.lock = threading.RLock()
        self.users: weakref.WeakSet[Any] = weakref.WeakSet()
        """Open samplers."""
        self._handle = made(
            lib.glb_device_open, lib.glb_device_close, encoded(name), encoded_or_null(array)
        )

    def identity(self) -> DeviceIdentity:
        """Name, array, boards, protocol and build."""
        names = DeviceIdentity.__dataclass_fields__
        return DeviceIdentity(**fields(lib.glb_device_identify(self._handle.c), *names))

    def close(self) -> None:
        """Closes it and its samplers."""
        for user in list(self.users):
            user.close()
        self._handle.close()

    def __repr__(self) -> str:
        return f"<glauber.Device {self.identity().description}>"
