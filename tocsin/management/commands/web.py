"""How is the web answered? granian, with two processes."""

from argparse import ArgumentTypeError
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser

from tocsin.management.command import Command as Taught
from tocsin.management.listening import free_or_say, listens

MOST = 100


class Command(Taught):
    help = """
        Answer the web at TOCSIN_BIND until stopped: screens, webhooks in, /healthz, /metrics.
        It needs a database that is up to date (tocsin migrate) and an engine beside it (tocsin engine);
        `tocsin run` takes care of all three. Run as many as you like behind one address.
        """
    example = """
        tocsin web
        TOCSIN_BIND=0.0.0.0:8000 TOCSIN_HOSTS=desk.example tocsin web
        """
    furnishes = True

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--workers", type=processes, default=2, help=f"processes (default 2, at most {MOST})")

    def handle(self, *, workers: int, **_: Any) -> None:
        from granian import Granian
        from granian.constants import Interfaces
        from granian.log import LogLevels

        host, port = settings.TOCSIN_BIND
        free_or_say(host, port, command="tocsin web")
        listens()
        Granian(
            "tocsin.rsgi:application",
            address=host,
            port=port,
            interface=Interfaces.RSGI,
            workers=workers,
            websockets=False,
            respawn_failed_workers=True,
            workers_kill_timeout=10,
            log_level=LogLevels.warning,
        ).serve()


def processes(text: str) -> int:
    """The number that was typed. Raises ArgumentTypeError, which argparse shows."""
    if not text.isdecimal() or len(text) > len(str(MOST)) or not 1 <= int(text) <= MOST:
        raise ArgumentTypeError(f"{text[:40]!r} is not a number of processes, 1 to {MOST}")
    return int(text)
