"""How many tickets of a priority would each target have kept, for every choice of the waits that pause?

A search asks this for each of some hundred calendars. So every instant of the history stands in one list, in order: one
walk along it tells the working time before each of them, and every duration is a difference of two. (R16.6)
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import chain, combinations
from operator import add
from typing import Final, NamedTuple

from tocsin.core.hours import Calendar
from tocsin.core.infer.history import SOLVED, STOPS, Answered, left_out

MOST_WAITS: Final = 6  # whose 64 combinations are tried; the rarer ones are taken not to pause


class Row(NamedTuple):
    """A ticket by the places of its instants; `sign` is 1 where its promise was kept, else -1."""

    opened: int
    stopped: int
    sign: int
    out: tuple[tuple[int, int], ...]
    held: tuple[tuple[str, int, int], ...]


Group = Mapping[frozenset[str], list[Row]]


class Layout:
    """Tickets laid out for a search: `stops`, `priorities` and `parties` (of waits) are those there are."""

    def __init__(self, tickets: Sequence[Answered]) -> None:
        self.tickets = tickets
        self.stops = tuple(stop for stop in STOPS if any(stop in ticket.stops for ticket in tickets))
        self.priorities = in_severity({ticket.priority for ticket in tickets})
        waited = Counter(party for t in tickets for party in {party for party, *_ in t.waits} if party != SOLVED)
        self.waited = dict(sorted(waited.items(), key=lambda pair: (-pair[1], pair[0])))
        self.parties = tuple(self.waited)[:MOST_WAITS]
        self.subsets = [
            frozenset(chosen) for size in range(len(self.parties) + 1) for chosen in combinations(self.parties, size)
        ]
        self.kept = Counter(ticket.priority for ticket in tickets if ticket.kept)
        self.count = Counter(ticket.priority for ticket in tickets)
        self._instants = sorted(set(_instants(tickets)))
        self._places = {at: place for place, at in enumerate(self._instants)}
        self._since = [_seconds(self._instants[0], at) for at in self._instants]
        self._groups = {(stop, p): self._group(stop, p) for stop in self.stops for p in self.priorities}

    def _group(self, stop: str, priority: str) -> Group:
        """The tickets that tell this stop, by whom they waited for."""
        at = self._places
        always_out = left_out(stop, ())
        groups: dict[frozenset[str], list[Row]] = {}
        for ticket in self.tickets:
            if ticket.priority != priority or stop not in ticket.stops:
                continue
            held = ticket.held(stop)
            row = Row(
                at[ticket.opened_at],
                at[ticket.stops[stop]],
                1 if ticket.kept else -1,
                tuple((at[a], at[b]) for party, a, b in held if party in always_out),
                tuple((party, at[a], at[b]) for party, a, b in held if party in self.parties),
            )
            groups.setdefault(frozenset(party for party, *_ in row.held), []).append(row)
        return groups

    def silent(self, stop: str, priority: str) -> int:
        """How many tickets do not tell this stop: whatever is supposed of it, their answers stay unexplained."""
        return self.count[priority] - sum(map(len, self._groups[stop, priority].values()))

    def kept_telling(self, stop: str, priority: str) -> int:
        """How many of those that tell it were kept."""
        return sum(row.sign > 0 for rows in self._groups[stop, priority].values() for row in rows)

    def worked(self, calendar: Calendar) -> list[int]:
        """The working time, in whole seconds, from the first instant to each of them."""
        if not self._instants:
            return []
        found: list[int] = []
        first, last = self._instants[0], self._instants[-1]
        spans = [(_seconds(first, a), _seconds(first, b)) for a, b in calendar.spans(first, last)]
        end = self._since[-1]
        nothing_more = (end, end)
        following = iter(spans)
        opens, closes = next(following, nothing_more)
        total = 0
        for at in self._since:
            while at >= closes and closes < end:
                total += closes - opens
                opens, closes = next(following, nothing_more)
            found.append(total + at - opens if opens < at < closes else total + closes - opens if at > opens else total)
        return found

    def tallies(
        self,
        stop: str,
        priority: str,
        worked: Sequence[int],
        limits: Sequence[int],
        subsets: Sequence[frozenset[str]],
    ) -> list[list[int]]:
        """For each choice of pausing waits, the kept less the broken tickets that each limit is the first to keep.

        The last number is of those that no limit keeps.
        """
        found = [[0] * (len(limits) + 1) for _ in subsets]
        for parties, rows in self._groups[stop, priority].items():
            choices = [parties & subset for subset in subsets]
            tallied = _tally(rows, set(choices), worked, limits)
            for place, choice in enumerate(choices):
                found[place] = list(map(add, found[place], tallied[choice]))
        return found


def _tally(
    rows: list[Row], choices: Collection[frozenset[str]], worked: Sequence[int], limits: Sequence[int]
) -> dict[frozenset[str], list[int]]:
    """Of tickets that waited for the same parties, by which of these pause."""
    found = {choice: [0] * (len(limits) + 1) for choice in choices}
    if choices == {frozenset()}:
        tally = found[frozenset()]
        for opened, stopped, sign, out, _ in rows:
            used = worked[stopped] - worked[opened]
            for a, b in out:
                used -= worked[b] - worked[a]
            tally[bisect_left(limits, used)] += sign
        return found
    for opened, stopped, sign, out, held in rows:
        used = worked[stopped] - worked[opened] - sum(worked[b] - worked[a] for a, b in out)
        waited: dict[str, int] = {}
        for party, a, b in held:
            waited[party] = waited.get(party, 0) + worked[b] - worked[a]
        for choice, tally in found.items():
            left = used
            for party in choice:
                left -= waited[party]
            tally[bisect_left(limits, left)] += sign
    return found


def in_severity(priorities: Iterable[str]) -> tuple[str, ...]:
    """The priorities as P1, P2 … P10 would stand: by the number at their end, then by name."""

    def place(name: str) -> tuple[int, str]:
        digits = name[len(name.rstrip("0123456789")) :]
        return (int(digits) if digits else 10**9, name)

    return tuple(sorted(priorities, key=place))


def _instants(tickets: Sequence[Answered]) -> Iterable[datetime]:
    for ticket in tickets:
        yield ticket.opened_at
        yield from ticket.stops.values()
        for stop in ticket.stops:
            yield from chain.from_iterable((a, b) for _, a, b in ticket.held(stop))


def _seconds(a: datetime, b: datetime) -> int:
    return round((b - a).total_seconds())
