"""Whose contract names which standard, and does what it says besides fit a version?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from tocsin.core.hours import Calendar
from tocsin.core.policy import BadPolicy, load
from tocsin.directory.client import Client
from tocsin.directory.contract import Contract
from tocsin.standard.version import PolicyVersion


@dataclass(frozen=True, slots=True)
class Signed:
    """A client's contract in force, and those that begin later."""

    client: Client
    now: Contract
    later: tuple[Contract, ...]


def signed(now: datetime) -> dict[int, Signed]:
    """The contracts of every client we work for, by the client."""
    found: dict[int, list[Contract]] = {}
    for contract in Contract.objects.select_related("client").order_by("client__name", "starts_on"):
        found.setdefault(contract.client_id, []).append(contract)
    known = {}
    for client_id, contracts in found.items():
        client = contracts[0].client
        today = now.astimezone(ZoneInfo(client.zone)).date()
        if client.ended_on and client.ended_on <= today:
            continue
        begun = [contract for contract in contracts if contract.starts_on <= today] or contracts[:1]
        later = tuple(contract for contract in contracts if contract.starts_on > begun[-1].starts_on)
        known[client_id] = Signed(client, begun[-1], later)
    return known


def misfits(version: PolicyVersion, contracts: Iterable[Contract]) -> list[str]:
    """A sentence for each that says what nobody could work by under this version: client, key and remedy."""
    document = load(version.text, name=str(version))
    found = []
    for contract in contracts:
        hours = Calendar.from_spec(contract.hours)
        wrong: dict[str, None] = {}
        for service in (None, *contract.overrides.get("services", ())):
            try:
                document.terms(hours=hours, service=service, overrides=contract.overrides, version=str(version.number))
            except BadPolicy as mistakes:
                wrong |= dict.fromkeys(str(mistakes).splitlines())
        found += [
            f"{contract.client}: its contract from {contract.starts_on} does not fit {version}: {each} "
            f"Change it in that contract, or leave {contract.client} out."
            for each in wrong
        ]
    return found
