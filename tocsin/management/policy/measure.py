"""What has a pilot changed at its client?"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.core.management.base import CommandError, CommandParser

from tocsin.core.explain import name_of
from tocsin.core.metrics import hours, percent
from tocsin.desk.names import Names
from tocsin.management.policy.stepping import client_of
from tocsin.standard.history import places
from tocsin.trials.pilot import Measured, Times, Window, measure

NAME = "measure"
HELP = """
Hold a pilot against as long a time before it: time to acknowledge and to resolve, promises kept, pages per person.

It counts what was reported in each of the two, with n beside every figure, and says so where n is too small to
tell. Working time is that of the promise's own hours. It changes nothing.
"""
EXAMPLE = """
tocsin policy measure acme                                       the pilot that is going on there
tocsin policy measure acme --since 2026-11-01 --until 2026-12-01
"""
NEEDS_DESK = True


def add_arguments(parser: CommandParser) -> None:
    parser.add_argument("client", metavar="SLUG", help="the client")
    parser.add_argument("--since", metavar="DAY", help="from this day on, UTC (default: when its pilot began)")
    parser.add_argument("--until", metavar="DAY", help="until that day begins (default: now, or the pilot's end)")


def handle(command: Any, *, client: str, since: str | None, until: str | None, **_: Any) -> None:
    chosen, now = client_of(client), datetime.now(UTC)
    start, end = _day(since), _day(until)
    if start is None:
        place = next((each for each in places(now) if each.client == chosen and each.until), None)
        if place is None:
            raise CommandError(f"No pilot goes on at {chosen}: say from which day on, --since 2026-11-01.")
        start, end = place.since, end or place.until
    if start >= now:
        raise CommandError(f"{start:%Y-%m-%d} has not come yet: there is nothing to measure.")
    command.stdout.write(_told(measure(chosen, since=start, until=end, now=now)), ending="")


def _day(word: str | None) -> datetime | None:
    if word is None:
        return None
    try:
        return datetime.fromisoformat(word).replace(tzinfo=UTC)
    except ValueError:
        raise CommandError(f"{word!r} is no day: write it as 2026-11-01.") from None


def _told(measured: Measured) -> str:
    before, during = measured.before, measured.during
    lines = [f"{measured.client}, {_window(before)} and {_window(during)}", measured.acknowledging, measured.resolving]
    for what, attribute in (("time to acknowledge", "acknowledged"), ("time to resolve", "resolved")):
        for working in (True, False):
            pair = [_times(getattr(window, attribute), working=working) for window in (before, during)]
            lines.append(f"  {what}, {'working time' if working else 'elapsed'}: {pair[0]} → {pair[1]}")
    for clock in dict.fromkeys((*before.met, *before.breached, *during.met, *during.breached)):
        pair = [_kept(window, clock) for window in (before, during)]
        lines.append(f"  {name_of(clock)} kept: {pair[0]} → {pair[1]}")
    people = sorted({*before.pages, *during.pages})
    names = Names(people)
    lines += [f"  pages to {names(who)}: {before.pages[who]} → {during.pages[who]}" for who in people]
    return "".join(f"{line}\n" for line in lines)


def _window(window: Window) -> str:
    many = f"{window.tickets} ticket{'' if window.tickets == 1 else 's'}"
    return f"{window.start:%Y-%m-%d %H:%M} to {window.end:%Y-%m-%d %H:%M} UTC ({many})"


def _times(times: Times, *, working: bool) -> str:
    found = times.figures(working=working)
    if not found.n:
        return "no data"
    return f"median {hours(found.median)}, mean {hours(found.mean)}, p90 {hours(found.p90)} (n = {found.n})"


def _kept(window: Window, clock: str) -> str:
    return f"{percent(window.attainment(clock))} (n = {window.met[clock] + window.breached[clock]})"
