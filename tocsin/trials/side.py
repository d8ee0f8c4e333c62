"""Under which terms does a ticket of the past live again?

A side is one standard for all of them, or each ticket's own; it reads its text once a process, and its terms once a
contract. It knows no database, so that it can work in another process.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from tocsin.core.event import Escalated, Event, Merged, Moved, Opened, PriorityChanged
from tocsin.core.hours import Calendar
from tocsin.core.moving import after
from tocsin.core.policy import Policy, load
from tocsin.core.promise import Promise
from tocsin.core.terms import Terms
from tocsin.trials.past import Contract, Past, Worked


@dataclass
class Side:
    """A standard to live under: `text` for all, or `own`, version → text, for each ticket's own.

    `meets` says which of its priorities one of the past's becomes; those it does not name keep their name where the
    standard has it, and otherwise their rank.
    """

    title: str
    text: str = ""
    own: Mapping[int, str] = field(default_factory=dict)
    meets: Mapping[str, str] = field(default_factory=dict)
    _terms: dict[tuple[tuple[str, Contract], ...], Terms] = field(default_factory=dict, repr=False)

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_terms": {}}

    def terms(self, past: Past) -> Terms:
        """What holds for it: this standard as its contract was when it was opened, or its own with every move."""
        if self.text:
            return self._agreed((self.text, past.contract))
        return self._agreed(*((self.own[each.version], each.contract) for each in past.worked))

    def _agreed(self, *worked: tuple[str, Contract]) -> Terms:
        terms = self._terms.get(worked)
        if terms is None:
            text, contract = worked[-1]
            terms = agreed(load(text), contract)
            if len(worked) > 1:
                terms = after(self._agreed(*worked[:-1]), terms)
            self._terms[worked] = terms
        return terms

    def story(self, past: Past, terms: Terms) -> tuple[Event, ...]:
        """What people did, in the words of this standard: its priorities, and its levels by their rank."""
        merged = any(isinstance(event, Merged) and event.promises for event in past.story)
        if not self.text or (self._keeps(past, terms) and not merged):
            return past.story
        by, told = list(past.worked), []
        for event in past.story:
            if isinstance(event, Moved) and len(by) > 1:
                del by[0]
            told.append(self._said(event, by[0], terms))
        return tuple(told)

    def _keeps(self, past: Past, terms: Terms) -> bool:
        """Whether the words of the past are this standard's own."""
        same = all(self._meets(priority, by, terms) == priority for by in past.worked for priority in by.ranks)
        levels = {level for by in past.worked for level in by.levels}
        return same and past.story[0].level == terms.first_level and levels <= set(terms.practice.levels)  # type: ignore[attr-defined]

    def _said(self, event: Event, by: Worked, terms: Terms) -> Event:
        if isinstance(event, Opened):
            return replace(event, priority=self._meets(event.priority, by, terms), level=terms.first_level)
        if isinstance(event, PriorityChanged):
            return replace(event, to=self._meets(event.to, by, terms))
        if isinstance(event, Escalated) and event.to not in terms.practice.levels:
            levels = list(terms.practice.levels)
            at = by.levels.index(event.to) if event.to in by.levels else len(levels)
            return replace(event, to=levels[min(at, len(levels) - 1)]) if levels else event
        if isinstance(event, Merged) and event.promises:
            taken = (self._taken_over(promise, event.at, by, terms) for promise in event.promises)
            return replace(event, promises=tuple(promise for promise in taken if promise is not None))
        return event

    def _taken_over(self, promise: Promise, at: datetime, by: Worked, terms: Terms) -> Promise | None:
        """What this standard would have promised on the ticket that was merged, with what was used of it by then.

        Where it counts on other hours, the same share of them is used. A time the client was told stays as it is.
        """
        clock, priority = terms.clocks.get(promise.clock), self._meets(promise.priority, by, terms)
        if clock is None or promise.origin == "promised" or priority not in (clock.priorities or clock.targets):
            return promise
        target = clock.targets.get(priority)
        if target is None:
            return None
        duration, calendar = target
        used = promise.consumed
        if calendar != promise.calendar:
            passed, used = promise.calendar.elapsed(promise.since, at), calendar.elapsed(promise.since, at)
            used = used * (promise.consumed / passed) if passed else used
        budget = calendar.budget(promise.since, duration)
        return promise._replace(priority=priority, budget=budget, calendar=calendar, consumed=used)

    def _meets(self, priority: str, by: Worked, terms: Terms) -> str:
        if priority in self.meets:
            return self.meets[priority]
        if priority in terms.priorities or priority not in by.ranks:
            return priority
        return terms.priorities[min(by.ranks.index(priority), len(terms.priorities) - 1)]


def agreed(policy: Policy, contract: Contract) -> Terms:
    """The terms of the standard under a contract. Raises BadPolicy where that does not fit."""
    hours = Calendar.from_spec(json.loads(contract.hours))
    overrides = json.loads(contract.overrides)
    if contract.untold:
        clocks = policy.terms(hours=hours).clocks
        untold = {name: clock for name, clock in clocks.items() if clock.met_by != ("solved",)}
        overrides = {"targets": {name: dict.fromkeys(clock.targets, "none") for name, clock in untold.items()}}
    return policy.terms(hours=hours, service=contract.service, overrides=overrides)
