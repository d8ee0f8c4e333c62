"""How does a file become a version of a standard?"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.db import transaction

from tocsin.core.document import nearest
from tocsin.management.policy.lint import text_of
from tocsin.management.policy.who import add_by_and_why, person
from tocsin.standard import life, presets
from tocsin.standard.adopt import adopt
from tocsin.standard.standing import everywhere as in_force_everywhere

NAME = "adopt"
HELP = """
Store a text as the next version of its standard. It is not in force until it is piloted or rolled out.

The first version of a standard is in force at once, for every client whose contract names it; --everywhere puts a
later one in force too. Open tickets keep the version they were opened under. A text that is the newest version
already is left as it is, so the same line can be run again. What cannot be read is named by line, and nothing is
stored. Instead of a file, the name of a standard that ships is taken.
"""
EXAMPLE = """
tocsin policy adopt desk.toml --by "Ann Berg" --why "response of P2 reviewed"
tocsin policy adopt desk.toml --everywhere               and in force, wherever the contract names it
tocsin policy adopt desk.toml --name desk-north          the same text under another name
tocsin policy adopt sla-guard                            one that ships
"""
NEEDS_DESK = True


def add_arguments(parser: CommandParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="a standard, as TOML; or the name of one that ships")
    parser.add_argument("--name", default="", help="the standard's name (default: the one the text gives)")
    parser.add_argument("--everywhere", action="store_true", help="in force at once, wherever the contract names it")
    add_by_and_why(parser)


def handle(command: Any, *, file: Path, name: str, everywhere: bool, by: str, why: str, **_: Any) -> None:
    who, text, now = person(by), _text(file), datetime.now(UTC)
    with transaction.atomic():
        version = adopt(text, name=name, file=str(file), by=who, why=why, now=now, in_force=False)
        general = in_force_everywhere(version.policy)
        is_old, is_general = version.adopted_at != now, general is not None and general.version_id == version.pk
        if everywhere and not is_general:
            life.roll_out(version, by=who, why=why, now=now)
    if is_old and (is_general or not everywhere):
        command.stdout.write(f"{version} says just this since {version.adopted_at:%Y-%m-%d %H:%M} UTC: nothing to do.")
    elif is_general or everywhere:
        command.stdout.write(f"{version} is in force for every client whose contract names {version.name}.")
    else:
        command.stdout.write(
            f"{version} is stored, and in force nowhere yet. Next:\n"
            f"  tocsin policy pilot {version.name} --client SLUG --until DATE\n"
            f"  tocsin policy rollout {version.name} --everywhere"
        )


def _text(file: Path) -> str:
    if file.exists():
        return text_of(file)
    if str(file) in presets.NAMES:
        return presets.text(str(file))
    if file.suffix:
        return text_of(file)
    raise CommandError(f"There is no file {file}, and no standard that ships: {nearest(str(file), presets.NAMES)}")
