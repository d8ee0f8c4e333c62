"""What counts for one client: the version in force there, and what its contract says besides?"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.core.management.base import CommandError

from tocsin.core.document import nearest
from tocsin.core.policy import BadPolicy
from tocsin.desk.names import Names
from tocsin.directory.client import Client, Service
from tocsin.management.policy.lint import counted
from tocsin.standard.history import Place, places
from tocsin.standard.terms import terms_for


def show(command: Any, client: Client, slug: str, *, now: datetime) -> None:
    """Each target with who promised it, those first that differ from the standard; merged, and what lies beneath."""
    place = next((each for each in places(now) if each.client == client), None)
    if place is None:
        raise CommandError(f"{client} has no contract, has left, or was promised a standard that was never adopted.")
    service = _service(client, slug) if slug else None
    try:
        terms = terms_for(client, service, place.version, at=now)
    except BadPolicy as mistakes:
        command.stdout.write(str(mistakes))
        raise CommandError(f"The contract of {client} does not fit {place.version}.") from None
    command.stdout.write(f"{client}{f', {service.name},' if service else ''} works by {place.version}{_since(place)}.")
    rows = []
    for choice in terms.choices:
        source, _, target = choice.winner.partition(": ")
        rows.append((bool(choice.losers), choice.clock, choice.priority, target, source, "; ".join(choice.losers)))
    many = sum(row[0] for row in rows)
    differ = "differs" if many == 1 else "differ"
    command.stdout.write(f"{counted(many, 'target')} of its contract {differ} from the standard's.".capitalize())
    widths = [max(len(row[column]) for row in rows) for column in range(1, 5)]
    for differs, *cells, instead in sorted(rows, key=lambda row: not row[0]):
        line = "  ".join(f"{cell:<{width}}" for cell, width in zip(cells, widths, strict=True))
        command.stdout.write(f"  {line}{f'  instead of {instead}' if differs else ''}".rstrip())


def _since(place: Place) -> str:
    by = f" by {Names([place.by])(place.by)}" if place.by else ""
    instead = f", in place of {place.named}" if place.named != place.version.name else ""
    end = f", a pilot until {place.until.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if place.until else ""
    return f"{instead} since {place.since.astimezone(UTC):%Y-%m-%d %H:%M} UTC{by}{end}"


def _service(client: Client, slug: str) -> Service:
    found = Service.objects.filter(client=client, slug=slug).first()
    if found is None:
        known = Service.objects.filter(client=client).values_list("slug", flat=True)
        raise CommandError(f"{client} has no service {slug!r}: {nearest(slug, known)}")
    return found
