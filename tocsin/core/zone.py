"""What do the clocks on the wall show in a time zone, and when are they changed?"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from functools import lru_cache
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo, available_timezones

_STEP: Final = timedelta(hours=6)
_GRAIN: Final = timedelta(seconds=1)


class UnknownZone(ValueError):
    """No time zone has this name; the text names one that is close, if any."""


class Piece(NamedTuple):
    """The instants [begin, until) in UTC during which the clocks of a zone are `offset` ahead of UTC."""

    begin: datetime
    until: datetime
    offset: timedelta


@lru_cache(maxsize=1024)
def named(name: str) -> ZoneInfo:
    """The time zone of this IANA name (`Europe/London`, `UTC`); another name raises UnknownZone."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError, TypeError):
        close = get_close_matches(str(name), available_timezones(), n=1)
        remedy = f"did you mean {close[0]!r}?" if close else "write an IANA name, such as 'Europe/London' or 'UTC'."
        raise UnknownZone(f"No time zone is called {name!r}: {remedy}") from None


@lru_cache(maxsize=8192)
def pieces(name: str, year: int) -> tuple[Piece, ...]:
    """The UTC year cut where the clocks of the zone change, exact to the second, in order and without a hole.

    Found by asking what the clocks show, since zoneinfo lists no changes; every change is at a whole second.
    """
    there = named(name)
    begin, end = datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)
    found: list[Piece] = []
    at, offset = begin, _offset(there, begin)
    while at < end:
        later = min(at + _STEP, end)
        if later < end and _offset(there, later) == offset:
            at = later
            continue
        changed = _change(there, at, later, offset)
        found.append(Piece(begin, changed, offset))
        at = begin = changed
        offset = _offset(there, changed)
    return tuple(found)


def instant(name: str, wall: datetime) -> datetime:
    """The UTC instant at which the clocks of the zone show `wall` (naive).

    Skipped when the clocks went forward: the first instant after the gap. Shown twice when they went back: the
    first of the two. (semantics 1)
    """
    wall = wall.replace(tzinfo=UTC)
    for piece in _around(name, wall.year):
        if wall - piece.offset < piece.until:
            return max(piece.begin, wall - piece.offset)
    raise AssertionError("the clocks of a zone are never more than a day from UTC")


def _around(name: str, year: int) -> Iterator[Piece]:
    for near in (year - 1, year, year + 1):
        yield from pieces(name, near)


def _offset(there: ZoneInfo, at: datetime) -> timedelta:
    return at.astimezone(there).utcoffset() or timedelta(0)


def _change(there: ZoneInfo, before: datetime, after: datetime, offset: timedelta) -> datetime:
    """The first second in (before, after] at which the offset is no longer `offset`; `after` when there is none."""
    while after - before > _GRAIN:
        middle = before + (after - before) // _GRAIN // 2 * _GRAIN
        if _offset(there, middle) == offset:
            before = middle
        else:
            after = middle
    return after
