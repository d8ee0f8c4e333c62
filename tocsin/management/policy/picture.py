"""What would fall due when: how does a standard look, drawn?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from tocsin.core.document import nearest
from tocsin.core.policy import load
from tocsin.management.policy.lint import text_of
from tocsin.web.drawn import on_its_own

NAME = "picture"
HELP = """
Draw the timeline of each priority of a standard, every clock and every ladder on one line of time, as SVG files.

Each is called NAME-PRIORITY.svg, as field-guide-P1.svg. Time is counted on support hours Monday to Friday 08:00 to
18:00 where the standard says support hours. It needs no database.
"""
EXAMPLE = """
tocsin policy picture desk.toml                        beside where you are
tocsin policy picture desk.toml --priority P1 --into docs/pictures
"""
NEEDS_DESK = False


def add_arguments(parser: CommandParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="a standard, as TOML")
    parser.add_argument("--priority", default="", metavar="NAME", help="only this priority (default: each)")
    parser.add_argument("--into", type=Path, default=Path(), metavar="FOLDER", help="where to (default: here)")


def handle(command: Any, *, file: Path, priority: str = "", into: Path = Path(), **_: Any) -> None:
    policy = load(text_of(file), name=str(file))
    known = [each.name for each in policy.priorities]
    if priority and priority not in known:
        raise CommandError(f"{policy.title} has no priority {priority!r}: {nearest(priority, known)}")
    into.mkdir(parents=True, exist_ok=True)
    for each in [priority] if priority else known:
        drawn = into / f"{policy.name}-{each}.svg"
        drawn.write_text(on_its_own(policy, each), "utf-8")
        command.stdout.write(str(drawn))
