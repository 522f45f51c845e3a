"""Calls of the library that Ctrl-C need not wait for.

SPDX-License-Identifier: Apache-2.0
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class _Call(threading.Thread, Generic[T]):
    """A call in a thread of its own, with what came of it."""

    def __init__(self, function: Callable[[], T]) -> None:
        super().__init__(daemon=True)
        self.function = function
        self.results: list[T] = []
        self.error: BaseException | None = None

    def run(self) -> None:
        """Keeps the result or the exception."""
        try:
            self.results.append(self.function())
        except BaseException as error:  # raised where the result is waited for
            self.error = error


def interruptible(function: Callable[[], T]) -> T:
    """The function's result; a KeyboardInterrupt comes at once.

    The call then goes on to its end in a thread, and its result is freed.
    """
    if threading.current_thread() is not threading.main_thread():
        return function()
    call = _Call(function)
    call.start()
    call.join()
    if call.error is not None:
        raise call.error
    return call.results[0]
