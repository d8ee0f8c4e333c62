"""Is everything done that was due? Asked of every row, by a few statements that indexes answer.

A figure that only counts what the engine has done says nothing about what it forgot. So the audit looks at what lies
there: tickets, rosters, letters, bodies, engines, the day's seal. (semantics 10)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat

from tocsin.desk.intake_item import IntakeItem
from tocsin.desk.ticket import Ticket
from tocsin.directory.person import Person
from tocsin.directory.roster import Roster
from tocsin.engine.alarms import ALARM
from tocsin.engine.beat import Beat
from tocsin.log.root import Root
from tocsin.outbox.delivery import Delivery
from tocsin.outbox.lease import HELD_FOR

SEALED_WITHIN = timedelta(hours=1)
UNHEARD_FOR = timedelta(hours=1)  # so long after its last try a letter that reached nobody is news
NAMED = 5
KINDS = (
    *("tickets", "held", "rosters", "letters", "unheard", "nobody", "bodies", "deciding", "sending"),
    *("seal", "proof", "audit"),
)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that ought not to be: how many rows, the seconds the longest has waited, and a sentence."""

    kind: str
    count: int
    worst_s: float
    says: str

    def plain(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Late:
    """How many have waited for longer than they should, and the longest of them, in seconds."""

    count: int
    worst_s: float


def audit(now: datetime, limit: timedelta) -> Iterator[Finding]:
    """Everything that has waited for longer than `limit`, is held back by an error, or stands still."""
    late = tickets(now, limit)
    if late.count:
        yield _waiting("tickets", late, "ticket is due to be looked at", "tickets are due to be looked at")
    if held := list(_held(now, limit).values_list("number", "look_at")):
        numbers = ", ".join(number for number, _ in held[:NAMED]) + (" and more" if len(held) > NAMED else "")
        worst = _seconds(now, min(at for _, at in held))
        are = "ticket raises errors and is" if len(held) == 1 else "tickets raise errors and are"
        yield Finding("held", len(held), worst, f"{len(held)} {are} held back: {numbers}; the log says why.")
    late = _late(Roster.objects.filter(look_at__lt=now - limit, ended_at=None), "look_at", now)
    if late.count:
        one, many = "roster is due to be looked at for holes", "rosters are due to be looked at for holes"
        yield _waiting("rosters", late, one, many)
    late = letters(now, limit)
    if late.count:
        why = _late_letters(now, limit).exclude(error="").order_by("due_at").values_list("error", flat=True).first()
        because = f" Last said: {why}" if why else ""
        yield _waiting("letters", late, "letter is due and not sent", "letters are due and not sent", because)
    if unheard := _unheard(now).count():
        said = "letter reached nobody, and nobody" if unheard == 1 else "letters reached nobody, and nobody"
        yield Finding("unheard", unheard, 0.0, f"{unheard} {said} could be told of it.")
    yield from _nobody()
    late = bodies(now, limit)
    if late.count:
        yield _waiting("bodies", late, "alert that came in is not read", "alerts that came in are not read")
    yield from _engines(now, limit)
    yield from _seal(now)


def tickets(now: datetime, limit: timedelta) -> Late:
    """Those that should have been looked at, and are not held back by an error."""
    due = Ticket.objects.filter(look_at__lt=now - limit)
    return _late(due.filter(Q(not_before=None) | Q(not_before__lt=now - limit)), "look_at", now)


def letters(now: datetime, limit: timedelta) -> Late:
    """Those that should be with their people, whether nobody has tried or every try was in vain.

    Not those of which somebody else was told: one mailbox that is full for hours must not silence the heartbeat.
    """
    return _late(_late_letters(now, limit), "due_at", now)


def bodies(now: datetime, limit: timedelta) -> Late:
    """Those that came in, were answered 202, and have not been read."""
    # Spelled out, for SQLite uses a partial index only where it reads the index's own condition.
    new = IntakeItem.objects.extra(where=["tocsin_intakeitem.state = 'new'"])
    return _late(new.filter(received_at__lt=now - limit), "received_at", now)


def _held(now: datetime, limit: timedelta) -> QuerySet[Ticket]:
    return Ticket.objects.filter(look_at__lt=now - limit, not_before__gte=now - limit).order_by("look_at")


def _late_letters(now: datetime, limit: timedelta) -> QuerySet[Delivery]:
    edge = now - limit
    tried = Q(not_before__lt=edge) | ~Q(error="") | Q(state="sending")  # else it was put off by whoever queued it
    return Delivery.objects.waiting().filter(tried, ~Exists(_alarms().filter(state="sent")), due_at__lt=edge)


def _alarms() -> QuerySet[Delivery]:
    """The letters by which somebody else is told that a letter does not arrive."""
    same = Q(ticket_id=OuterRef("ticket_id")) | Q(ticket_id=None)
    return Delivery.objects.filter(same, key=Concat(Value(ALARM), OuterRef("key")))


def _unheard(now: datetime) -> QuerySet[Delivery]:
    """Letters with no way left whose alarm did not arrive either."""
    dead = Delivery.objects.extra(where=["tocsin_delivery.state = 'dead'"]).filter(not_before__gt=now - UNHEARD_FOR)
    return dead.exclude(key__startswith=ALARM).filter(~Exists(_alarms().exclude(state="dead")))


def _nobody() -> Iterator[Finding]:
    """Whoever is told where nobody holds a role is somebody who can be reached: without such a one nobody is told."""
    if Person.objects.filter(active=True).exclude(ways=[], email="").exists():
        return
    watched = Ticket.objects.filter(look_at__isnull=False)
    if count := watched.count():
        numbers = ", ".join(watched.order_by("look_at").values_list("number", flat=True)[:NAMED])
        more = " and more" if count > NAMED else ""
        yield Finding("nobody", count, 0.0, f"Nobody who works here can be reached: nobody is told of {numbers}{more}.")


def _engines(now: datetime, limit: timedelta) -> Iterator[Finding]:
    beats = Beat.objects.filter(stopped_at=None)
    for kind, column, patience in (("deciding", "last_turn_at", limit), ("sending", "last_send_at", limit + HELD_FOR)):
        last = beats.aggregate(last=Max(column))["last"]
        if last is None or now - last > patience:
            since = f" for {spoken(_seconds(now, last))}" if last else ""
            yield Finding(kind, 1, _seconds(now, last), f"No engine has been {kind}{since}.")


def _seal(now: datetime) -> Iterator[Finding]:
    troubles = Beat.objects.filter(stopped_at=None).exclude(trouble="").values_list("trouble", flat=True)
    newest = Root.objects.aggregate(day=Max("day"))["day"]
    if newest is not None and newest >= (now - SEALED_WITHIN).date():
        return
    why = next(iter(troubles), "no engine could sign it")
    yield Finding("seal", 1, 0.0, f"The log of the day is not sealed: {why}")


def _late(rows: QuerySet[Any], column: str, now: datetime) -> Late:
    found = rows.aggregate(count=Count("pk"), first=Min(column))
    return Late(found["count"], _seconds(now, found["first"]))


def _waiting(kind: str, late: Late, one: str, many: str, more: str = "") -> Finding:
    what = f"{late.count} {one if late.count == 1 else many}, the longest for {spoken(late.worst_s)}.{more}"
    return Finding(kind, late.count, late.worst_s, what)


def _seconds(now: datetime, then: datetime | None) -> float:
    return round((now - then).total_seconds(), 1) if then else 0.0


def spoken(seconds: float) -> str:
    """A length of time in words: 45 s, 3 min, 2 h 5 min."""
    minutes = int(seconds // 60)
    if minutes == 0:
        return f"{seconds:.0f} s"
    if minutes < 60:
        return f"{minutes} min"
    return f"{minutes // 60} h" + (f" {minutes % 60} min" if minutes % 60 else "")
