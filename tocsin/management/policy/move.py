"""How are open tickets moved to another version?"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.core.management.base import CommandError, CommandParser

from tocsin.core.dial import Reading
from tocsin.core.explain import headline, name_of
from tocsin.desk.board import LIVE
from tocsin.desk.moving import Preview
from tocsin.desk.ticket import Ticket
from tocsin.management.policy.lint import counted
from tocsin.management.policy.stepping import add_version, client_of, version_of
from tocsin.management.policy.who import add_by_and_why, person
from tocsin.trials.moving import move_all, previews

NAME = "move"
HELP = """
Move open tickets to another version of a standard: what was used of each clock goes along, what is on record stays.

Without --yes it shows every clock that would read otherwise, before and after, the steps that would be left out
because their time has gone by, and who cannot be moved and why; nothing is stored. Moving them back undoes it.
"""
EXAMPLE = """
tocsin policy move desk --version 4 --client acme                      look first
tocsin policy move desk --version 4 --client acme --yes --by "Ann Berg" --why "agreed with Acme on Monday"
tocsin policy move sla-guard --ticket INC-41 --ticket INC-42 --priority P2=P3 --level L2=tier-2
"""
NEEDS_DESK = True


def add_arguments(parser: CommandParser) -> None:
    add_version(parser)
    parser.add_argument("--client", action="append", default=[], metavar="SLUG", help="every open ticket there")
    parser.add_argument("--ticket", action="append", default=[], metavar="NUMBER", help="this one")
    parser.add_argument("--priority", action="append", default=[], metavar="OLD=NEW", help="what a priority becomes")
    parser.add_argument("--level", action="append", default=[], metavar="OLD=NEW", help="what a level becomes")
    parser.add_argument("--yes", action="store_true", help="move them; without it, only look")
    add_by_and_why(parser)


def handle(
    command: Any,
    *,
    name: str,
    version: int | None,
    client: list[str],
    ticket: list[str],
    priority: list[str],
    level: list[str],
    yes: bool,
    by: str,
    why: str,
    **_: Any,
) -> None:
    who, chosen, now = person(by), version_of(name, version), datetime.now(UTC)
    names = {"priorities": _names(priority), "levels": _names(level)}
    tickets = [each for each in _tickets(client, ticket) if each.policy_version_id != chosen.pk]
    if not yes:
        for each in previews(tickets, chosen, now=now, **names):
            _show(command, each)
        command.stdout.write(f"{counted(len(tickets), 'ticket')}. Nothing was moved: add --yes and --why.")
        return
    moved, refused = move_all(tickets, chosen, by=who, why=why, now=now, **names)
    for number, reason in refused.items():
        command.stdout.write(f"{number} was not moved: {reason}")
    command.stdout.write(f"{counted(len(moved), 'ticket')} moved to {chosen}.")
    if refused:
        raise CommandError(f"{counted(len(refused), 'ticket')} could not be moved.")


def _tickets(clients: list[str], numbers: list[str]) -> list[Ticket]:
    if not clients and not numbers:
        raise CommandError("Say which tickets: --client SLUG or --ticket NUMBER.")
    open_ones = Ticket.objects.select_related("client", "service").order_by("pk")
    found = list(
        open_ones.filter(client__in=[client_of(slug) for slug in clients], status__in=LIVE, imported=False)
        if clients
        else ()
    )
    for number in numbers:
        known = open_ones.filter(number=number.upper()).first()
        if known is None:
            raise CommandError(f"There is no ticket {number}.")
        found.append(known)
    return list(dict.fromkeys(found))


def _names(words: list[str]) -> dict[str, str]:
    if wrong := [word for word in words if word.count("=") != 1]:
        raise CommandError(f"{wrong[0]!r}: write OLD=NEW, as in P2=P3.")
    return {old: new for old, _, new in (word.partition("=") for word in words)}


def _show(command: Any, shown: Preview) -> None:
    command.stdout.write(f"{shown.ticket.number} {shown.ticket.priority} {shown.ticket.client}: {shown.ticket.title}")
    if shown.refusal:
        command.stdout.write(f"  cannot be moved: {shown.refusal}")
    for change in shown.changes:
        if change.moves:
            breaks = ", and would be overdue now" if change.breaks else ""
            command.stdout.write(f"  {name_of(change.clock)}: {_said(change.before)} → {_said(change.after)}{breaks}")
    for left in shown.left_out:
        command.stdout.write(f"  not asked any more: {left}")


def _said(reading: Reading) -> str:
    due = f"due {reading.due_at:%Y-%m-%d %H:%M} UTC, " if reading.due_at else ""
    return f"{due}{headline(reading)}"
