"""Was anything in the log changed, and does every row say what its log says?"""

from __future__ import annotations

from argparse import ArgumentTypeError
from itertools import chain
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from rich.console import Console
from rich.progress import Progress

from tocsin.desk import texts
from tocsin.desk.proof import refold
from tocsin.directory import proof as promises
from tocsin.log.signature import BadKey, public_file, public_keys
from tocsin.log.snapshot import snapshot
from tocsin.log.verify import verify
from tocsin.management.command import Command as Taught
from tocsin.standard import proof as standards


class Command(Taught):
    help = """
        Prove that nothing in the log was changed: every chain is followed from its first event to its
        head, every signed daily root checked, and every ticket told again from its log and compared with
        what is stored; every client, contract, standard, message and body is compared with what the log
        says of it. Each fault is named by stream and sequence. It only reads; run it with a database
        user that can do nothing else, and with the public key you keep elsewhere.

        Exit code 0: all is as it was recorded. 1: it is not.
        """
    example = """
        tocsin verify
        tocsin verify --trusted /mnt/elsewhere/root.pub
        """

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--trusted", type=Path, metavar="FILE", help="public keys to trust (default: the desk's own)"
        )
        parser.add_argument("--most", type=number, default=50, metavar="N", help="how many faults to name (default 50)")

    def handle(self, *, trusted: Path | None, most: int, **_: Any) -> None:
        if trusted is not None and not trusted.is_file():
            if trusted.is_dir():
                raise CommandError(f"{trusted} is a directory: name the file with the public keys, such as root.pub.")
            raise CommandError(f"there is no file {trusted}.")
        keys = trusted or public_file()
        try:
            if keys.exists():
                public_keys(keys)
        except BadKey as error:
            raise CommandError(f"{error}. Such a file holds PEM blocks, one after another.") from error
        console = Console(stderr=True)
        found = 0
        with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
            chains, rows = (
                bar.add_task("Following the chains", total=None),
                bar.add_task("Telling the tickets", total=None),
            )
            with snapshot():
                for fault in chain(
                    verify(lambda done, total: bar.update(chains, completed=done, total=total), trusted=trusted),
                    promises.compare(),
                    standards.compare(),
                    texts.compare(),
                    refold(lambda done, total: bar.update(rows, completed=done, total=total)),
                ):
                    found += 1
                    if found <= most:
                        self.stdout.write(str(fault).encode(errors="backslashreplace").decode())
        if found > most:
            self.stdout.write(f"and {found - most} more (--most {found} names them all)")
        if found:
            raise CommandError(f"{found} {'fault' if found == 1 else 'faults'}: the log is not as it was recorded.")
        self.stdout.write("The log is as it was recorded, and every ticket shows what its log says.")


def number(text: str) -> int:
    """The number that was typed. Raises ArgumentTypeError, which argparse shows."""
    if not text.isdecimal():
        raise ArgumentTypeError(f"{text!r} is not a number of faults, 0 or more")
    return int(text)
