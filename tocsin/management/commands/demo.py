"""How does an empty desk get a past to look at?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from time import monotonic
from typing import Any

from django.core.management import call_command
from django.core.management.base import CommandError, CommandParser

from tocsin.demo import fortnight, starter
from tocsin.desk.ticket import Ticket
from tocsin.management.command import Command as Taught
from tocsin.management.interrupt import heeded
from tocsin.management.progress import bar, step

SEED = 2026


class Command(Taught):
    needs_desk = False
    furnishes = True
    help = """
        Fill an empty desk with a fortnight of an invented provider's work: five clients on five standards, ten people
        who work, an auditor and a contractor, some two hundred tickets, and twenty that are open now. The past is made
        by the desk's own functions and its own engine under given instants, so every promise kept or broken, every
        page and every letter is what the rules made of it. Nothing leaves the desk. `tocsin run` does this by itself on
        an empty desk.
        """
    example = """
        tocsin demo
        tocsin demo --seed 7                        another fortnight
        TOCSIN_HOME=/tmp/another tocsin demo        in a desk of its own, made where there is none
        """

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--seed", type=int, default=SEED, metavar="N", help=f"which fortnight (default {SEED})")

    def handle(self, *, seed: int, **_: Any) -> None:
        with heeded() as check:
            call_command("migrate", stdout=self.stdout, interactive=False)
            if not starter.is_empty():
                raise CommandError(
                    "this desk has people or clients already, and the demo would mix with them. In a desk of its own: "
                    "TOCSIN_HOME=/tmp/demo tocsin run"
                )
            self.stdout.write(fill(seed=seed, check=check))


def fill(*, seed: int = SEED, check: Callable[[], None] = lambda: None) -> str:
    """The empty desk has a fortnight behind it; returns what to tell the newcomer. Says how far it is meanwhile.

    `check` is asked at every step, and raises KeyboardInterrupt where it is to be stopped.
    """
    began = monotonic()
    with bar() as progress, step(progress, "Living through a fortnight") as told:

        def going_on(*far: int) -> None:
            check()
            told(*far)

        try:
            _, welcome = fortnight.make(seed=seed, now=datetime.now(UTC), told=going_on)
        except KeyboardInterrupt:
            raise CommandError("stopped; the desk is as empty as before.", returncode=130) from None
    made = f"A fortnight of {Ticket.objects.count()} tickets, lived through in {monotonic() - began:.0f} s."
    return f"{made}\n\n{welcome}"
