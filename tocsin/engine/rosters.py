"""Which holes are ahead in a roster, and has its owner heard of them?

Looked at once a day, at each change of the roster, and when a hole comes near: each is told when it is first seen, once
more when it begins within a day, and daily while it lasts; and anew once it was closed and is open again. (semantics 6)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

import structlog
from django.db import DatabaseError, connection, transaction
from django.db.models import QuerySet

from tocsin.desk.phrases import lasted
from tocsin.directory.duty import AHEAD, FURTHEST, Hole, ahead, holes, working, zone_of
from tocsin.directory.holders import Holders
from tocsin.directory.person import Person, here
from tocsin.directory.roster import Roster
from tocsin.engine import duties
from tocsin.engine.others import others
from tocsin.log.append import append
from tocsin.log.chain import Draft
from tocsin.log.event import Event
from tocsin.outbox.queue import Letter, queue

BATCH = 100
NEAR = EVERY = timedelta(days=1)
PUT_OFF = timedelta(hours=1)
SHOWN = 5
AT = "%a %d %b %Y %H:%M"

log = structlog.get_logger(__name__)


def turn(now: datetime) -> int:
    """Whoever keeps a roster whose time has come has been told of the holes ahead; returns how many rosters."""
    if not _due(now).exists():
        return 0
    with transaction.atomic():
        rosters = _due(now).order_by("look_at").select_related("owner", "fallback")
        if connection.features.has_select_for_update_skip_locked:
            rosters = rosters.select_for_update(skip_locked=True, of=("self",))
        found, at_work = list(rosters[:BATCH]), working()
        for roster in found:
            try:
                with transaction.atomic():
                    duties.tell(roster, at_work, now)
                    _look(roster, at_work, now)
            except DatabaseError:
                raise
            except Exception as error:  # one that raises is put off, and stops neither the others nor a clock
                log.error("a roster raised", roster=roster.pk, exc_info=error)
                Roster.objects.filter(pk=roster.pk).update(look_at=now + PUT_OFF)
    return len(found)


def _due(now: datetime) -> QuerySet[Roster]:
    return Roster.objects.filter(look_at__lte=now, ended_at=None)


def _look(roster: Roster, at_work: Collection[str], now: datetime) -> None:
    found = ahead(roster, now, at_work)
    closed, times = _closed(roster, found, now)
    keys = {_key(roster, hole, times, at_work, now): hole for hole in found}
    known = Event.objects.filter(stream=roster.stream_name, key__in=keys).values_list("key", flat=True)
    new = {key: hole for key, hole in keys.items() if key not in set(known)}
    who = _who(roster, now) if new else None
    data = {"told": [who.actor] if who else []}
    drafts = [
        *(Draft("hole_closed", now, "engine", {"start": start}) for start in closed),
        *(
            Draft("hole_ahead", now, "engine", data | {"start": hole.start, "end": hole.end}, key=key)
            for key, hole in new.items()
        ),
    ]
    if drafts:
        append(roster, drafts, now=now, client_id=roster.client_id)
    if who:
        queue([_letter(roster, list(dict.fromkeys(new.values())), who, f"roster/{roster.head_seq}", now)])
    comes_near = [hole.start - NEAR for hole in found if hole.start - NEAR > now]
    roster.look_at = min([now + EVERY, *comes_near])
    roster.save(update_fields=["look_at"])


def _closed(roster: Roster, found: Sequence[Hole], now: datetime) -> tuple[list[datetime], Counter[datetime]]:
    """The holes to come that were told and are no more, and how often each was seen closed, by when it would begin."""
    told: dict[datetime, str] = {}
    times: Counter[datetime] = Counter()
    events = Event.objects.filter(stream=roster.stream_name, kind__in=("hole_ahead", "hole_closed"))
    for event in events.filter(recorded_at__gt=now - 2 * AHEAD).order_by("seq"):
        start = datetime.fromisoformat(event.data["start"])
        told[start] = event.kind
        times[start] += event.kind == "hole_closed"
    still = {hole.start for hole in found}
    closed = [start for start, kind in told.items() if kind == "hole_ahead" and start > now and start not in still]
    return closed, times


def _key(roster: Roster, hole: Hole, times: Counter[datetime], at_work: Collection[str], now: datetime) -> str:
    """Under which key a hole is told: far, near, and, once it has begun, when it began, later day by day."""
    if hole.start <= now:
        before = holes(roster, now - NEAR, now + timedelta(minutes=1), at_work)
        begun = before[-1].start if before else now
        return f"hole/on/{begun:%Y-%m-%dT%H:%M:%S}" if begun > now - NEAR else f"hole/on/{now:%Y-%m-%d}"
    start = f"{hole.start:%Y-%m-%dT%H:%M}" + (f"/{times[hole.start] + 1}" if times[hole.start] else "")
    return f"hole/near/{start}" if hole.start - now <= NEAR else f"hole/{start}"


def _who(roster: Roster, now: datetime) -> Person | None:
    """Its owner; where they have left, its fallback, else whoever hears of what concerns nobody."""
    known = Holders.of([roster.client_id] if roster.client_id else [], at=now)
    return here(roster.owner) or here(roster.fallback) or next(others(known, roster.client_id, None, None), None)


def _letter(roster: Roster, found: Sequence[Hole], who: Person, key: str, now: datetime) -> Letter:
    first = found[0]
    lines = [
        f"- {_span(roster, hole, now)}" + ("" if _endless(hole, now) else f" ({lasted(hole.end - hole.start)})")
        for hole in found[:SHOWN]
    ]
    more = [f"- and {len(found) - SHOWN} more: see On call"] if len(found) > SHOWN else []
    stands_in = here(roster.fallback)
    why = "you keep this roster" if who == roster.owner else "whoever keeps it has left or is unnamed"
    meanwhile = f"goes to {stands_in}, its fallback" if stands_in else "has no fallback to go to: name one"
    return Letter(
        client_id=roster.client_id,
        ticket_id=None,
        key=f"{key}@{roster.pk}/{who.actor}",
        person=who.actor,
        ways=who.how_to_reach(),
        subject=f"Nobody is on duty as {roster.role}: {_span(roster, first, now)}",
        body=(
            f"{who}, by the roster {roster.name} nobody is on duty:\n\n"
            + "\n".join([*lines, *more])
            + f"\n\nA page sent then {meanwhile}. On the page On call somebody can take it over, or the roster be "
            f"changed.\n\nWhy you: {why}."
        ),
        due_at=now,
    )


def _span(roster: Roster, hole: Hole, now: datetime) -> str:
    there = zone_of(roster)
    if _endless(hole, now):
        return f"from {hole.start.astimezone(there):{AT} %Z} on, and nobody is foreseen after it"
    return f"{hole.start.astimezone(there):{AT}} to {hole.end.astimezone(there):{AT} %Z}"


def _endless(hole: Hole, now: datetime) -> bool:
    """Its end is further off than anybody looked."""
    return hole.end >= now + FURTHEST
