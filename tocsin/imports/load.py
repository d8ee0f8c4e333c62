"""How does another desk's past get on record here, once and no more?

A batch of incidents is one transaction: new rows and their events are one insert a table. What is imported keeps the
instants at which its origin recorded it, says when it came here (imported_at), and is never due.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import connection, transaction

import tocsin
from tocsin.core import policy
from tocsin.core.event import Event
from tocsin.core.hours import Calendar
from tocsin.desk import record
from tocsin.desk.refusal import Refusal
from tocsin.desk.ticket import Ticket
from tocsin.desk.timeline import PROJECTED, lock, show, story_of
from tocsin.directory import clients
from tocsin.directory.client import Client
from tocsin.imports.act import Act, Happening
from tocsin.log.append import insert
from tocsin.log.chain import Draft, Entry
from tocsin.log.event import Event as Row
from tocsin.log.rows import put
from tocsin.log.stream import HEAD
from tocsin.standard.adopt import adopt
from tocsin.standard.standing import everywhere
from tocsin.standard.terms import terms_of, version_for
from tocsin.standard.version import PolicyVersion

BATCH = 500

# What no origin tells yet is promised to nobody, so that no figure is made of it.
UNTOLD = ("response", "client_notified", "next_update")

STANDARD = "field-guide"
PRESET = Path(tocsin.__file__).with_name("policies") / f"{STANDARD}.toml"

_COLUMNS = tuple(Ticket._meta.concrete_fields)


@dataclass(frozen=True, slots=True)
class Past:
    """One incident of an origin: its own number there, a title, and what happened, in order."""

    number: str
    title: str
    acts: Sequence[Act]

    @property
    def length(self) -> int:
        """How many events it is on record."""
        return sum(len(act.happenings) for act in self.acts)


@dataclass(slots=True)
class Outcome:
    """What an import came to, in tickets; `left_out` says for each that could not be taken why."""

    added: int = 0
    grown: int = 0
    known: int = 0
    events: int = 0
    left_out: list[str] = field(default_factory=list)

    @property
    def seen(self) -> int:
        return self.added + self.grown + self.known + len(self.left_out)


@transaction.atomic
def practice(origin: str, name: str, *, now: datetime) -> Client:
    """The client whose tickets an origin's become, with a contract round the clock; made when it is not there yet.

    Under the preset, which is adopted where the desk has none of that name. The clocks no origin has an answer for
    (UNTOLD) promise nothing.
    """
    client = Client.objects.filter(slug=origin).first()
    if client is not None:
        return client
    by = f"import/{origin}"
    standing = everywhere(STANDARD)
    if standing is not None and standing.version_id is not None:
        version = PolicyVersion.objects.get(pk=standing.version_id)
    else:
        version = adopt(PRESET.read_text("utf-8"), file=PRESET.name, by=by, now=now)
    promised = policy.load(version.text).terms(hours=Calendar.always())
    targets = {name: dict.fromkeys(clock.targets, "none") for name, clock in promised.clocks.items() if name in UNTOLD}
    client = clients.add(name, slug=origin, by=by, now=now)
    clients.sign(
        client,
        hours=Calendar.always(),
        policy=STANDARD,
        overrides={"targets": targets},
        starts_on=date(1970, 1, 1),
        by=by,
        now=now,
    )
    return client


def load(origin: str, pasts: Iterable[Past], *, client: Client, now: datetime, size: int = BATCH) -> Iterator[Outcome]:
    """The incidents are tickets of the client, each with its whole log; yields the outcome so far after every `size`.

    An incident that is here already gets what its log lacks at the end, and is left alone when nothing is missing: a
    second run adds nothing. One whose log here is another than the origin's is left out and named. (semantics 2)
    """
    outcome = Outcome()
    desk = _Desk(origin, client, version_for(client), now)
    pasts = iter(pasts)
    while batch := list(islice(pasts, size)):
        with transaction.atomic():
            known = {
                external_id: (pk, events)
                for external_id, pk, events in Ticket.objects.filter(
                    client=client, external_id__in=[desk.external_id(past) for past in batch]
                ).values_list("external_id", "pk", "head_seq")
            }
            desk.add([past for past in batch if desk.external_id(past) not in known], outcome)
            for past in batch:
                pk, events = known.get(desk.external_id(past), (None, 0))
                if pk is None:
                    continue
                if events == past.length:
                    outcome.known += 1
                else:
                    desk.extend(past, pk, outcome)
        yield outcome


class _Desk:
    """Where the tickets of one origin go."""

    def __init__(self, origin: str, client: Client, version: PolicyVersion, now: datetime) -> None:
        self.origin = origin
        self.client = client
        self.version = version
        self.now = now

    def external_id(self, past: Past) -> str:
        return f"{self.origin}/{past.number}"

    def drafts(self, happenings: Iterable[Happening], ticket: Ticket, level: str) -> list[Draft]:
        return [
            Draft(
                happening.kind,
                happening.effective_at,
                f"import/{self.origin}/{happening.actor}",
                {**_fields(happening, ticket, level), **happening.data, "imported_at": self.now},
            )
            for happening in happenings
        ]

    def add(self, pasts: Sequence[Past], outcome: Outcome) -> None:
        """Each is a ticket, with its log and what it comes to."""
        entries: list[Entry] = []
        tickets = []
        for past, pk in zip(pasts, _keys(len(pasts)), strict=True):
            opening = past.acts[0].happenings[0]
            ticket = Ticket(
                pk=pk,
                client=self.client,
                number=f"{self.origin}-{past.number}",
                title=past.title,
                priority=opening.data["priority"],
                reported_at=opening.effective_at,
                opened_at=past.acts[0].recorded_at,
                policy_version=self.version,
                imported=True,
                external_id=self.external_id(past),
            )
            try:
                entries += self._tell(ticket, past.acts, [])
            except Refusal as refusal:
                outcome.left_out.append(str(refusal))
            else:
                tickets.append(ticket)
        put(Ticket, [column.name for column in _COLUMNS], (_values(ticket) for ticket in tickets))
        insert(entries)
        outcome.added += len(tickets)
        outcome.events += len(entries)

    def extend(self, past: Past, pk: int, outcome: Outcome) -> None:
        """The ticket has on record what the origin has told of it since, unless its log here says otherwise."""
        ticket = lock(pk)
        told = [happening for act in past.acts for happening in act.happenings]
        stored = Row.objects.filter(stream=ticket.stream_name).order_by("seq").values_list("kind", "effective_at")
        for seq, (here, there) in enumerate(zip(stored, told, strict=False), start=1):
            if here != (there.kind, there.effective_at):
                outcome.left_out.append(f"{past.number}: event {seq} is {here[0]} here and {there.kind} in the file")
                return
        if ticket.head_seq >= len(told):  # it has gone on here
            outcome.known += 1
            return
        try:
            entries = self._tell(ticket, _after(past.acts, ticket.head_seq), story_of(ticket))
        except Refusal as refusal:
            outcome.left_out.append(str(refusal))
            return
        insert(entries)
        ticket.save(update_fields=[*HEAD, *PROJECTED])
        outcome.grown += 1
        outcome.events += len(entries)

    def _tell(self, ticket: Ticket, acts: Iterable[Act], story: list[Event]) -> list[Entry]:
        """The ticket in memory has these acts behind it; the entries are yet to be stored."""
        terms = terms_of(ticket)
        entries = []
        for act in acts:
            drafts = self.drafts(act.happenings, ticket, terms.first_level)
            for draft, entry in zip(
                drafts, ticket.extend(drafts, now=act.recorded_at, client_id=self.client.pk), strict=True
            ):
                event = record.read(
                    entry.kind, entry.effective_at, entry.recorded_at, entry.seq, None, None, draft.data
                )
                if event is not None:
                    story.append(event)
                entries.append(entry)
        show(ticket, story, terms)
        return entries


def _fields(happening: Happening, ticket: Ticket, level: str) -> dict[str, Any]:
    """What an event of this kind has on record beside what the origin says."""
    if happening.kind == "opened":
        return {"level": level, "policy_version": ticket.policy_version_id, **ticket.as_opened}
    if happening.kind == "paused":
        return {"until": None}
    if happening.kind == "solved":
        # Whether whoever solved it had answered the client before is not told: so it answers nobody.
        return {"answers": False}
    return {}


def _after(acts: Iterable[Act], count: int) -> Iterator[Act]:
    """The acts without their first `count` happenings."""
    for act in acts:
        left = act.happenings[count:]
        count = max(0, count - len(act.happenings))
        if left:
            yield Act(act.recorded_at, left)


def _values(ticket: Ticket) -> list[Any]:
    return [getattr(ticket, column.attname) for column in _COLUMNS]


def _keys(count: int) -> list[int]:
    """Numbers for as many new tickets, nobody else's: so a row is written once, with the head of its log in it."""
    table = Ticket._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count]
            )
            return [number for (number,) in cursor.fetchall()]
        # The immediate transaction is the lock; the table remembers the highest number it ever had.
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        last = (cursor.fetchone() or (0,))[0]
        return list(range(last + 1, last + 1 + count))
