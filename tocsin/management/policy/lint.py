"""Does a standard promise what it, or this desk, cannot keep?"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from tocsin.core.document import dotted, nearest
from tocsin.core.finding import Finding
from tocsin.core.place import line_of
from tocsin.core.policy import BadPolicy, Policy, lint, load
from tocsin.directory.client import Client
from tocsin.management.command import there_or_say
from tocsin.trials.lint import Held, lint_desk

NAME = "lint"
HELP = """
Name by file, line and key what cannot be read in a standard, or what it promises and cannot keep.

It answers as `tocsin lint` does, judges on support hours Monday to Friday 08:00 to 18:00, changes nothing
and needs no database. docs/policy.md lists all that can be found.

With --desk the standard is held against this desk too: its people, rosters, contacts and contracts as they are
now and will be within 14 days, for each client that works by a standard of this name, and the tickets of the last
28 days. With --client it is held against the clients named, whatever they work by now.

Exit code 0: no errors, though there may be warnings. 1: errors.
"""
EXAMPLE = """
tocsin policy lint desk.toml                    in CI: no database, exit code 1 where there are errors
tocsin policy lint desk.toml --json             the same for a program
tocsin policy lint desk.toml --desk             and whether the people, rosters and contracts here can keep it
tocsin policy lint desk.toml --client acme      and whether they could at a client that is to work by it
"""
NEEDS_DESK = False


def add_arguments(parser: CommandParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="a standard, as TOML")
    parser.add_argument("--desk", action="store_true", help="hold it against this desk and the clients on it")
    parser.add_argument(
        "--client", action="append", default=[], metavar="SLUG", help="hold it against this client; may be repeated"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON document, for a program")


def handle(command: Any, *, file: Path, desk: bool = False, client: Sequence[str] = (), **options: Any) -> None:
    try:
        policy = load(text_of(file), name=str(file))
    except BadPolicy as bad:
        command.stdout.write(_as_json(file, mistakes=bad) if options.get("json") else f"{bad}\n", ending="")
        raise CommandError(counted(len(bad.mistakes), "mistake") + ": nobody could work by it.") from None
    found = lint(policy)
    held = _held(policy, client) if desk or client else None
    command.stdout.write(
        _as_json(file, policy, found, held) if options.get("json") else _as_text(found, held), ending=""
    )
    levels = [each.level for each in (*found, *(held.found if held else ()))]
    errors, warned = levels.count("error"), counted(levels.count("warning"), "warning")
    if errors:
        raise CommandError(f"{counted(errors, 'error')} and {warned}: it promises what it cannot keep.")
    if not options.get("json"):
        whom = f" here, for {counted(len(held.clients), 'client')}" if held else ""
        command.stdout.write(f"{policy.title} can be kept{whom}, with {warned}.")


def _held(policy: Policy, slugs: Sequence[str]) -> Held:
    there_or_say()
    known = dict(Client.objects.values_list("slug", "pk"))
    for slug in slugs:
        if slug not in known:
            raise CommandError(f"There is no client {slug!r}: {nearest(slug, known)}")
    return lint_desk(policy, now=datetime.now(UTC), clients=[known[slug] for slug in slugs] if slugs else None)


def _as_text(found: Iterable[Finding], held: Held | None) -> str:
    lines = [str(each) for each in (*found, *(held.found if held else ()))]
    if held and held.arrivals and not any(each.kind == "crowded" for each in held.found):
        lines.append(held.arrivals.says)
    return "".join(f"{line}\n" for line in lines)


def _as_json(
    file: Path,
    policy: Policy | None = None,
    found: Iterable[Finding] = (),
    held: Held | None = None,
    *,
    mistakes: BadPolicy | None = None,
) -> str:
    """Every mistake and finding with its place apart; those of the desk have no line of their own."""
    said: list[dict[str, Any]] = [
        {"level": "mistake", "kind": "", "line": max(each.line, 1), "key": each.key, "sentence": each.sentence}
        for each in (mistakes.mistakes if mistakes else ())
    ]
    lines = policy.document.lines or {} if policy else {}
    said += [
        {
            "level": each.level,
            "kind": each.kind,
            "line": line_of(lines, each.path),
            "key": dotted(each.path),
            "sentence": each.sentence,
        }
        for each in found
    ]
    whole: dict[str, Any] = {"file": str(file), "standard": policy.name if policy else None, "found": said}
    if held:
        whole["desk"] = {
            "clients": [*held.clients],
            "found": [each.as_json() for each in held.found],
            "arrivals": held.arrivals.says if held.arrivals else None,
        }
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"


def text_of(file: Path) -> str:
    """What stands in the file. Raises CommandError for what is no text."""
    try:
        return file.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise CommandError(f"{file} is no text in UTF-8: byte {error.start} cannot be read.") from error


def counted(number: int, what: str) -> str:
    """Two warnings, one warning, no warning: in words one can read on."""
    return f"{number or 'no'} {what}{'' if number == 1 else 's'}"
