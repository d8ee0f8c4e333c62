"""How is an engine started, and how does it stop?"""

from __future__ import annotations

import signal
from argparse import SUPPRESS
from contextlib import nullcontext
from types import FrameType
from typing import Any

from django.core.management.base import CommandParser

from tocsin.engine.loop import Engine
from tocsin.management.command import Command as Taught
from tocsin.management.lock import inherited, only_engine


class Command(Taught):
    help = """
        Watch the clocks, climb the ladders and send what is due, until stopped. Stopped (Ctrl-C, SIGTERM)
        it finishes what is in hand. Killed, it loses nothing: what was half done is done again.
        On PostgreSQL run as many as you like, on as many machines; on SQLite one does all, and a second
        is refused.

        Every minute it audits whether all that was due is done. Let it call a dead man's switch after each
        audit that passed (TOCSIN_HEARTBEAT_URL), and say elsewhere when one failed (TOCSIN_ALARM_URL,
        TOCSIN_ALARM_MAIL): docs/operate.md, Is it well?
        """
    example = """
        tocsin engine
        TOCSIN_HEARTBEAT_URL=https://switch.example/ping/desk tocsin engine
        TOCSIN_DATABASE_URL=postgres://tocsin:secret@db.example/tocsin tocsin engine
        """
    furnishes = True

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--lock", type=int, help=SUPPRESS)  # a descriptor, from `tocsin run`

    def handle(self, *, lock: int | None, **_: Any) -> None:
        with nullcontext() if lock is not None and inherited(lock) else only_engine("engine", self.stderr.write):
            self.work()

    def work(self) -> None:
        engine = Engine()

        def stop(number: int, frame: FrameType | None) -> None:
            engine.stop()

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        engine.run()
