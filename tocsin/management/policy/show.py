"""Which standards are there, and what is in force where?"""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError, CommandParser

from tocsin.core.document import nearest
from tocsin.desk.names import Names
from tocsin.standard.adopted import in_force, names

NAME = "show"
HELP = """
Show the standards: each version, since when and by whom, and where it is in force. It changes nothing.
"""
EXAMPLE = """
tocsin policy show                       every standard
tocsin policy show field-guide
tocsin policy show field-guide --text    print the text that is in force, to go on writing
"""
NEEDS_DESK = True


def add_arguments(parser: CommandParser) -> None:
    parser.add_argument("name", nargs="?", default="", metavar="NAME", help="one standard (default: every one)")
    parser.add_argument("--text", action="store_true", help="print the newest version's text, and nothing else")


def handle(command: Any, *, name: str = "", text: bool = False, **_: Any) -> None:
    known = names()
    if name and name not in known:
        raise CommandError(f"No standard {name!r} was adopted here: {nearest(name, known)}")
    if not known:
        command.stdout.write("No standard has been adopted yet: tocsin policy adopt --help")
        return
    if text and not name:
        raise CommandError(f"Say which one's text: {', '.join(known)}.")
    for each in [name] if name else known:
        found = in_force(each)
        assert found is not None
        if text:
            command.stdout.write(found.text, ending="" if found.text.endswith("\n") else "\n")
            return
        versions = [found.newest, *found.earlier]
        called = Names(version.by for version in versions)
        command.stdout.write(f"{each}: {found.document.title}")
        for version in versions:
            by = f" by {called(version.by)}" if version.by else ""
            state = "in force" if version is found.newest else "earlier"
            command.stdout.write(
                f"  {version.number:>3}  {state:<9} adopted {version.adopted_at:%Y-%m-%d %H:%M} UTC{by}"
            )
