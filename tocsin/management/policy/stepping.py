"""What does a step change, where, and how is it undone? Tried first where only that is asked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.core.management.base import CommandError, CommandParser

from tocsin.core.document import nearest
from tocsin.desk.board import LIVE
from tocsin.desk.ticket import Ticket
from tocsin.directory.client import Client
from tocsin.management.policy.lint import counted
from tocsin.management.policy.who import add_by_and_why
from tocsin.standard import adopted, presets
from tocsin.standard.changes import changes
from tocsin.standard.history import Place
from tocsin.standard.version import PolicyVersion


def add_step(parser: CommandParser) -> None:
    """What every step asks for."""
    add_by_and_why(parser)
    parser.add_argument("--dry-run", action="store_true", help="show what it would change, and change nothing")


def add_version(parser: CommandParser) -> None:
    parser.add_argument("name", metavar="NAME", help="the standard")
    parser.add_argument("--version", type=int, metavar="N", help="which of its versions (default: the newest)")


def take(command: Any, step: Callable[[], tuple[str, int]], *, now: datetime, dry_run: bool) -> None:
    """The step is taken and shown; with `dry_run` it is taken back at once, so that what is shown is what would be.

    `step` returns the standard and the batch.
    """
    (name, batch), changed = changes(step, now=now, dry_run=dry_run)
    for before, after in changed:
        command.stdout.write(f"{after.client}: {_words(before)} → {_words(after)}")
    if not changed:
        command.stdout.write("No client works by another version now; those that come later will.")
    open_ones = Ticket.objects.filter(
        client__in=[each.after.client for each in changed], status__in=LIVE, imported=False
    ).count()
    if open_ones:
        keep = "keeps the version it was" if open_ones == 1 else "keep the version they were"
        command.stdout.write(f"{counted(open_ones, 'open ticket')} {keep} opened under.")
    if dry_run:
        command.stdout.write("Nothing was changed (--dry-run).")
        return
    command.stdout.write(f"Step {batch} of {name}. To undo it: tocsin policy rollback {name} --step {batch}")


def version_of(name: str, number: int | None) -> PolicyVersion:
    """That version of the standard, or its newest. Raises CommandError."""
    versions = PolicyVersion.objects.select_related("policy").filter(policy__name=name).order_by("-number")
    found = versions.filter(number=number).first() if number is not None else versions.first()
    if found is not None:
        return found
    if newest := versions.first():
        raise CommandError(f"{name} has no version {number}: its newest is {newest.number}.")
    if name in presets.NAMES:
        raise CommandError(f"The standard {name} ships, and was not adopted yet: tocsin policy adopt {name}")
    raise CommandError(f"No standard {name!r} was adopted here: {nearest(name, adopted.names())}")


def client_of(slug: str) -> Client:
    """The client of that short name. Raises CommandError."""
    found = Client.objects.filter(slug=slug).first()
    if found is None:
        known = Client.objects.order_by("slug").values_list("slug", flat=True)
        raise CommandError(f"There is no client {slug!r}: {nearest(slug, known)}")
    return found


def _words(place: Place | None) -> str:
    if place is None:
        return "no standard"
    return f"{place.version}{f', a pilot until {place.until:%Y-%m-%d %H:%M} UTC' if place.until else ''}"
