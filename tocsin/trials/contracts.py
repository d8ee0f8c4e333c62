"""Do the contracts fit a standard, and can it be kept in their hours and with what they say besides?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from tocsin.core.finding import findings
from tocsin.core.hours import Calendar
from tocsin.core.policy import BadPolicy, lint
from tocsin.core.terms import Terms
from tocsin.directory.contract import Contract
from tocsin.trials.found import Found, found, listed
from tocsin.trials.scope import Scope

LOOKED_AT = timedelta(days=28)


def look(scope: Scope) -> Iterator[Found]:
    """What is found in no other contract is said of the contract; what the standard says of itself is left out."""
    plain = {(finding.where, finding.kind) for finding in lint(scope.policy)}
    seen: dict[tuple[str, str], tuple[Found, list[str]]] = {}
    for contract in scope.contracts:
        for service in (None, *contract.overrides.get("services", ())):
            place = f"contract of {contract.client}" + (f", for {service}" if service else "")
            try:
                terms = scope.terms(contract, service)
            except BadPolicy as bad:
                yield from _unfit(contract, bad)
                break
            for finding in findings(terms, scope.policy.document):
                if (finding.where, finding.kind) in plain:
                    continue
                known = finding.where, finding.sentence
                said = Found(finding.level, finding.kind, f"{place}: {finding.where}", finding.sentence)
                first, clients = seen.setdefault(known, (said, []))
                if contract.client.name not in clients:
                    clients.append(contract.client.name)
            if service is None:
                yield from _apart(contract, terms, scope)
    for first, clients in seen.values():
        more = f" So it is for {listed(clients)}." if len(clients) > 1 else ""
        yield Found(first.level, first.kind, first.where, f"{first.sentence}{more}", tuple(clients))


def _unfit(contract: Contract, bad: BadPolicy) -> Iterator[Found]:
    for mistake in str(bad).splitlines():
        yield found(
            "unfit-contract",
            f"contract of {contract.client} from {contract.starts_on}",
            f"{mistake} Revise the contract, or say it in the standard.",
            [contract.client.name],
        )


def _apart(contract: Contract, terms: Terms, scope: Scope) -> Iterator[Found]:
    support = terms.calendars["support"]
    for name, calendar in terms.calendars.items():
        if name not in ("always", "support") and not _meet(calendar, support, scope):
            yield found(
                "apart-hours",
                f"contract of {contract.client}: {scope.policy.document.where(('calendars', name))}",
                f"{name} and the support hours are never open together: what counts on the one stands still in the "
                "other. Give the calendar other hours, or count on support.",
                [contract.client.name],
            )


def _meet(one: Calendar, other: Calendar, scope: Scope) -> bool:
    """Whether both are open at any instant of the coming four weeks."""
    spans = one.spans(scope.now, scope.now + LOOKED_AT)
    return any(other.elapsed(start, end) for start, end in spans)
