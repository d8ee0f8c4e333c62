"""What does one standard say otherwise than another, in words, and which open tickets would feel it?"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from tocsin.core.difference import Difference, differences
from tocsin.core.policy import Policy, load
from tocsin.management.command import there_or_say
from tocsin.management.policy.lint import counted, text_of
from tocsin.management.policy.stepping import version_of
from tocsin.trials.diff import Effects, effects

NAME = "diff"
HELP = """
Tell in words what one standard says otherwise than another: each a file, or an adopted one as NAME or NAME@VERSION.

With --tickets it counts the open tickets that each difference is about, and how many of them would be overdue now
if they were moved. It changes nothing. Files alone need no database.

Exit code 0: they say the same. 1: they differ. 2: one of them cannot be read.
"""
EXAMPLE = """
tocsin policy diff desk@3 desk.toml             what a file would change
tocsin policy diff desk@3 desk@4 --tickets      and how many open tickets would feel it
tocsin policy diff old.toml new.toml --json     for a program, in CI
"""
NEEDS_DESK = False


def add_arguments(parser: CommandParser) -> None:
    parser.add_argument("old", metavar="A", help="a file, NAME or NAME@VERSION")
    parser.add_argument("new", metavar="B", help="the same")
    parser.add_argument("--tickets", action="store_true", help="count the open tickets that feel it")
    parser.add_argument("--json", action="store_true", help="print one JSON document, for a program")


def handle(command: Any, *, old: str, new: str, tickets: bool = False, **options: Any) -> None:
    one, other = _read(old), _read(new)
    if tickets:
        there_or_say()
    felt = effects(one, other, now=datetime.now(UTC)) if tickets else None
    found = differences(one, other)
    said = _as_json(found, felt) if options.get("json") else _as_text(found, felt)
    command.stdout.write(said, ending="")
    if found:
        raise SystemExit(1)


def _read(word: str) -> Policy:
    """The standard in a file of that name, or the one adopted under it."""
    file = Path(word)
    try:
        if file.suffix == ".toml" or file.is_file():
            if not file.is_file():
                raise CommandError(f"There is no file {word}.")
            return load(text_of(file), name=word)
        there_or_say()
        name, _, number = word.partition("@")
        if number and not number.isdigit():
            raise CommandError(f"{word}: the version is a number, as in {name}@3.")
        version = version_of(name, int(number) if number else None)
        return load(version.text, name=str(version))
    except CommandError as error:
        error.returncode = 2
        raise


def _as_text(found: list[Difference], felt: Effects | None) -> str:
    if not found:
        return "They say the same.\n"
    lines = [each.sentence for each in (felt.touched if felt else found)]
    if felt:
        lines += [f"{number} could not be read by it: {why}" for number, why in felt.unread.items()]
        overdue = f", {len(felt.overdue)} of which would be overdue now" if felt.overdue else ""
        lines.append(f"{counted(len(found), 'difference')}, {counted(felt.tickets, 'open ticket')}{overdue}.")
    else:
        lines.append(f"{counted(len(found), 'difference')}.")
    return "".join(f"{line}\n" for line in lines)


def _as_json(found: list[Difference], felt: Effects | None) -> str:
    said: list[dict[str, Any]] = [
        {
            "path": each.path,
            "before": each.before,
            "after": each.after,
            "sentence": each.sentence,
            "priorities": list(each.priorities),
        }
        for each in found
    ]
    whole: dict[str, Any] = {"differences": said}
    if felt:
        for about, touched in zip(said, felt.touched, strict=True):
            about |= {"open_tickets": touched.tickets, "overdue_now": list(touched.overdue)}
        whole |= {"open_tickets": felt.tickets, "overdue_now": list(felt.overdue), "unread": felt.unread}
    return json.dumps(whole, indent=2, ensure_ascii=False, default=str) + "\n"
