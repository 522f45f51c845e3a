"""Calls that are interrupted.

SPDX-License-Identifier: Apache-2.0
"""

import os
import signal
import threading
import time

import pytest


def interrupted(call):
    """Calls call(ready), sends Ctrl-C once it has set the event `ready`; seconds to the exception.

    The best of some tries, since other programs may keep the processors; and the last exception.
    """
    # a shell's background jobs ignore SIGINT
    signal.signal(signal.SIGINT, signal.default_int_handler)
    best = 1e9
    for _ in range(8):
        ready, sent = threading.Event(), []

        def interrupt(ready=ready, sent=sent):
            ready.wait()
            time.sleep(0.05)
            sent.append(time.monotonic())
            os.kill(os.getpid(), signal.SIGINT)

        thread = threading.Thread(target=interrupt)
        thread.start()
        with pytest.raises(KeyboardInterrupt) as caught:
            call(ready)
        best = min(best, time.monotonic() - sent[0])
        thread.join()
        if best < 0.1:
            break
    return best, caught.value
