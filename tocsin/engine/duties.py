"""Who hears that somebody else changed when they are on duty, or asks them for a swap?

Each change is told once to those whose duty it changes within two weeks of it, and who did not make it themselves.
(semantics 6)
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import structlog

from tocsin.core.rota import Rota, Shift
from tocsin.directory.duty import AHEAD, FURTHEST, UNREADABLE, here_of, names, zone_of
from tocsin.directory.person import Person
from tocsin.directory.roster import Roster
from tocsin.log.append import append
from tocsin.log.chain import Draft
from tocsin.log.event import Event
from tocsin.outbox.queue import Letter, queue

RECENT = timedelta(days=2)  # what was done longer ago is no news
SHOWN = 5
AT = "%a %d %b %Y %H:%M"
PROPOSED = "roster_swap_proposed"

Span = tuple[datetime, datetime]
log = structlog.get_logger(__name__)


def tell(roster: Roster, at_work: Collection[str], now: datetime) -> None:
    """Whoever is on duty otherwise, and whoever is asked for a swap, has a letter, if somebody else did it."""
    done = Event.objects.filter(stream=roster.stream_name, kind__startswith="roster_").order_by("seq")
    recent = list(done.filter(recorded_at__gt=now - RECENT).exclude(kind="roster_added"))
    if not recent:
        return
    before = done.filter(seq__lt=recent[0].seq).last()
    known = set(Event.objects.filter(stream=roster.stream_name, kind="duty_told").values_list("key", flat=True))
    for was, event in pairwise([before, *recent]):
        key = f"duty/{event.seq}" if event else ""
        if was is None or event is None or key in known:
            continue
        texts = _asked(event) if event.kind == PROPOSED else _changed(roster, was.data, event, now)
        people = here_of([who for who in texts if who in at_work and who != event.actor])
        if people:
            told = {"of": event.seq, "told": sorted(people)}
            append(roster, [Draft("duty_told", now, "engine", told, key=key)], now=now, client_id=roster.client_id)
            queue([_letter(roster, event, person, *texts[who], now) for who, person in people.items()])


def _asked(event: Event) -> dict[str, tuple[list[Span], list[Span]]]:
    """Whoever was asked for a swap: what they would have, and what they would give."""
    swap = event.data["swap"]
    mine, theirs = ([_span(swap[end])] for end in ("mine", "theirs"))
    return {swap["with"]: (mine, theirs)}


def _changed(
    roster: Roster, was: dict[str, Any], event: Event, now: datetime
) -> dict[str, tuple[list[Span], list[Span]]]:
    """Whose duty is another by the event: when they have it by now, and when they have it no more."""
    until = event.recorded_at + AHEAD
    if now >= until or was["spec"] == event.data["spec"]:
        return {}
    try:
        rotas = (Rota.from_spec(spec) for spec in (was["spec"], event.data["spec"]))
        before, after = (_spans(rota.shifts(now, now + FURTHEST)) for rota in rotas)
    except UNREADABLE as error:
        log.error("a roster cannot be read", roster=roster.pk, why=str(error))
        return {}
    both = {
        who: (_less(after.get(who, []), before.get(who, [])), _less(before.get(who, []), after.get(who, [])))
        for who in {*before, *after}
    }
    return {who: spans for who, spans in both.items() if any(start < until for each in spans for start, _ in each)}


def _spans(shifts: Iterable[Shift]) -> dict[str, list[Span]]:
    """When each is on duty, with whomever."""
    found: dict[str, list[Span]] = {}
    for start, end, people in shifts:
        for who in people:
            theirs = found.setdefault(who, [])
            if theirs and theirs[-1][1] == start:
                theirs[-1] = (theirs[-1][0], end)
            else:
                theirs.append((start, end))
    return found


def _less(spans: Iterable[Span], others: Iterable[Span]) -> list[Span]:
    """What is left of them without the others; all are in order."""
    found = []
    others = list(others)
    for start, end in spans:
        for a, b in others:
            if b <= start or end <= a:
                continue
            if start < a:
                found.append((start, a))
            start = b
        if start < end:
            found.append((start, end))
    return found


def _letter(roster: Roster, event: Event, person: Person, gets: list[Span], gives: list[Span], now: datetime) -> Letter:
    by = names().get(event.actor, event.actor)
    reason = str(event.data.get("reason", ""))
    if event.kind == PROPOSED:
        subject = f"{by} asks you to swap a shift as {roster.role}"
        said, has, has_not = f"{by} proposes a swap by the roster {roster.name}.", "You would have", "You would give"
        remedy = "On the roster's page you can agree or call it off; until then nothing changes."
        why = f"one of the two shifts is yours, and {by} asks you"
    else:
        subject = f"You are on duty as {roster.role}" if gets else f"You are not on duty as {roster.role}"
        subject += f": {_said(roster, (gets or gives)[0], now)}"
        said = f"{by} changed when you are on duty by the roster {roster.name}."
        has, has_not = "You are on duty", "You are not on duty any more"
        remedy = "On the roster's page you can take over, swap or undo."
        why = f"your duty of the next two weeks is another, and it was {by} who changed it"
    parts = [f"{title}:\n{_listed(roster, spans, now)}" for title, spans in ((has, gets), (has_not, gives)) if spans]
    body = "\n\n".join([f"{person}, {said}", *parts, f"Why: {reason}", remedy, f"Why you: {why}."])
    return Letter(
        client_id=roster.client_id,
        ticket_id=None,
        key=f"duty/{event.seq}@{roster.pk}/{person.actor}",
        person=person.actor,
        ways=person.how_to_reach(),
        subject=subject,
        body=body,
        due_at=now,
    )


def _listed(roster: Roster, spans: list[Span], now: datetime) -> str:
    more = [f"- and {len(spans) - SHOWN} more: see On call"] if len(spans) > SHOWN else []
    return "\n".join([*(f"- {_said(roster, span, now)}" for span in spans[:SHOWN]), *more])


def _said(roster: Roster, span: Span, now: datetime) -> str:
    start, end = (at.astimezone(zone_of(roster)) for at in span)
    if end >= now + FURTHEST:
        return f"from {start:{AT} %Z} on"
    return f"{start:{AT}} to {end:{AT} %Z}"


def _span(written: list[str]) -> Span:
    start, end = (datetime.fromisoformat(at) for at in written)
    return start, end
