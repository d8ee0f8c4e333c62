"""How does a file become a version of a standard?"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from tocsin.management.policy.lint import text_of
from tocsin.management.policy.who import add_by_and_why, person
from tocsin.standard.adopt import adopt

NAME = "adopt"
HELP = """
Store a text as the next version of its standard. It is in force at once for every client whose contract names it.

Tickets that are open keep the version they were opened under. A text that is the newest version already is left
as it is, so the same line can be run again. What cannot be read is named by line, and nothing is stored.
"""
EXAMPLE = """
tocsin policy adopt desk.toml --by "Ann Berg" --why "response of P2 reviewed"
tocsin policy adopt desk.toml --name desk-north          the same text under another name
"""
NEEDS_DESK = True


def add_arguments(parser: CommandParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="a standard, as TOML")
    parser.add_argument("--name", default="", help="the standard's name (default: the one the text gives)")
    add_by_and_why(parser)


def handle(command: Any, *, file: Path, name: str, by: str, why: str, **_: Any) -> None:
    who = person(by)
    now = datetime.now(UTC)
    version = adopt(text_of(file), name=name, file=str(file), by=who, why=why, now=now)
    if version.adopted_at != now:
        command.stdout.write(f"{version} says just this since {version.adopted_at:%Y-%m-%d %H:%M} UTC: nothing to do.")
        return
    command.stdout.write(f"{version} is in force for every client whose contract names {version.name}.")
