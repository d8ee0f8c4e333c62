"""What was done to a standard, when, by whom and why; and who works by which version now?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from tocsin.directory.client import Client
from tocsin.log.event import Event
from tocsin.standard.fits import signed
from tocsin.standard.standing import ROLLBACK, Standing, own, standings
from tocsin.standard.steps import ADOPTED, STEPS
from tocsin.standard.version import Policy, PolicyVersion


@dataclass(frozen=True, slots=True)
class Step:
    """One event of a standard's log. `clients` are those it changed, `everywhere` says it changed all the others too.

    `version` is what it is about: the one adopted, piloted, rolled out, or rolled back. `batch` undoes it (life.py);
    `undone_in` is the batch that did, None while it stands. `until` is a pilot's end.
    """

    name: str
    batch: int
    kind: str
    at: datetime
    by: str
    why: str
    version: PolicyVersion | None
    everywhere: bool
    clients: tuple[Client, ...]
    until: datetime | None
    undoes: int | None
    undone_in: int | None

    @property
    def is_undoable(self) -> bool:
        """It put something in force, nobody undid it, and it is no rollback and no first version."""
        something = self.everywhere or bool(self.clients)
        first = self.kind == ADOPTED and self.version is not None and self.version.number == 1
        return something and self.undone_in is None and self.undoes is None and not first


@dataclass(frozen=True, slots=True)
class Place:
    """By which version a client works. `own` is False where it is that of everybody with its standard."""

    client: Client
    named: str
    version: PolicyVersion
    own: bool
    since: datetime
    until: datetime | None
    by: str
    batch: int

    def is_overdue(self, now: datetime) -> bool:
        """It is a pilot whose end has passed: somebody has to roll it out or back."""
        return self.until is not None and self.until <= now


def history(name: str) -> list[Step]:
    """The steps of the standard, the newest first: adopted, piloted, rolled out, rolled back."""
    policy = Policy.objects.filter(name=name).first()
    if policy is None:
        return []
    rows: dict[int, list[Standing]] = {}
    for row in standings().filter(policy=policy).select_related("client").order_by("pk"):
        rows.setdefault(row.batch, []).append(row)
    undone = {each[0].undoes: batch for batch, each in rows.items() if each[0].step == ROLLBACK}
    versions = {v.number: v for v in PolicyVersion.objects.filter(policy=policy).select_related("policy").defer("text")}
    events = list(Event.objects.filter(stream=policy.stream_name, kind__in=STEPS).order_by("seq"))
    about = {event.seq: event.data.get("number") for event in events}
    steps = []
    for event in events:
        places = rows.get(event.seq, [])
        number = about.get(event.data.get("undoes") or event.seq)
        steps.append(
            Step(
                name,
                event.seq,
                event.kind,
                event.effective_at,
                event.actor,
                str(event.data.get("why", "")),
                versions.get(number) if number else None,
                any(row.client is None for row in places),
                tuple(row.client for row in places if row.client is not None),
                next((row.until for row in places if row.until and row.step != ROLLBACK), None),
                event.data.get("undoes"),
                undone.get(event.seq),
            )
        )
    return steps[::-1]


def places(now: datetime) -> list[Place]:
    """By which version each client works, by client; who was promised what nobody adopted is left out."""
    rows = list(standings().order_by("pk"))
    general: Mapping[str, Standing] = {
        row.version.policy.name: row for row in rows if row.client_id is None and row.version is not None
    }
    theirs = own(rows)
    found = []
    for pk, each in signed(now).items():
        named = each.now.policy
        row = theirs.get((pk, named)) or general.get(named)
        if row is not None and row.version is not None:
            is_own = row.client_id is not None
            place = Place(each.client, named, row.version, is_own, row.since, row.until, row.by, row.batch)
            found.append(place)
    return found
