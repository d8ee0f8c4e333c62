"""How is a version put in force at chosen clients, or at all?"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.core.management.base import CommandParser

from tocsin.management.policy.stepping import add_step, add_version, client_of, take, version_of
from tocsin.management.policy.who import person
from tocsin.standard import life
from tocsin.standard.fits import signed

NAME = "rollout"
HELP = """
Put a version in force, in one step, that one rollback undoes: at chosen clients, at every client, or everywhere.

Everywhere means: wherever the contract names this standard, clients to come included, and wherever it was piloted
or rolled out. Who tries another standard goes on with that. Open tickets keep the version they were opened under.
A contract whose own differences do not fit is named with what to change, and nothing is stored.
"""
EXAMPLE = """
tocsin policy rollout sla-guard --client acme --client bolt --by "Ann Berg" --why "the pilot at acme went well"
tocsin policy rollout sla-guard --every-client --dry-run     each client there is, whatever its contract names
tocsin policy rollout desk --version 4 --everywhere
"""
NEEDS_DESK = True


def add_arguments(parser: CommandParser) -> None:
    add_version(parser)
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--client", action="append", metavar="SLUG", help="there; may be given several times")
    where.add_argument("--every-client", action="store_true", help="at each client there is, whatever it was promised")
    where.add_argument("--everywhere", action="store_true", help="wherever the contract names this standard")
    add_step(parser)


def handle(
    command: Any,
    *,
    name: str,
    version: int | None,
    client: list[str] | None,
    every_client: bool,
    everywhere: bool,
    by: str,
    why: str,
    dry_run: bool,
    **_: Any,
) -> None:
    now = datetime.now(UTC)
    who, chosen = person(by), version_of(name, version)
    where = None if everywhere else [client_of(slug) for slug in client or ()]
    if every_client:
        where = [each.client for each in signed(now).values()]
    take(command, lambda: (name, life.roll_out(chosen, where, by=who, why=why, now=now)), now=now, dry_run=dry_run)
