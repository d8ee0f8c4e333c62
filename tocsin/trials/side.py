"""Under which terms does a ticket of the past live again?

A side is one standard for all of them, or each ticket's own; it reads its text once a process, and its terms once a
contract. It knows no database, so that it can work in another process.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from tocsin.core.event import Escalated, Event, Opened, PriorityChanged
from tocsin.core.hours import Calendar
from tocsin.core.policy import Policy, load
from tocsin.core.terms import Terms
from tocsin.trials.past import Contract, Past


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
    _terms: dict[tuple[str, Contract], Terms] = field(default_factory=dict, repr=False)

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_terms": {}}

    def policy(self, past: Past) -> Policy:
        return load(self.text or self.own[past.version])

    def terms(self, past: Past) -> Terms:
        text = self.text or self.own[past.version]
        terms = self._terms.get((text, past.contract))
        if terms is None:
            terms = self._terms[text, past.contract] = agreed(load(text), past.contract)
        return terms

    def story(self, past: Past, terms: Terms) -> tuple[Event, ...]:
        """What people did, in the words of this standard: its priorities, and its levels by their rank."""
        if not self.text or (self._keeps(past, terms)):
            return past.story
        return tuple(self._said(event, past, terms) for event in past.story)

    def _keeps(self, past: Past, terms: Terms) -> bool:
        """Whether the words of the past are this standard's own."""
        same = all(self._meets(priority, past, terms) == priority for priority in past.ranks)
        return same and past.story[0].level == terms.first_level and set(past.levels) <= set(terms.practice.levels)  # type: ignore[attr-defined]

    def _said(self, event: Event, past: Past, terms: Terms) -> Event:
        if isinstance(event, Opened):
            return replace(event, priority=self._meets(event.priority, past, terms), level=terms.first_level)
        if isinstance(event, PriorityChanged):
            return replace(event, to=self._meets(event.to, past, terms))
        if isinstance(event, Escalated) and event.to not in terms.practice.levels:
            levels = list(terms.practice.levels)
            at = past.levels.index(event.to) if event.to in past.levels else len(levels)
            return replace(event, to=levels[min(at, len(levels) - 1)]) if levels else event
        return event

    def _meets(self, priority: str, past: Past, terms: Terms) -> str:
        if priority in self.meets:
            return self.meets[priority]
        if priority in terms.priorities or priority not in past.ranks:
            return priority
        return terms.priorities[min(past.ranks.index(priority), len(terms.priorities) - 1)]


def agreed(policy: Policy, contract: Contract) -> Terms:
    """The terms of the standard under a contract. Raises BadPolicy where that does not fit."""
    hours = Calendar.from_spec(json.loads(contract.hours))
    overrides = json.loads(contract.overrides)
    if contract.untold:
        clocks = policy.terms(hours=hours).clocks
        untold = {name: clock for name, clock in clocks.items() if clock.met_by != ("solved",)}
        overrides = {"targets": {name: dict.fromkeys(clock.targets, "none") for name, clock in untold.items()}}
    return policy.terms(hours=hours, service=contract.service, overrides=overrides)
