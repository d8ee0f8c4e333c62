"""How does one see a critical ticket climb, without waiting for hours?"""

from __future__ import annotations

import signal
import time
from types import FrameType
from typing import Any

from django.core.management.base import CommandError, CommandParser

from tocsin.demo.drill import Drill, NoDrill, stage_for
from tocsin.demo.scenarios import SCENARIOS
from tocsin.engine import loop
from tocsin.management.command import Command as Taught

FASTEST = 600


class Command(Taught):
    help = """
        Play a drill into the desk that runs: a ticket under the client's standard with every duration divided by the
        speed, and people who act on it by the clock on the wall. Board, ticket and pages move by themselves, and each
        act says here why it is done. Its title begins with DRILL, it is in no figure, and Ctrl-C cancels it.

        It tells the people of the desk as a real ticket would, so it refuses where any of them could be reached by
        mail; the demo's live at .example, where nobody can.

        Scenarios: ransomware, a P1 whose first page nobody hears; slow-crm, a P2 that becomes P1 by itself.
        """
    example = """
        tocsin simulate ransomware                  three hours in three minutes
        tocsin simulate slow-crm --speed 120        five hours in two and a half
        tocsin simulate ransomware --client northgate-dental
        """

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("scenario", choices=sorted(SCENARIOS), metavar="SCENARIO", help=", ".join(SCENARIOS))
        parser.add_argument("--speed", type=int, default=60, metavar="N", help=f"1 to {FASTEST} (default 60)")
        parser.add_argument("--client", default="", metavar="SLUG", help="whose ticket it is (default: the first)")

    def handle(self, *, scenario: str, speed: int, client: str, **_: Any) -> None:
        if not 1 <= speed <= FASTEST:
            raise CommandError(
                f"--speed takes a whole number from 1 to {FASTEST}: beyond that all would be due at once."
            )
        signal.signal(signal.SIGTERM, _as_ctrl_c)
        try:
            drill = Drill(stage_for(client, now=loop.now()), speed=speed, clock=loop.now, say=self.say)
            self.say(f"A drill at {drill.client}, {speed} times as fast. Ctrl-C stops and cancels it.\n")
            status = drill.play(SCENARIOS[scenario], wait=time.sleep)
        except NoDrill as why:
            raise CommandError(str(why)) from why
        except KeyboardInterrupt:
            self.say("")
            raise CommandError("stopped, and its ticket is cancelled.", returncode=130) from None
        self.say(f"\n{drill.ticket.number} is {status}. It stays on record as a drill, and is in no figure.")

    def say(self, words: str) -> None:
        self.stdout.write(words)
        self.stdout.flush()


def _as_ctrl_c(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
