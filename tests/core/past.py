"""A past as another desk might have had it under a standard, judged by the real clock, some of its answers wrong."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from tocsin.core.clock import read
from tocsin.core.event import Closed, Event, Opened, Paused, Responded, Resumed, Solved
from tocsin.core.infer.history import Answered

POLICIES = Path(__file__).parents[2] / "tocsin" / "policies"
FIELD_GUIDE = POLICIES / "field-guide.toml"
MONDAY = datetime(2026, 1, 5, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
WEEKS = 16


def ticket(number=1, *, opened=MONDAY, took=4 * HOUR, kept=True, waits=(), priority="P1"):
    """A ticket that was solved, and nothing else is known of it."""
    return Answered(f"T{number}", priority, opened, {"solved": opened + took}, tuple(waits), kept)


def past(terms, clock: str, *, seed: int, count: int = 2000, flipped: float = 0.05) -> list[Answered]:
    """Tickets over some weeks, nights and weekends too, that took about as long as was promised, a few much longer.

    A third of them waits once or twice, for anybody the standard knows of. A share of the answers is the wrong one.
    """
    chance = Random(seed)
    promised = [p for p in terms.priorities if terms.clocks[clock].targets.get(p)]
    return [_ticket(terms, clock, promised[n % len(promised)], n, chance, flipped) for n in range(count)]


def _ticket(terms, clock, priority, number, chance, flipped):
    rules = terms.clocks[clock]
    duration, calendar = rules.targets[priority]
    opened_at = _arrival(chance)
    budget = calendar.budget(opened_at, duration)
    story: list[Event] = [Opened(opened_at, priority=priority)]
    waits = []

    def pass_time(at, share):
        return _to_the_minute(calendar.due(at, budget * share))

    work = 0.9 * math.exp(chance.gauss(0, 0.5))
    if clock == "response":
        responded_at = at = pass_time(opened_at, work)
        work = chance.uniform(0.5, 3)
    else:
        at, responded_at = opened_at, opened_at + timedelta(minutes=chance.randint(1, 20))
    for share in (0.4, 0.3) if chance.random() < 0.35 else ():
        start = pass_time(at, work * share)
        at = pass_time(start, chance.uniform(0.1, 1.2))
        waits.append((chance.choice([*terms.waits]), start, at))
        work *= 1 - share
    solved_at = pass_time(at, work)
    responded_at = min(responded_at, solved_at)
    closed_at = solved_at + timedelta(minutes=chance.randint(60, 5 * 24 * 60))
    story.append(Responded(responded_at))
    for party, start, until in waits:
        story += [Paused(start, on=party), Resumed(until)]
    story += [Solved(solved_at), Closed(closed_at)]
    kept = read(story, rules, now=closed_at).verdict == "met"
    if chance.random() < flipped:
        kept = not kept
    stops = {"responded": responded_at, "solved": solved_at, "closed": closed_at}
    return Answered(f"T{number:05}", priority, opened_at, stops, tuple(waits), kept)


def _arrival(chance):
    """Three in five by day in the week, the rest at any hour of it."""
    if chance.random() < 0.6:
        minutes = chance.randrange(5) * 24 * 60 + int(chance.triangular(7, 20, 11) * 60)
    else:
        minutes = chance.randrange(7 * 24 * 60)
    return MONDAY - 9 * HOUR + chance.randrange(WEEKS) * timedelta(weeks=1) + minutes * MINUTE


def _to_the_minute(at):
    return at.replace(second=0, microsecond=0) + (MINUTE if at.second or at.microsecond else timedelta(0))
