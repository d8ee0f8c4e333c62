"""How well is an answer explained, and what can the history not tell?

Two suppositions are told apart by the tickets on which they differ, and by nothing else: where neither is right clearly
more often there (a sign test, at one chance in twenty), the history cannot tell which was promised. (R16.6)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import accumulate
from math import comb, erfc, sqrt
from typing import Final

from tocsin.core.infer.history import Answered
from tocsin.core.infer.search import Promise, Search, Supposed, with_promise

CHANCE: Final = 0.05
TOO_FEW: Final = 30  # tickets of a priority
ONE_SIDED: Final = 10  # answers of the rarer kind

Range = tuple[timedelta | None, timedelta | None]  # at least the first, below the second; None: no bound


@dataclass(frozen=True, slots=True)
class Disagreeing:
    """A ticket whose answer is not what the promise comes to."""

    number: str
    priority: str
    used: timedelta | None  # None: it does not tell what stopped it
    kept: bool


@dataclass(frozen=True, slots=True)
class Fit:
    """How a priority is explained.

    `counts` has how many were said to be kept and are, said to be kept and are not, said to be broken and are not,
    said to be broken and are. `same`: any target in it gives the same counts. `possible`: no target in it can be
    refused. `as_good`: the promises on other hours that explain it as well. `doubts`: what cannot be told, as
    sentences.
    """

    promise: Promise
    counts: tuple[int, int, int, int]
    same: Range
    possible: Range
    as_good: tuple[Promise, ...]
    doubts: tuple[str, ...]

    @property
    def count(self) -> int:
        return sum(self.counts)

    @property
    def kept(self) -> int:
        return self.counts[0] + self.counts[1]

    @property
    def right(self) -> int:
        return self.counts[0] + self.counts[3]

    @property
    def majority(self) -> int:
        """How many would be right if one always gave the commoner answer."""
        return max(self.kept, self.count - self.kept)

    @property
    def tells(self) -> bool:
        """Whether the history tells a target of this priority at all."""
        return not self.doubts


@dataclass(frozen=True, slots=True)
class Rival:
    """The best supposition that differs in one thing, and whether the history tells the two apart."""

    what: str
    tickets: int  # that it is about
    errors: int
    chance: float

    @property
    def is_possible(self) -> bool:
        return self.chance > CHANCE


def fits(search: Search, supposed: Supposed) -> list[Fit]:
    """How each priority is explained by what was supposed, the severest first."""
    return [_fit(search, supposed, promise) for promise in supposed.promises]


def disagreeing(supposed: Supposed, tickets: Sequence[Answered]) -> list[Disagreeing]:
    """The tickets whose answer the promise does not come to, in the order of their numbers."""
    found = []
    for ticket in sorted(tickets, key=lambda ticket: ticket.number):
        if supposed.keeps(ticket) is not ticket.kept:
            promise = supposed.of(ticket.priority)
            used = ticket.used(supposed.stop, supposed.waits, promise.hours.calendar) if promise else None
            found.append(Disagreeing(ticket.number, ticket.priority, used, ticket.kept))
    return found


def rival_stops(search: Search) -> list[Rival]:
    """What else may have stopped the clock."""
    best = search.best
    rivals = []
    for stop in search.layout.stops:
        if stop != best.stop:
            other = min((s for s in search.found.values() if s.stop == stop), key=lambda s: s.cost)
            telling = sum(stop in ticket.stops for ticket in search.layout.tickets)
            rivals.append(Rival(stop, telling, other.errors, told_apart(best, other, search.layout.tickets)))
    return rivals


def rival_waits(search: Search) -> list[Rival]:
    """For each party that was waited for, the best that has it the other way round."""
    best, waited = search.best, search.layout.waited
    rivals = []
    for party in search.layout.parties:
        other = search.found[best.stop, best.waits ^ {party}]
        chance = told_apart(best, other, search.layout.tickets)
        rivals.append(Rival(party, waited[party], other.errors, chance))
    return rivals


def told_apart(one: Supposed, other: Supposed, tickets: Sequence[Answered]) -> float:
    """The chance that the tickets on which the two differ fall as unevenly if neither were the better."""
    ours = theirs = 0
    for ticket in tickets:
        mine, yours = one.keeps(ticket) is ticket.kept, other.keeps(ticket) is ticket.kept
        ours += mine and not yours
        theirs += yours and not mine
    return sign_test(ours, theirs)


def sign_test(one: int, other: int) -> float:
    """The chance of a split at least as uneven as this where both sides are as likely."""
    count, more = one + other, max(one, other)
    if count > 1000:
        return erfc(max(0.0, (abs(one - other) - 1)) / sqrt(2 * count))
    if not count:
        return 1.0
    return float(min(1.0, 2 * sum(comb(count, k) for k in range(more, count + 1)) / 2**count))


def by_chance(counts: tuple[int, int, int, int]) -> float:
    """The chance that answers given blindly agree so well with what it comes to (Fisher's exact test, one-sided)."""
    agree, kept, broken, is_kept = counts[0], counts[0] + counts[1], counts[2] + counts[3], counts[0] + counts[2]
    count = kept + broken
    if not min(kept, broken, is_kept, count - is_kept):
        return 1.0
    if count > 1000:
        spread = sqrt(kept * broken * is_kept * (count - is_kept) / count**2 / (count - 1))
        return erfc((agree - kept * is_kept / count - 0.5) / spread / sqrt(2)) / 2
    ways = sum(comb(kept, k) * comb(broken, is_kept - k) for k in range(agree, min(kept, is_kept) + 1))
    return ways / comb(count, is_kept)


def _fit(search: Search, best: Supposed, promise: Promise) -> Fit:
    tickets = [ticket for ticket in search.layout.tickets if ticket.priority == promise.priority]
    said = [(ticket.kept, best.keeps(ticket)) for ticket in tickets]
    counts = tuple(
        sum(kept is answer and ((is_kept is answer) is agrees) for kept, is_kept in said)
        for answer, agrees in ((True, True), (True, False), (False, False), (False, True))
    )
    assert len(counts) == 4
    same, possible = _ranges(best, promise, tickets)
    doubts = _doubts(promise, counts, tried=len(search.alternatives(best, promise.priority)))
    return Fit(promise, counts, same, possible, _as_good(search, best, promise, tickets), doubts)


def _doubts(promise: Promise, counts: tuple[int, int, int, int], *, tried: int) -> tuple[str, ...]:
    """Why it is no finding, though it is the best of what was `tried`: so many hours, each with its best target."""
    said_kept, said_broken = counts[0] + counts[1], counts[2] + counts[3]
    count, name = said_kept + said_broken, promise.priority
    rarer = min(said_kept, said_broken)
    right, wrong = (counts[3], counts[1]) if said_kept >= said_broken else (counts[0], counts[2])
    found = []
    if count < TOO_FEW:
        found.append(f"{name} has {count} ticket{'' if count == 1 else 's'}: too few to tell what was promised.")
    if rarer < ONE_SIDED and rarer * 4 < count:
        rare = f"{said_kept} of {count} were kept" if said_kept < said_broken else f"{said_broken} were not kept"
        found.append(f"{name} has next to one answer alone ({rare}): nearly any time would explain it.")
    elif right <= wrong:
        found.append(f"{name} is explained no better than by always giving the commoner answer.")
    elif count >= TOO_FEW and by_chance(counts) * tried > CHANCE:
        found.append(f"{name} may be explained so well by chance alone: {tried} hours were tried.")
    return tuple(found)


def _as_good(search: Search, best: Supposed, promise: Promise, tickets: Sequence[Answered]) -> tuple[Promise, ...]:
    """Other hours that the tickets of this priority do not tell from those chosen, the best first."""
    return tuple(
        other
        for other in search.alternatives(best, promise.priority)
        if other.hours != promise.hours
        and _could_be(promise.errors, other.errors)
        and told_apart(best, with_promise(best, other), tickets) > CHANCE
    )


def _could_be(one: int, other: int) -> bool:
    """Whether so many errors of two could pass a sign test: the tickets on which they differ are among these."""
    return abs(one - other) <= 2 * sqrt(one + other) + 2


def _ranges(best: Supposed, promise: Promise, tickets: Sequence[Answered]) -> tuple[Range, Range]:
    """The targets that give the same counts, and those that cannot be refused, between the durations next to them."""
    told = [(ticket.used(best.stop, best.waits, promise.hours.calendar), ticket.kept) for ticket in tickets]
    used = sorted((used, kept) for used, kept in told if used is not None)
    target = promise.target
    below = [pair for pair in used if target is None or pair[0] <= target.length]
    above = used[len(below) :]
    same = (below[-1][0] if below else None, above[0][0] if above else None)
    lowest = _reach(below[::-1], gained=False)
    return (same, (lowest, _reach(above, gained=True)))


def _reach(pairs: Sequence[tuple[timedelta, bool]], *, gained: bool) -> timedelta | None:
    """How far a target may move over these tickets, the nearest first, before that can be refused; None: any far.

    A ticket it moves over is explained by that where its answer is `gained`, and no more where it is not.
    """
    for lost, (place, (used, _)) in zip(
        accumulate(kept is not gained for _, kept in pairs), enumerate(pairs, 1), strict=True
    ):
        if lost > place - lost and sign_test(lost, place - lost) <= CHANCE:
            return used
    return None
