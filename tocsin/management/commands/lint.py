"""Does a standard promise what it cannot keep?"""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from tocsin.management.command import Command as Taught
from tocsin.management.policy import lint


class Command(Taught):
    help = """
        Read a standard and name by file, line and key what cannot be read in it, or what it promises and
        cannot keep: a level that gets a ticket only when its solution is due, a page path too slow for
        the response, and so on (docs/policy.md lists them all). Judged on support hours Monday to Friday
        08:00 to 18:00; a contract's own may differ. It changes nothing and needs no database.

        Exit code 0: no errors, though there may be warnings. 1: errors.
        """
    example = """
        tocsin lint desk.toml
        """
    needs_desk = False

    def add_arguments(self, parser: CommandParser) -> None:
        lint.add_arguments(parser)

    def handle(self, **options: Any) -> None:
        lint.handle(self, **options)
