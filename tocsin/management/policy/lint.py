"""Does a standard promise what it cannot keep?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from tocsin.core.policy import BadPolicy, lint, load

NAME = "lint"
HELP = """
Name by file, line and key what cannot be read in a standard, or what it promises and cannot keep.

It answers as `tocsin lint` does, judges on support hours Monday to Friday 08:00 to 18:00, changes nothing
and needs no database.

Exit code 0: no errors, though there may be warnings. 1: errors.
"""
EXAMPLE = """
tocsin policy lint desk.toml
"""
NEEDS_DESK = False


def add_arguments(parser: CommandParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="a standard, as TOML")


def handle(command: Any, *, file: Path, **_: Any) -> None:
    try:
        policy = load(text_of(file), name=str(file))
    except BadPolicy as mistakes:
        command.stdout.write(str(mistakes))
        raise CommandError(counted(len(str(mistakes).splitlines()), "mistake") + ": nobody could work by it.") from None
    found = lint(policy)
    for finding in found:
        command.stdout.write(str(finding))
    errors = sum(finding.level == "error" for finding in found)
    warned = counted(len(found) - errors, "warning")
    if errors:
        raise CommandError(f"{counted(errors, 'error')} and {warned}: it promises what it cannot keep.")
    command.stdout.write(f"{policy.title} can be kept, with {warned}.")


def text_of(file: Path) -> str:
    """What stands in the file. Raises CommandError for what is no text."""
    try:
        return file.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise CommandError(f"{file} is no text in UTF-8: byte {error.start} cannot be read.") from error


def counted(number: int, what: str) -> str:
    """Two warnings, one warning, no warning: in words one can read on."""
    return f"{number or 'no'} {what}{'' if number == 1 else 's'}"
