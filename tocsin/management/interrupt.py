"""Was Ctrl-C pressed, even where Python swallowed it?

A KeyboardInterrupt that comes while an object is being finalized is printed and forgotten by the interpreter, and the
work would go on to its end.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def heeded() -> Iterator[Callable[[], None]]:
    """Inside, what is given raises KeyboardInterrupt whenever Ctrl-C has been pressed since; the first press does, too.

    Only the main thread hears of it: anywhere else nothing is ever raised.
    """
    pressed = threading.Event()

    def check() -> None:
        if pressed.is_set():
            raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():
        yield check
        return
    before = signal.getsignal(signal.SIGINT)

    def heard(number: int, frame: FrameType | None) -> None:
        pressed.set()
        if callable(before):
            before(number, frame)

    signal.signal(signal.SIGINT, heard)
    try:
        yield check
    finally:
        signal.signal(signal.SIGINT, before)
