"""How well does a standard that is known explain the same answers?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from tocsin.core.infer.history import Answered
from tocsin.core.terms import Terms

Judge = Callable[[Answered], bool | None]


@dataclass(frozen=True, slots=True)
class Score:
    """How many of the tickets of each priority somebody would have answered as the desk did."""

    what: str
    right: Mapping[str, int]
    count: Mapping[str, int]

    @property
    def total(self) -> tuple[int, int]:
        return sum(self.right.values()), sum(self.count.values())


def score(what: str, judge: Judge, tickets: Sequence[Answered]) -> Score:
    """The score of a judge, for whom None is never right."""
    right = Counter(ticket.priority for ticket in tickets if judge(ticket) is ticket.kept)
    return Score(what, right, Counter(ticket.priority for ticket in tickets))


def majority(learnt_from: Sequence[Answered]) -> Judge:
    """The judge who has learnt which answer is commoner for each priority, and always gives it."""
    balance = Counter[str]()
    for ticket in learnt_from:
        balance[ticket.priority] += 1 if ticket.kept else -1
    return lambda ticket: balance[ticket.priority] > 0


def standard(terms: Terms, clock: str, *, stop: str, met: Mapping[str, str]) -> Judge:
    """The judge who goes by a clock of a standard, read at `stop`; `met` is the priority of it for each of theirs."""
    rules = terms.clocks[clock]

    def judge(ticket: Answered) -> bool | None:
        promised = rules.targets.get(met.get(ticket.priority, ""))
        if promised is None:
            return None
        duration, calendar = promised
        used = ticket.used(stop, rules.paused_by, calendar)
        return None if used is None else used <= calendar.budget(ticket.opened_at, duration)

    return judge
