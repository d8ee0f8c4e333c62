"""How is a step undone?"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.core.management.base import CommandError, CommandParser

from tocsin.management.policy.stepping import add_step, take, version_of
from tocsin.management.policy.who import person
from tocsin.standard import life

NAME = "rollback"
HELP = """
Undo one step of a standard, an adoption, a pilot or a rollout: each of its clients has again what it had before.

Without --step it is the newest that still stands. A step beneath a newer one is refused and told which to undo
first. Tickets opened meanwhile keep the version they were opened under.
"""
EXAMPLE = """
tocsin policy rollback sla-guard --by "Ann Berg" --why "too many updates for so small a team"
tocsin policy rollback sla-guard --step 5 --dry-run      tocsin policy show sla-guard numbers the steps
"""
NEEDS_DESK = True


def add_arguments(parser: CommandParser) -> None:
    parser.add_argument("name", metavar="NAME", help="the standard")
    parser.add_argument("--step", type=int, metavar="N", help="which (default: the newest that still stands)")
    add_step(parser)


def handle(command: Any, *, name: str, step: int | None, by: str, why: str, dry_run: bool, **_: Any) -> None:
    now = datetime.now(UTC)
    who = person(by)
    version_of(name, None)
    batch = life.last_step(name) if step is None else step
    if batch is None:
        raise CommandError(f"No step of {name} is left to undo.")
    take(command, lambda: (name, life.roll_back(name, batch, by=who, why=why, now=now)), now=now, dry_run=dry_run)
