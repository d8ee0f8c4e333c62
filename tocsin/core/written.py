"""Which hours did somebody write down, and could anybody keep them?"""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Final

from tocsin.core.span import Span

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
EXAMPLE: Final = 'such as mon = [["09:00", "17:00"]]'
_CLOCK: Final = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])|24:00")
_NO_LIST: Final = '{!r} is no list of spans: write pairs of times, such as [["09:00", "17:00"]].'


class BadHours(ValueError):
    """Hours nobody can keep; the text names the day or date and the remedy."""


def week(written: object) -> tuple[tuple[Span, ...], ...]:
    """The spans of Monday to Sunday from `{"mon": [["09:00", "17:00"]], …}`; a day left out has none."""
    if not isinstance(written, Mapping):
        raise BadHours(f"The week maps days to spans, {EXAMPLE}, not {written!r}.")
    for day in written:
        if day not in DAYS:
            raise BadHours(f"No day is called {day!r}: write {', '.join(DAYS)}.")
    return tuple(spans(written.get(day, ()), whose=day) for day in DAYS)


def closed(written: object) -> dict[date, str]:
    """Closed dates with their names, in order; the name is empty where nobody gave one."""
    if isinstance(written, str) or not isinstance(written, Iterable):
        raise BadHours(f"closed is a list of dates, such as ['2026-12-25'], or dates with names, not {written!r}.")
    named = written if isinstance(written, Mapping) else dict.fromkeys(written, "")
    return dict(sorted((_date(day, whose="closed"), str(name or "")) for day, name in named.items()))


def dates(written: object, *, whose: str) -> dict[date, tuple[Span, ...]]:
    """Dates with their spans, in order, from `{"2026-12-24": [["09:00", "12:00"]]}`; None is no dates."""
    if not isinstance(written, Mapping | None):
        raise BadHours(f'{whose} maps dates to spans, such as {{"2026-12-24": [["09:00", "12:00"]]}}, not {written!r}.')
    found = {_date(day, whose=whose): spans(of, whose=f"{whose} {day}") for day, of in (written or {}).items()}
    if len(found) < len(written or {}):
        raise BadHours(f"{whose} names a date twice, as a date and as text: keep one of them.")
    return dict(sorted(found.items()))


def spans(written: object, *, whose: str) -> tuple[Span, ...]:
    """The spans of one day from a list of pairs such as `[("09:00", "12:00"), ("13:00", "17:00")]`, in order.

    Raises BadHours for a malformed time, a span that does not end after it starts, and two that overlap. Two that
    only touch are fine. (semantics 1)
    """
    if not isinstance(written, list | tuple):
        raise BadHours(f"{whose}: {_NO_LIST.format(written)}")
    found = sorted(_span(pair, whose) for pair in written)
    for span in found:
        if span.closes <= span.opens:
            raise BadHours(
                f"{whose}: {span} does not end after it starts: end it later, "
                "or write a night shift as two spans, up to 24:00 and from 00:00 on the next day."
            )
    for one, other in pairwise(found):
        if other.opens < one.closes:
            raise BadHours(f"{whose}: {one} and {other} overlap: join them into one span.")
    return tuple(found)


def _span(written: object, whose: str) -> Span:
    if not isinstance(written, list | tuple) or len(written) != 2:
        raise BadHours(f"{whose}: {_NO_LIST.format(written)}")
    opens, closes = written
    return Span(_time(opens, whose), _time(closes, whose))


def _time(written: object, whose: str) -> timedelta:
    clock = _CLOCK.fullmatch(written) if isinstance(written, str) else None
    if clock is None:
        raise BadHours(f"{whose}: {written!r} is no time of day: write hours and minutes, from '00:00' to '24:00'.")
    return timedelta(hours=int(clock[1]), minutes=int(clock[2])) if clock[1] else timedelta(days=1)


def _date(written: object, *, whose: str) -> date:
    if isinstance(written, date) and not isinstance(written, datetime):
        return written
    try:
        day = date.fromisoformat(str(written))
    except ValueError:
        day = None
    if day is None or day.isoformat() != written:
        raise BadHours(f"{whose}: {written!r} is no date: write year, month and day, such as '2026-12-25'.")
    return day
