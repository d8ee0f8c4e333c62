"""Who works on the backtests somebody asked for, without a clock of the desk being delayed?

A process of its own for each, one at a time, which yields to everything else.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime

import structlog

from tocsin.trials import backtest

log = structlog.get_logger(__name__)

NICE = 10
ENDS_WITHIN_S = 5.0


class Trying:
    """The process that works on a backtest, while there is one."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.clock = clock
        self.pk: int | None = None
        self.child: subprocess.Popen[bytes] | None = None

    def turn(self) -> bool:
        """One that waits is begun, one whose process ended by itself has failed; whether there was anything to do."""
        if self.child is not None:
            if self.child.poll() is None:
                return False
            if self.pk is not None and self.child.returncode:
                backtest.fail(self.pk, _why(self.child.returncode), now=self.clock())
            self.child = None
            return True
        self.pk = backtest.claim(self.clock())
        if self.pk is None:
            return False
        log.info("backtest begun", backtest=self.pk)
        self.child = subprocess.Popen(
            [sys.executable, "-m", "tocsin", "policy", "backtest", "--row", str(self.pk)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            preexec_fn=_yield_to_others,
        )
        return True

    def stop(self) -> None:
        """Its process has ended; a backtest that was not done by then is taken up anew by whoever runs next."""
        if self.child is not None and self.child.poll() is None:
            self.child.terminate()
            try:
                self.child.wait(ENDS_WITHIN_S)
            except subprocess.TimeoutExpired:
                self.child.kill()
                self.child.wait()


def _why(code: int) -> str:
    if code == -signal.SIGKILL:
        return "Its process was ended by SIGKILL: the machine may have been short of memory."
    if code < 0:
        return f"Its process was ended by {signal.Signals(-code).name}."
    return f"Its process ended with code {code}: why stands in the log of the engine."


def _yield_to_others() -> None:
    os.nice(NICE)
