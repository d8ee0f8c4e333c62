"""Which promise explains best what another desk answered of its tickets?

One promise is supposed: a clock from the opening to one kind of stop, held by some waits, with hours and a target per
priority. Every kind of stop, every choice of waits, every hours of `supposed.hours` and every target on them are tried:
for fixed stop, waits and hours the best target of a priority is one pass over the tallies of its tickets. What is
sought has the fewest tickets that disagree, where what is unusual, and each more set of hours, weighs as some tickets
more. (R16.6)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from operator import add
from typing import Final

from tocsin.core.infer.history import Answered
from tocsin.core.infer.layout import Layout
from tocsin.core.infer.supposed import WAIT_COST, Hours, Target, half_hours, hours, targets

MOST_HOURS: Final = 3  # different opening hours in one standard

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Promise:
    """What was promised for a priority: a target on these hours, or nothing (None); `errors` tickets disagree."""

    priority: str
    hours: Hours
    target: Target | None
    errors: int
    cost: float


@dataclass(frozen=True, slots=True)
class Supposed:
    """A promise as a whole: what stops it, which waits hold it, what it is for each priority, the severest first."""

    stop: str
    waits: frozenset[str]
    promises: tuple[Promise, ...]
    cost: float

    @property
    def errors(self) -> int:
        return sum(promise.errors for promise in self.promises)

    def of(self, priority: str) -> Promise | None:
        return next((promise for promise in self.promises if promise.priority == priority), None)

    def keeps(self, ticket: Answered) -> bool | None:
        """Whether this promise would have been kept; None where the ticket or the promise does not tell."""
        promise = self.of(ticket.priority)
        if promise is None:
            return None
        used = ticket.used(self.stop, self.waits, promise.hours.calendar)
        if used is None:
            return None
        return promise.target is None or used <= promise.target.length


Choice = tuple[str, frozenset[str]]
Table = dict[Hours, dict[str, Promise]]  # the best promise on each of the hours, for each priority


class Search:
    """What was found: the best of all, and the best for each stop and choice of waits, to be compared with it."""

    def __init__(
        self,
        tickets: Sequence[Answered],
        *,
        zone: str = "UTC",
        only: Choice | None = None,
        progress: Progress | None = None,
    ) -> None:
        """Of the tickets, on the hours of a zone; with `only`, for this stop and these waits alone."""
        self.layout = Layout(tickets)
        self.zone = zone
        self._tried: set[Hours] = set()
        self.tables: dict[Choice, Table] = {
            (stop, waits): {}
            for stop in self.layout.stops
            for waits in self.layout.subsets
            if only in (None, (stop, waits))
        }
        self.found: dict[Choice, Supposed] = {}
        whole, halves = hours(zone), half_hours(zone)
        told = _Told(progress, len(whole) + len(halves))
        self._try(whole, list(self.tables), told)
        self._refine(halves, told)
        told.done()

    @property
    def best(self) -> Supposed:
        """The promise that explains most for the least; of equals the first of STOPS with the fewest waits."""
        return min(self.found.values(), key=lambda supposed: supposed.cost)

    def best_of(self, *stops: str) -> Supposed | None:
        """The best whose clock is stopped by one of these; None where no ticket tells any."""
        found = [supposed for supposed in self.found.values() if supposed.stop in stops]
        return min(found, key=lambda supposed: supposed.cost, default=None)

    def alternatives(self, supposed: Supposed, priority: str) -> list[Promise]:
        """The best promise for a priority on each of the hours, with the same stop and waits, the best first."""
        tried = self.tables[supposed.stop, supposed.waits].values()
        return sorted((found[priority] for found in tried), key=lambda promise: promise.cost)

    def _refine(self, halves: Sequence[Hours], told: _Told) -> None:
        """By the half hour for the best, and as fairly for its rivals: other stops, each wait taken otherwise."""
        self.found = {choice: self._chosen(choice) for choice in self.tables}
        best = self.best
        rivals = {(best.stop, best.waits): None}
        rivals |= dict.fromkeys((best.stop, best.waits ^ {party}) for party in self.layout.parties)
        for stop in self.layout.stops:
            of_it = [choice for choice in self.tables if choice[0] == stop]
            rivals |= dict.fromkeys(sorted(of_it, key=lambda choice: self.found[choice].cost)[:1])
        rivals = {choice: None for choice in rivals if choice in self.tables}
        self._try(halves, list(rivals), told)
        for choice in rivals:
            near = [near for promise in self.found[choice].promises for near in promise.hours.near()]
            self._try(list(dict.fromkeys(near)), list(rivals), told)
            self.found[choice] = self._chosen(choice)

    def _try(self, more: Sequence[Hours], choices: Sequence[Choice], told: _Told) -> None:
        """The best promise of each priority on each of these hours stands in the tables of these choices."""
        subsets: dict[str, list[frozenset[str]]] = {}
        for stop, waits in choices:
            subsets.setdefault(stop, []).append(waits)
        for one in more:
            if one in self._tried:
                continue
            self._tried.add(one)
            worked = self.layout.worked(one.calendar)
            for stop, asked in subsets.items():
                for priority in self.layout.priorities:
                    self._best_targets(stop, priority, asked, one, worked)
            told.more()

    def _best_targets(
        self, stop: str, priority: str, subsets: Sequence[frozenset[str]], one: Hours, worked: Sequence[int]
    ) -> None:
        options = targets(one)
        limits = [option.seconds for option in options]
        costs = [*(option.cost for option in options), 0.0]
        unexplained = self.layout.silent(stop, priority) + self.layout.kept_telling(stop, priority)
        tallies = self.layout.tallies(stop, priority, worked, limits, subsets)
        for waits, tally in zip(subsets, tallies, strict=True):
            errors = [unexplained - right for right in accumulate(tally)]
            weighed = list(map(add, errors, costs))
            place = weighed.index(min(weighed))
            target = options[place] if place < len(options) else None
            promise = Promise(priority, one, target, errors[place], weighed[place])
            self.tables[stop, waits].setdefault(one, {})[priority] = promise

    def _chosen(self, choice: Choice) -> Supposed:
        """The hours for each priority, few of them in all: more only where they explain more than they cost."""
        table = self.tables[choice]
        allowed = [next(iter(table))]  # round the clock, which every standard has
        cost = self._cost(table, allowed)
        while len(allowed) <= MOST_HOURS:
            more = min(table, key=lambda one: self._cost(table, [*allowed, one]))
            if (less := self._cost(table, [*allowed, more])) >= cost:
                break
            allowed, cost = [*allowed, more], less
        stop, waits = choice
        promises = tuple(
            min((table[one][priority] for one in allowed), key=lambda promise: promise.cost)
            for priority in self.layout.priorities
        )
        return Supposed(stop, waits, promises, cost + WAIT_COST * len(waits))

    def _cost(self, table: Table, allowed: Sequence[Hours]) -> float:
        told = sum(min([table[one][priority].cost for one in allowed]) for priority in self.layout.priorities)
        return told + sum(one.cost for one in allowed[1:])


class _Told:
    """Whoever waits is told how many of the hours have been tried."""

    def __init__(self, progress: Progress | None, total: int) -> None:
        self.progress, self.total, self.tried = progress, total, 0

    def more(self) -> None:
        self.tried += 1
        if self.progress:
            self.progress(self.tried, max(self.total, self.tried + 1))

    def done(self) -> None:
        if self.progress:
            self.progress(self.tried, self.tried)


def with_promise(supposed: Supposed, promise: Promise) -> Supposed:
    """The same but for what is promised for one priority."""
    return replace(
        supposed, promises=tuple(promise if p.priority == promise.priority else p for p in supposed.promises)
    )
