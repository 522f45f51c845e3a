"""Exceptions, one for each status of the C library, with its message.

SPDX-License-Identifier: Apache-2.0
"""

from typing import Any


class GlauberError(Exception):
    """What the C library refuses or cannot do; the text says what, where and what to do."""


class ArgumentError(GlauberError, ValueError):
    """A value out of its range (GLB_ERR_ARGUMENT)."""


class FileError(GlauberError, OSError):
    """A file cannot be read or written (GLB_ERR_FILE)."""


class FormatError(GlauberError, ValueError):
    """A file's content is not what it should be (GLB_ERR_FORMAT)."""


class OutOfMemoryError(GlauberError, MemoryError):
    """Out of memory (GLB_ERR_MEMORY)."""


class FitError(GlauberError, ValueError):
    """The graph does not fit the array (GLB_ERR_FIT); names the resource, need and limit."""


class DeviceError(GlauberError, OSError):
    """The device answers with an error or not at all (GLB_ERR_DEVICE)."""


class ProtocolError(GlauberError, OSError):
    """Bytes from the device that the protocol does not allow (GLB_ERR_PROTOCOL)."""


class StoppedError(GlauberError):
    """Stopped by the caller (GLB_ERR_INTERRUPTED)."""


class UnsupportedError(GlauberError, NotImplementedError):
    """Not possible with this device or build (GLB_ERR_UNSUPPORTED)."""


class Interrupted(KeyboardInterrupt):  # noqa: N818  a KeyboardInterrupt, as its base
    """Ctrl-C ended a run.

    `samples`: those that came before, as the interrupted call would have returned them.
    """

    def __init__(self, samples: Any) -> None:
        super().__init__("run interrupted; its samples are in the exception's member `samples`")
        self.samples = samples


# by name in enum glb_status
BY_STATUS: dict[str, type[GlauberError]] = {
    "GLB_ERR_ARGUMENT": ArgumentError,
    "GLB_ERR_FILE": FileError,
    "GLB_ERR_FORMAT": FormatError,
    "GLB_ERR_MEMORY": OutOfMemoryError,
    "GLB_ERR_FIT": FitError,
    "GLB_ERR_DEVICE": DeviceError,
    "GLB_ERR_PROTOCOL": ProtocolError,
    "GLB_ERR_INTERRUPTED": StoppedError,
    "GLB_ERR_UNSUPPORTED": UnsupportedError,
}
