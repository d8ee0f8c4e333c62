"""Which calendars does a standard declare, and on the hours of which zone?

`always` and `support` are always there; a document may add its own, of which each is open at some minute. (semantics 1)
"""

from __future__ import annotations

import re
from collections.abc import Callable

from tocsin.core.agreed import ALWAYS, CLIENT, SUPPORT
from tocsin.core.document import Part, nearest
from tocsin.core.hours import BadCalendar, Calendar
from tocsin.core.written import DAYS, BadHours, closed, spans
from tocsin.core.zone import UnknownZone, named

Pairs = list[tuple[str, str]]

_SPAN = re.compile(r"([0-9]{2}:[0-9]{2})-([0-9]{2}:[0-9]{2})")


def calendars(top: Part, *, zone: str) -> dict[str, Calendar]:
    """The document's own calendars by name, those of the zone `client` in the client's, which is `zone`."""
    found = {}
    for name, part in top.named("calendars", "calendars.*").items():
        if name in (ALWAYS, SUPPORT):
            part.note(None, f"{name!r} is there already: give the calendar another name.")
            continue
        found[name] = _calendar(part, zone) or Calendar.always(zone)  # so that nothing else is noted because of it
    return found


def _calendar(part: Part, zone: str) -> Calendar | None:
    """The calendar a table describes; None where something of it was noted."""
    before = len(part.document.problems)
    title = part.text("title")
    said = part.text("zone", CLIENT)
    try:
        named(zone if said == CLIENT else said)
    except UnknownZone as error:
        part.note("zone", str(error))
    table = part.part("week")
    for day in table.content:
        if day not in DAYS:
            table.note(day, f"{day!r} is no day: {nearest(day, DAYS)}")
    week = {day: _spans(table, day, f"{day}") for day in DAYS if table.has(day)}
    days = [_date(part, ("closed", place), day) for place, day in enumerate(part.words("closed"))]
    replaced, breaks = (_by_date(part, key) for key in ("replaced", "breaks"))
    if len(part.document.problems) > before:
        return None
    try:
        return Calendar(zone if said == CLIENT else said, week, days, replaced, breaks, name=title)
    except BadCalendar:
        example = 'mon = ["09:00-17:00"]'
        part.note("week" if part.has("week") else None, f"This calendar is never open: give a day hours, as {example}.")
        return None


def _by_date(part: Part, key: str) -> dict[str, Pairs]:
    table = part.part(key)
    return {_date(part, (key, day), day): _spans(table, day, day) for day in table.content}


def _date(part: Part, at: tuple[str | int, ...], day: str) -> str:
    _checked(part, at, lambda: closed([day]), f"{day!r} is no date: write year, month and day, such as 2026-12-25.")
    return day


def _spans(table: Part, key: str, whose: str) -> Pairs:
    """The spans at the key, written as `09:00-17:00`, noted where nobody could keep them."""
    found: Pairs = []
    for place, said in enumerate(table.words(key)):
        written = _SPAN.fullmatch(said)
        if written is None:
            table.document.note(
                (*table.path, key, place), f"{said!r} is no span: write opening and closing, such as 09:00-17:00."
            )
        else:
            found.append((written[1], written[2]))
    _checked(table, (key,), lambda: spans(found, whose=whose))
    return found


def _checked(part: Part, at: tuple[str | int, ...], read: Callable[[], object], sentence: str = "") -> None:
    try:
        read()
    except BadHours as error:
        part.document.note((*part.path, *at), sentence or str(error))
