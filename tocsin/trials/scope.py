"""Which clients would work by this standard, and what would hold for each?"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tocsin.core.hours import Calendar
from tocsin.core.ladder import Ladder, Step
from tocsin.core.policy import BadPolicy, Policy
from tocsin.core.terms import Terms
from tocsin.directory.client import Client
from tocsin.directory.contract import Contract
from tocsin.standard.fits import Signed, signed
from tocsin.standard.standing import own, standings


@dataclass(eq=False)
class Scope:
    """A standard, the contracts it is held against, and the instant at which.

    `whole` says that these are all the clients that it is for, so that nobody else is meant where all are.
    """

    policy: Policy
    now: datetime
    contracts: list[Contract]
    whole: bool = True
    _terms: dict[tuple[str, str, str | None], Terms] = field(default_factory=dict)

    @property
    def clients(self) -> list[Client]:
        return [contract.client for contract in self.contracts]

    @property
    def first_level(self) -> str:
        """The level that has a ticket when it is opened."""
        return str(self.policy.document.content["rules"]["first_level"])

    def terms(self, contract: Contract, service: str | None = None) -> Terms:
        """What would hold under the contract; raises BadPolicy where it does not fit. Equal contracts share theirs."""
        hours, overrides = (json.dumps(part, sort_keys=True) for part in (contract.hours, contract.overrides))
        key = hours, overrides, service
        if key not in self._terms:
            self._terms[key] = self.policy.terms(
                hours=Calendar.from_spec(contract.hours), service=service, overrides=contract.overrides
            )
        return self._terms[key]

    def fitting(self) -> Iterator[tuple[Client, Terms]]:
        """Each client whose contract fits, with what would hold for it."""
        for contract in self.contracts:
            try:
                yield contract.client, self.terms(contract)
            except BadPolicy:
                continue

    def steps(self) -> Iterator[tuple[str, Ladder, Step]]:
        """Every step of every ladder, with its place in the document."""
        terms = self.policy.terms(hours=Calendar.always())
        for ladder in terms.ladders.values():
            for index, step in enumerate(ladder.steps):
                yield self.policy.document.where(("ladders", ladder.name, "steps", index, "to")), ladder, step


def scope(policy: Policy, *, now: datetime, clients: Collection[int] | None = None, whole: bool = True) -> Scope:
    """The contracts of those clients, by primary key, whatever they work by now; of None, of all that are on it."""
    known = signed(now)
    if clients is None:
        on_it = _on(policy.name, known)
        return Scope(policy, now, [known[client].now for client in known if client in on_it], whole)
    return Scope(policy, now, [each.now for client, each in known.items() if client in clients], whole=False)


def _on(name: str, known: dict[int, Signed]) -> set[int]:
    """The clients whose contract names the standard, or at which a version of it is in force besides."""
    rows: dict[tuple[int, str], Any] = own(standings().order_by("pk"))
    found = set()
    for client, each in known.items():
        row = rows.get((client, each.now.policy))
        if (row.version.name if row else each.now.policy) == name:
            found.add(client)
    return found
