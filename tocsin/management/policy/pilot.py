"""How is a version tried at one client?"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from django.core.management.base import CommandError, CommandParser

from tocsin.management.policy.stepping import add_step, add_version, client_of, take, version_of
from tocsin.management.policy.who import person
from tocsin.standard import life

NAME = "pilot"
HELP = """
Try a version of a standard at one client: what is opened there from now on goes by it. Nothing changes elsewhere.

It may be another standard than the client's contract names. Open tickets keep the version they were opened under.
A pilot has a last day. When that is over it stays in force and `tocsin policy` shows it as overdue, for nobody's
promises change in silence: roll it out or back. A contract whose own differences do not fit is named, and nothing
is stored.
"""
EXAMPLE = """
tocsin policy pilot sla-guard --client acme --until 2026-12-31 --by "Ann Berg" --why "does warning at 50 % help?"
tocsin policy pilot desk --version 4 --client acme --until 2026-12-31 --dry-run
"""
NEEDS_DESK = True


def add_arguments(parser: CommandParser) -> None:
    add_version(parser)
    parser.add_argument("--client", required=True, metavar="SLUG", help="where it is tried")
    parser.add_argument("--until", required=True, metavar="DATE", help="its last day, in the client's zone: 2026-12-31")
    add_step(parser)


def handle(
    command: Any,
    *,
    name: str,
    version: int | None,
    client: str,
    until: str,
    by: str,
    why: str,
    dry_run: bool,
    **_: Any,
) -> None:
    now = datetime.now(UTC)
    who, chosen, where = person(by), version_of(name, version), client_of(client)
    try:
        last = date.fromisoformat(until)
    except ValueError:
        raise CommandError(f"{until!r} is no day: write it as 2026-12-31.") from None
    take(
        command,
        lambda: (name, life.pilot(chosen, where, until=life.over(last, where), by=who, why=why, now=now)),
        now=now,
        dry_run=dry_run,
    )
