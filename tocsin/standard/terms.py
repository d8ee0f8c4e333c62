"""What was agreed for this client and service?

A ticket keeps what was agreed when it was opened: its policy version, and the revision of the contract that was on
record then, until somebody moves it. So the answer for a ticket changes with its moves alone, and a process keeps it
while it runs. (semantics 2, R16.2)
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple, Protocol
from zoneinfo import ZoneInfo

from django.db.models.functions import Now

from tocsin.core.hours import Calendar
from tocsin.core.moving import after
from tocsin.core.policy import BadPolicy, load
from tocsin.core.policy import Policy as Document
from tocsin.core.terms import Terms
from tocsin.directory.client import Client, Service
from tocsin.directory.clients import revisions
from tocsin.directory.contract import Contract
from tocsin.standard.standing import version_in_force
from tocsin.standard.version import PolicyVersion


class NothingAgreed(Exception):
    """A client without a contract, or one whose contract names a standard that was never adopted."""


class Opened(Protocol):
    """What terms_of needs to know of a ticket."""

    client_id: int
    service_id: int | None
    policy_version_id: int
    opened_at: datetime
    moves: str

    @property
    def service(self) -> Any: ...


def terms_of(ticket: Opened) -> Terms:
    """What holds for this ticket; asks the database only for what this process has not seen before.

    One that was moved is worked by another version under the contract as it was then; what held before each move is in
    `Terms.earlier`.
    """
    moves = moves_of(ticket.moves)
    found = _terms_at(ticket, moves[0].was if moves else ticket.policy_version_id, ticket.opened_at)
    for move in moves:
        found = _after(found, _terms_at(ticket, move.to, move.at))
    return found


class Move(NamedTuple):
    """From which version a ticket was moved to which, by primary key, and when."""

    was: int
    to: int
    at: datetime


@lru_cache(maxsize=4096)
def moves_of(said: str) -> tuple[Move, ...]:
    """What stands in the column `moves` of a ticket, the first first."""
    return tuple(Move(was, to, datetime.fromisoformat(at)) for was, to, at in json.loads(said))


def _terms_at(ticket: Opened, version_pk: int, at: datetime) -> Terms:
    agreed = _agreed(ticket.client_id, at)
    service = ticket.service.slug if agreed.services and ticket.service_id else None
    return agreed.terms(version_pk, service)


_after = lru_cache(maxsize=4096)(after)


def agreed_in(ticket: Opened, at: datetime | None = None) -> tuple[str, str, str | None]:
    """What the contract of this ticket says, or said `at` this instant: support hours and differences, as JSON text,
    and its service, if that has any of its own."""
    agreed = _agreed(ticket.client_id, at or ticket.opened_at)
    service = ticket.service.slug if agreed.services and ticket.service_id else None
    return agreed.hours, agreed.overrides, service if service in agreed.services else None


def terms_for(
    client: Client, service: Service | None = None, version: PolicyVersion | None = None, *, at: datetime | None = None
) -> Terms:
    """What holds for what is opened `at` this instant (None: now, by the database's clock).

    Without a version it is the one in force at this client (standing.py). Raises NothingAgreed, or BadPolicy where the
    contract's hours and differences do not fit that version.
    """
    version = version or version_for(client, at=at)
    return _agreed(client.pk, at).terms(version.pk, service.slug if service else None)


def version_for(client: Client, *, at: datetime | None = None) -> PolicyVersion:
    """The version that a ticket opened `at` this instant would keep, the first one where none was in force by then.

    Raises NothingAgreed.
    """
    name = _agreed(client.pk, at).policy
    found = version_in_force(client.pk, name, at=at)
    if found is None:
        raise NothingAgreed(f"{client} was promised the standard {name}, and the desk has not adopted it")
    return _version(found, PolicyVersion.generation)


@lru_cache(maxsize=256)
def _version(pk: int, generation: int) -> PolicyVersion:
    return PolicyVersion.objects.select_related("policy").defer("text").get(pk=pk)


def kinds_of(version_pk: int) -> Mapping[str, str]:
    """Clock → target or guarantee, by this version of a standard; no contract differs in it. (R2.9)"""
    return _kinds(version_pk, PolicyVersion.generation)


@lru_cache(maxsize=64)
def _kinds(version_pk: int, generation: int) -> Mapping[str, str]:
    document, _ = _document(version_pk, generation)
    return {name: str(said.get("kind", "target")) for name, said in document.document.content["clocks"].items()}


@dataclass(frozen=True, slots=True)
class Described:
    """What a standard says of a priority to whoever has to choose: what qualifies, what it looks like. (R1.4)"""

    name: str
    title: str
    summary: str
    criteria: tuple[str, ...]
    examples: tuple[str, ...]
    procedure: tuple[str, ...]


def versions() -> list[int]:
    """Every version of every standard that was adopted, by primary key."""
    return list(PolicyVersion.objects.order_by("pk").values_list("pk", flat=True))


def priorities_of(version_pk: int) -> tuple[Described, ...]:
    """The priorities of this version of a standard, the most severe first."""
    document, _ = _document(version_pk, PolicyVersion.generation)
    said = document.document.content["priorities"]
    return tuple(
        Described(
            name,
            str(about.get("title", "")),
            str(about.get("summary", "")),
            *(tuple(map(str, about.get(each, ()))) for each in ("criteria", "examples", "procedure")),
        )
        for name, about in said.items()
    )


def colours_of(version_pk: int) -> Mapping[str, str]:
    """Priority → its colour, #rrggbb, by this version of a standard. (R1.1)"""
    return _colours(version_pk, PolicyVersion.generation)


@lru_cache(maxsize=1024)
def _colours(version_pk: int, generation: int) -> Mapping[str, str]:
    document, _ = _document(version_pk, generation)
    return {each.name: each.colour for each in document.priorities}


def colours() -> list[str]:
    """Every colour that some version of a standard gives a priority, once each; what cannot be read has none."""
    found = set()
    for version in versions():
        with suppress(BadPolicy):
            found |= set(colours_of(version).values())
    return sorted(found)


@dataclass(frozen=True, slots=True)
class Duties:
    """What a level is called, what it does with a ticket, and what it may: `approval` is what a handoff to it needs.

    (R4.1, R4.13, R4.14)
    """

    title: str
    duties: tuple[str, ...]
    skills: tuple[str, ...] = ()
    may: tuple[str, ...] = ()
    may_not: tuple[str, ...] = ()
    approval: str = ""
    decides: bool = False


def duties_of(version_pk: int) -> Mapping[str, Duties]:
    """Level → its duties and what it may, by this version of a standard; only those of which any is said."""
    document, _ = _document(version_pk, PolicyVersion.generation)
    approvals = document.practice.approvals
    told = {
        each.name: Duties(
            each.title,
            each.duties,
            each.skills,
            each.may,
            each.may_not,
            approvals[each.approval].title if each.approval else "",
            each.decides,
        )
        for each in document.levels.values()
    }
    return {name: each for name, each in told.items() if each != Duties(each.title, ())}


@dataclass(frozen=True, eq=False)
class _Agreed:
    """One revision of a contract, as text where it is only to be compared."""

    policy: str
    hours: str
    overrides: str
    services: frozenset[str]

    def terms(self, version_pk: int, service: str | None) -> Terms:
        # A service nothing was agreed about, and that the standard does not weigh, shares the client's terms.
        document, _ = _document(version_pk, PolicyVersion.generation)
        own = service if service in self.services or service in document.practice.services else None
        return _terms(version_pk, PolicyVersion.generation, self.hours, self.overrides, own)


@dataclass(eq=False)
class _InForce:
    contract: Contract
    current: _Agreed
    earlier: list[tuple[datetime, _Agreed]] | None = None  # read when first asked for

    def at(self, at: datetime) -> _Agreed:
        if self.contract.revised_at is None or at >= self.contract.revised_at:
            return self.current
        if self.earlier is None:
            self.earlier = [(known.recorded_at, _read(known.content)) for known in revisions(self.contract)]
        found = [agreed for since, agreed in self.earlier if since <= at] or [agreed for _, agreed in self.earlier[:1]]
        return found[-1] if found else self.current


@dataclass(eq=False)
class _History:
    """The contracts of a client as they were known at an instant; what is recorded later says nothing about before."""

    known_at: datetime
    generation: int
    zone: ZoneInfo
    contracts: list[_InForce] = field(default_factory=list)

    def at(self, at: datetime) -> _Agreed:
        day = at.astimezone(self.zone).date()
        begun = [each for each in self.contracts if each.contract.starts_on <= day]
        return (begun[-1] if begun else self.contracts[0]).at(at)


_histories: dict[int, _History] = {}


def _agreed(client_pk: int, at: datetime | None) -> _Agreed:
    history = _histories.get(client_pk)
    if history is None or at is None or history.generation != Contract.generation or history.known_at < at:
        history = _histories[client_pk] = _load(client_pk, at)
    return history.at(at or history.known_at)


def _load(client_pk: int, at: datetime | None) -> _History:
    generation = Contract.generation
    found = Contract.objects.filter(client=client_pk).select_related("client").order_by("starts_on")
    contracts = list(found.annotate(read_at=Now()))
    if not contracts:
        raise NothingAgreed(f"client/{client_pk} has no contract, so nothing was promised to it")
    read_at: datetime = contracts[0].read_at
    return _History(
        max(read_at, at) if at else read_at,
        generation,
        ZoneInfo(contracts[0].client.zone),
        [_InForce(contract, _read(contract.content())) for contract in contracts],
    )


def _read(content: dict[str, Any]) -> _Agreed:
    overrides = content["overrides"]
    return _Agreed(
        content["policy"],
        json.dumps(content["hours"], sort_keys=True),
        json.dumps(overrides, sort_keys=True),
        frozenset(overrides.get("services", ())),
    )


@lru_cache(maxsize=4096)
def _terms(version_pk: int, generation: int, hours: str, overrides: str, service: str | None) -> Terms:
    document, number = _document(version_pk, generation)
    return document.terms(
        hours=Calendar.from_spec(json.loads(hours)),
        service=service,
        overrides=json.loads(overrides),
        version=str(number),
    )


@lru_cache(maxsize=64)
def _document(version_pk: int, generation: int) -> tuple[Document, int]:
    version = PolicyVersion.objects.select_related("policy").get(pk=version_pk)
    return load(version.text, name=f"{version.name} {version.number}"), version.number
