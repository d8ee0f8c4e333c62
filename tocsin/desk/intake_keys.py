"""How does a monitor get a key, change it, and lose it?"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q

from tocsin.desk.intake_key import FASTEST, RATE, IntakeKey
from tocsin.desk.refusal import Refusal
from tocsin.directory.client import Client, Service
from tocsin.directory.reach import Reachable, actor
from tocsin.log.append import append
from tocsin.log.chain import Draft
from tocsin.standard.terms import NothingAgreed, terms_for

VALID_AT_ONCE = 2
PREFIX = "tocsin_in_"  # so that whoever finds one lying about knows what it opens
USE_NOTED_EVERY = timedelta(minutes=1)


class Held(NamedTuple):
    """What the door must know of a valid key."""

    id: int
    client_id: int
    source: str
    rate: int


@transaction.atomic
def add(
    *,
    client: Client,
    source: str,
    service: Service | None = None,
    name: str = "",
    default_priority: str = "",
    rate: int = RATE,
    by: Reachable | str,
    now: datetime,
) -> tuple[IntakeKey, str]:
    """A new key is valid for this source and client; returns it with its text, which nobody can read again.

    Two are valid at once, so that one can be changed without losing an alert; a third is refused. (issue: In)
    """
    client = Client.objects.select_for_update().get(pk=client.pk)
    valid = IntakeKey.objects.filter(client=client, source=source, revoked_at=None)
    if len(found := [f"{key.pk}" for key in valid]) >= VALID_AT_ONCE:
        raise Refusal(
            f"{client} has {VALID_AT_ONCE} valid keys for {source} already, {' and '.join(found)}: revoke the one "
            "that is not in use first."
        )
    if service is not None and service.client_id != client.pk:
        raise Refusal(f"{service} is not a service of {client}.")
    if rate < 1:
        raise Refusal("A key that lets nothing in is of no use: give a rate of at least 1 a second.")
    if rate > FASTEST:
        raise Refusal(f"No desk takes in {rate} POSTs a second: give a rate of at most {FASTEST:,} a second.")
    if default_priority:
        _known(default_priority, client, service, now)
    text = PREFIX + secrets.token_urlsafe(32)
    key = IntakeKey.objects.create(
        client=client,
        source=source,
        service=service,
        name=name.strip(),
        digest=digest(text),
        default_priority=default_priority,
        rate=rate,
        created_at=now,
    )
    data = {"intake_key": key.pk, "source": source, "service": service and service.pk, "name": key.name, "rate": rate}
    append(client, [Draft("intake_key_added", now, actor(by), data)], now=now, client_id=client.pk)
    return key, text


def of_api(client: Client, *, now: datetime) -> Held:
    """Under what the alerts of this client are kept that come through the API: a key that opens no door. (R21.2)"""
    found, _ = IntakeKey.objects.get_or_create(
        client=client,
        source="generic",
        digest=digest(f"api/{client.pk}"),  # no key's text begins so
        defaults={"name": "API", "created_at": now, "revoked_at": now},
    )
    return Held(found.pk, client.pk, found.source, found.rate)


@transaction.atomic
def revoke(key: IntakeKey, *, by: Reachable | str, now: datetime) -> None:
    """The key opens nothing any more, within the seconds for which a web process keeps what it knows."""
    client = Client.objects.select_for_update().get(pk=key.client_id)
    if not IntakeKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=now):
        raise Refusal(f"Key {key.pk} was revoked before.")
    data = {"intake_key": key.pk, "source": key.source}
    append(client, [Draft("intake_key_revoked", now, actor(by), data)], now=now, client_id=client.pk)
    key.refresh_from_db()


def find(text_digest: str, *, now: datetime) -> Held | None:
    """The valid key with this digest; that it was used is noted, at most once a minute."""
    row = (
        IntakeKey.objects.filter(digest=text_digest, revoked_at=None)
        .values_list("pk", "client_id", "source", "rate", "last_used_at")
        .first()
    )
    if row is None:
        return None
    *held, last = row
    if last is None or now - last > USE_NOTED_EVERY:
        stale = Q(last_used_at=None) | Q(last_used_at__lt=now - USE_NOTED_EVERY)
        IntakeKey.objects.filter(stale, pk=held[0]).update(last_used_at=now)
    return Held(*held)


def digest(text: str) -> str:
    """What is stored of a key's text. Plain SHA-256: nobody can try 2**256 keys, so nothing needs to be slow."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _known(priority: str, client: Client, service: Service | None, now: datetime) -> None:
    try:
        known = terms_for(client, service, at=now).priorities
    except NothingAgreed as error:
        raise Refusal(f"{error}; without it nobody knows what {priority} means.") from error
    if priority not in known:
        raise Refusal(f"There is no priority {priority!r} in this standard: it is one of {', '.join(known)}.")
