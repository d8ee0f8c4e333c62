"""What is done to clients and their contracts?"""

from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import QuerySet
from django.utils.text import slugify

from tocsin.core.hours import Calendar
from tocsin.directory.access import visible
from tocsin.directory.api_key import ApiKey
from tocsin.directory.client import Client
from tocsin.directory.contact import Contact
from tocsin.directory.contract import Contract
from tocsin.directory.person import Person
from tocsin.directory.reach import Reachable, actor
from tocsin.log.append import append
from tocsin.log.chain import Draft
from tocsin.log.event import Event

OF_A_CLIENT = ("name", "slug", "zone", "ended_on")
AGREED = ("policy", "hours", "overrides", "starts_on", "emergency_phone")


class Revision(NamedTuple):
    """What a contract said from `recorded_at` on: policy, hours, overrides, starts_on, emergency_phone."""

    number: int
    recorded_at: datetime
    content: dict[str, Any]


@transaction.atomic
def add(name: str, *, zone: str = "UTC", slug: str = "", by: Reachable | str, now: datetime) -> Client:
    """The client is there, and its log says since when and by whom."""
    client = Client.objects.create(name=name, slug=slug or slugify(name), zone=zone)
    _record(client, "client_added", _content(client), by=by, now=now)
    return client


@transaction.atomic
def change(client: Client, *, by: Reachable | str, now: datetime, **known: Any) -> Client:
    """The client is called so, lives by that zone or has left, and its log says since when and by whom.

    `known` names what changes: name, slug, zone, ended_on.
    """
    client = Client.objects.select_for_update().get(pk=client.pk)
    for name, value in known.items():
        if name not in OF_A_CLIENT:
            raise TypeError(f"a client has no {name}: {', '.join(OF_A_CLIENT)}")
        setattr(client, name, value)
    client.save(update_fields=list(known))
    _record(client, "client_changed", _content(client), by=by, now=now)
    return client


@transaction.atomic
def sign(
    client: Client,
    *,
    hours: Calendar,
    policy: str = "field-guide",
    starts_on: date,
    overrides: dict[str, Any] | None = None,
    emergency_phone: str = "",
    by: Reachable | str,
    now: datetime,
) -> Contract:
    """The contract is in force from its date, and its first revision is on the client's record."""
    contract = Contract.objects.create(
        client=client,
        policy=policy,
        hours=hours.spec(),
        overrides=overrides or {},
        starts_on=starts_on,
        emergency_phone=emergency_phone,
        revised_at=now,
    )
    _record_revision(contract, "contract_signed", by=by, now=now)
    return contract


@transaction.atomic
def revise(contract: Contract, *, by: Reachable | str, now: datetime, **agreed: Any) -> Contract:
    """The contract says what was agreed now; what it said before stays on the client's record.

    `agreed` names what changes: policy, hours (a Calendar or its spec), overrides, starts_on, emergency_phone.
    """
    contract = Contract.objects.select_for_update().get(pk=contract.pk)
    for name, value in agreed.items():
        if name not in AGREED:
            raise TypeError(f"a contract has no {name}: {', '.join(AGREED)}")
        setattr(contract, name, value.spec() if isinstance(value, Calendar) else value)
    contract.revised_at = now
    contract.save()
    _record_revision(contract, "contract_revised", by=by, now=now)
    return contract


def revisions(contract: Contract) -> list[Revision]:
    """Every revision on record, the oldest first; none when the contract was never put on record."""
    found = Event.objects.filter(
        stream=f"{Client.stream_kind}/{contract.client_id}", key__startswith=f"contract/{contract.pk}@"
    )
    return [
        Revision(event.data["revision"], event.recorded_at, {name: event.data[name] for name in AGREED})
        for event in found.order_by("seq")
    ]


def _content(client: Client) -> dict[str, Any]:
    return {name: getattr(client, name) for name in OF_A_CLIENT}


def _record_revision(contract: Contract, kind: str, *, by: Reachable | str, now: datetime) -> None:
    content = contract.content() | {"contract": contract.pk, "revision": contract.revision}
    client = Client.objects.select_for_update().get(pk=contract.client_id)
    _record(client, kind, content, by=by, now=now, key=f"contract/{contract.pk}@{contract.revision}")


def _record(
    client: Client, kind: str, data: dict[str, Any], *, by: Reachable | str, now: datetime, key: str | None = None
) -> None:
    append(client, [Draft(kind, now, actor(by), data, key=key)], now=now, client_id=client.pk)


def seen_by(who: Person | Contact | ApiKey | None) -> QuerySet[Client]:
    """The clients that they may see. (R17.3)"""
    return visible(Client.objects.all(), to=who)


def contract_of(client: Client, *, on: date) -> Contract | None:
    """The contract in force on that day, if there is one."""
    return Contract.objects.filter(client=client, starts_on__lte=on).order_by("-starts_on").first()
