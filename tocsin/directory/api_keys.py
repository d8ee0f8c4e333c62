"""How does a program get a key, use it, and lose it?"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from hashlib import sha256

from django.db.models import Q

from tocsin.directory.access import may_write, visible
from tocsin.directory.api_key import ALERT, RATE, SCOPES, WRITE, ApiAnswer, ApiKey
from tocsin.directory.client import Client
from tocsin.directory.person import Person

PREFIX = "tocsin_api_"  # so that whoever finds one lying about knows what it opens
FASTEST = 1000
USE_NOTED_EVERY = timedelta(minutes=1)
ANSWERS_KEPT = timedelta(days=1)


class KeyRefused(ValueError):
    """What was asked of a key cannot be done; the text is a sentence fit to show."""


def add(
    *,
    person: Person,
    scopes: Collection[str],
    client: Client | None = None,
    name: str = "",
    rate: int = RATE,
    now: datetime,
) -> tuple[ApiKey, str]:
    """A new key is valid; returns it with its text, which nobody can read again. Raises KeyRefused."""
    if unknown := [scope for scope in scopes if scope not in SCOPES]:
        raise KeyRefused(f"There is no scope {unknown[0]!r}: it is one of {', '.join(SCOPES)}.")
    if not scopes:
        raise KeyRefused(f"A key without a scope opens nothing: give one of {', '.join(SCOPES)}.")
    if not person.active:
        raise KeyRefused(f"{person} no longer works here, and a key of theirs would open nothing.")
    if not may_write(person) and {WRITE, ALERT} & set(scopes):
        raise KeyRefused(f"{person} reads and changes nothing, so a key of theirs cannot either.")
    if client is not None and not visible(Client.objects.filter(pk=client.pk), to=person).exists():
        raise KeyRefused(f"{person} may not see {client}, so a key of theirs cannot either.")
    if not 1 <= rate <= FASTEST:
        raise KeyRefused(f"Give a rate of 1 to {FASTEST:,} requests a second.")
    text = PREFIX + secrets.token_urlsafe(32)
    ordered = " ".join(scope for scope in SCOPES if scope in scopes)
    key = ApiKey.objects.create(
        person=person, client=client, name=name.strip(), scopes=ordered, digest=digest(text), rate=rate, created_at=now
    )
    return key, text


def revoke(key: ApiKey, *, now: datetime) -> None:
    """The key opens nothing any more, from the next request on."""
    if not ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=now):
        raise KeyRefused(f"Key {key.pk} was revoked before.")
    key.revoked_at = now


def find(text: str, *, now: datetime) -> ApiKey | None:
    """The valid key with this text, of somebody who works here; that it was used is noted, at most once a minute."""
    valid = ApiKey.objects.filter(digest=digest(text), revoked_at=None, person__active=True)
    key = valid.select_related("person", "client").first()
    if key is not None and (key.last_used_at is None or now - key.last_used_at > USE_NOTED_EVERY):
        stale = Q(last_used_at=None) | Q(last_used_at__lt=now - USE_NOTED_EVERY)
        ApiKey.objects.filter(stale, pk=key.pk).update(last_used_at=now)
    return key


def answer_to(key: ApiKey, token: str, fingerprint: str, *, now: datetime) -> ApiAnswer:
    """What this request was answered before, or, with status 0, the place for what it will be.

    Belongs in the transaction that does what the request asks for: another with the same token waits for its end.
    """
    ApiAnswer.objects.filter(key=key, created_at__lt=now - ANSWERS_KEPT).delete()
    new = {"fingerprint": fingerprint, "created_at": now}
    found, _ = ApiAnswer.objects.get_or_create(key=key, token=token, defaults=new)
    return found


def digest(text: str) -> str:
    """What is stored of a key's text. Plain SHA-256: nobody can try 2**256 keys, so nothing needs to be slow."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
