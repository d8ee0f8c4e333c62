"""Which processes does `tocsin run` keep, and what happens when one dies or is asked to stop?"""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from types import FrameType
from typing import Self

PATIENCE_S = 15.0
_PR_SET_PDEATHSIG = 1


class Children:
    """Child processes that live and die together, each in a group of its own so that none can be left behind."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self.say = say
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.asked_to_stop = 0

    def __enter__(self) -> Self:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._stop_asked)
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self, name: str, arguments: Sequence[str], *descriptors: int) -> None:
        """It runs, and has these descriptors of ours."""
        self.running[name] = subprocess.Popen(
            [sys.executable, "-m", "tocsin", *arguments],
            stdin=subprocess.DEVNULL,
            pass_fds=descriptors,
            start_new_session=True,  # Ctrl-C in the terminal reaches us alone, and we stop them in order
            preexec_fn=_die_with_parent,
        )

    def watch(self) -> int:
        """Wait until somebody asks to stop (0) or a child ends by itself (1, and it is said which)."""
        while not self.asked_to_stop:
            if dead := self.dead():
                return self.report(dead)
            time.sleep(0.2)
        return 0

    def dead(self) -> str | None:
        return next((name for name, child in self.running.items() if child.poll() is not None), None)

    def report(self, name: str) -> int:
        code = self.running[name].returncode
        how = f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with code {code}"
        self.say(f"The {name} {how}, and nobody asked it to. Tocsin stops: half a desk keeps no promise.")
        return 1

    def stop(self) -> None:
        """All have ended afterwards: asked first, killed with whatever they started when patience is over."""
        for child in self.running.values():
            if child.poll() is None:
                with suppress(ProcessLookupError):
                    child.terminate()
        hurried = self.asked_to_stop
        deadline = time.monotonic() + PATIENCE_S
        for name, child in self.running.items():
            while child.poll() is None and time.monotonic() < deadline and self.asked_to_stop <= max(hurried, 1):
                time.sleep(0.05)
            if child.poll() is None:
                self.say(f"The {name} did not stop when asked and is ended.")
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(child.pid, signal.SIGKILL)  # nothing of its group outlives it
            child.wait()
        self.running.clear()

    def _stop_asked(self, number: int, frame: FrameType | None) -> None:
        self.asked_to_stop += 1


def _die_with_parent() -> None:
    """Linux tells the child when we are gone without having said so (kill -9); elsewhere nobody can."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
