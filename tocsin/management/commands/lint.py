"""Does a standard promise what it cannot keep?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from tocsin.core.policy import BadPolicy, lint, load
from tocsin.management.command import Command as Taught


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
        parser.add_argument("file", type=Path, metavar="FILE", help="a standard, as TOML")

    def handle(self, *, file: Path, **_: Any) -> None:
        try:
            policy = load(file.read_text("utf-8"), name=str(file))
        except UnicodeDecodeError as error:
            raise CommandError(f"{file} is no text in UTF-8: byte {error.start} cannot be read.") from error
        except BadPolicy as mistakes:
            self.stdout.write(str(mistakes))
            raise CommandError(
                _counted(len(str(mistakes).splitlines()), "mistake") + ": nobody could work by it."
            ) from None
        found = lint(policy)
        for finding in found:
            self.stdout.write(str(finding))
        errors = sum(finding.level == "error" for finding in found)
        warned = _counted(len(found) - errors, "warning")
        if errors:
            raise CommandError(f"{_counted(errors, 'error')} and {warned}: it promises what it cannot keep.")
        self.stdout.write(f"{policy.title} can be kept, with {warned}.")


def _counted(number: int, what: str) -> str:
    return f"{number or 'no'} {what}{'' if number == 1 else 's'}"
