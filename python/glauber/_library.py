"""The shared library, and what every module needs to call it.

cffi releases the interpreter's lock during each call, so other Python threads go on meanwhile.
SPDX-License-Identifier: Apache-2.0
"""

import os
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from glauber._declarations import ffi
from glauber.errors import BY_STATUS, GlauberError

lib: Any = ffi.dlopen(str(Path(__file__).parent / "libglauber.so.0"))
_errors = {getattr(lib, name): error for name, error in BY_STATUS.items()}


def text(pointer: Any) -> str:
    """A C string; the empty one for NULL."""
    return "" if pointer == ffi.NULL else ffi.string(pointer).decode("utf-8", "replace")


def check(status: int) -> None:
    """Raises the exception of a status other than GLB_OK, with the library's message."""
    if status != lib.GLB_OK:
        raise _errors.get(status, GlauberError)(text(lib.glb_error()))


def encoded(value: Any) -> bytes:
    """A string or path for a `const char *`."""
    return os.fsencode(value)


def encoded_or_null(value: Any) -> Any:
    """The same, NULL for None."""
    return ffi.NULL if value is None else encoded(value)


class Handle:
    """An object of the library: freed by close(), at the latest when nothing refers to it."""

    def __init__(self, owned: Any) -> None:
        self._owned = owned
        self._kind = ffi.typeof(owned).item.cname.removeprefix("struct glb_")

    @property
    def c(self) -> Any:
        """The pointer for a call; ValueError after close()."""
        if self._owned is None:
            raise ValueError(f"the {self._kind} is closed")
        return self._owned

    @property
    def closed(self) -> bool:
        """Whether it has been freed."""
        return self._owned is None

    def close(self) -> None:
        """Frees it; nothing the second time."""
        owned, self._owned = self._owned, None
        if owned is not None:
            ffi.release(owned)


Closed = TypeVar("Closed", bound="Closing")


class Closing:
    """What a `with` block closes at its end."""

    def close(self) -> None:
        """Frees what it holds."""
        raise NotImplementedError

    def __enter__(self: Closed) -> Closed:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def made(function: Any, free: Any, *arguments: Any, keep: tuple[Any, ...] = ()) -> Handle:
    """Calls a function that makes something; what is in `keep` lives at least as long as that."""
    out = ffi.new(ffi.typeof(function).args[-1])
    check(function(*arguments, out))

    def release(pointer: Any, _keep: tuple[Any, ...] = keep) -> None:
        free(pointer)

    return Handle(ffi.gc(out[0], release))


def integer(name: str, value: Any, low: int, high: int) -> int:
    """`value` as an int between `low` and `high`, both included.

    Raises TypeError or ValueError, where C would wrap around or cffi would not name the value.
    """
    try:
        number = value.__index__()
    except AttributeError:
        raise TypeError(f"{name}: {value!r} is not an integer") from None
    if not low <= number <= high:
        raise ValueError(f"{name}: {number} is not in the range {low} to {high}")
    return number


def array_of(name: str, values: Any, dtype: type, shape: tuple[int, ...]) -> NDArray[Any]:
    """Contiguous array of `dtype` and `shape` with equal values.

    Raises ValueError if the shape differs, or for values that an integer type does not hold.
    """
    given = np.asarray(values)
    if given.shape != shape:
        raise ValueError(f"{name}: shape {given.shape}, expected {shape}")
    if given.dtype.kind not in "biuf":
        given = given.astype(np.float64)
    out: NDArray[Any] = np.ascontiguousarray(given, dtype=dtype)
    if np.issubdtype(dtype, np.integer) and not np.array_equal(out, given):
        raise ValueError(f"{name}: has values that are not integers in the range of {out.dtype}")
    return out


def pointer(ctype: str, values: NDArray[Any] | None) -> Any:
    """The data of a contiguous array; NULL for None. The array must outlive its use."""
    return ffi.NULL if values is None else ffi.cast(ctype, values.ctypes.data)


def copied(ctype: Any, count: int, dtype: type) -> NDArray[Any]:
    """Array of `count` values at a pointer of the library, copied."""
    if count == 0:
        return np.empty(0, dtype)
    itemsize = np.dtype(dtype).itemsize
    return np.frombuffer(ffi.buffer(ctype, count * itemsize), dtype).copy()


def fields(struct: Any, *names: str) -> dict[str, Any]:
    """Members of a struct as Python values."""
    out = {}
    for name in names:
        value = getattr(struct, name)
        out[name] = text(value) if isinstance(value, ffi.CData) else value
    return out
