"""Whose pilot is over, and has whoever began it heard?

It stays in force, for nobody's promises change in silence; so somebody has to decide, and is told once. (R16.3)
"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from tocsin.directory.holders import Holders
from tocsin.directory.person import Person, here
from tocsin.engine.others import others
from tocsin.log.append import append
from tocsin.log.chain import Draft
from tocsin.log.event import Event
from tocsin.outbox.queue import Letter, queue
from tocsin.standard.history import places
from tocsin.standard.standing import ROLLBACK, Standing, standings
from tocsin.standard.version import Policy

KIND = "pilot_over"
AT = "%a %d %b %Y %H:%M %Z"


def turn(now: datetime) -> int:
    """Whoever began a pilot whose last day is over has been told, once; returns how many were told of."""
    over = list(_over(now))
    if not over:
        return 0
    keys = [_key(row) for row in over]
    told = set(Event.objects.filter(kind=KIND, key__in=keys).values_list("stream", "key"))
    new = [row for row in over if (row.policy.stream_name, _key(row)) not in told]
    for row in new:
        with transaction.atomic():
            _tell(row, now)
    return len(new)


def _over(now: datetime) -> QuerySet[Standing]:
    newer = Standing.objects.filter(client=OuterRef("client"), over=OuterRef("over"), pk__gt=OuterRef("pk"))
    return standings().filter(~Exists(newer), client__isnull=False, until__lte=now).select_related("policy", "client")


def _key(row: Standing) -> str:
    return f"pilot-over/{row.batch}@{row.client_id}"


def _tell(row: Standing, now: datetime) -> None:
    policy = Policy.objects.select_for_update().get(pk=row.policy_id)
    if Event.objects.filter(stream=policy.stream_name, key=_key(row)).exists():
        return  # another engine was first
    stands = any(each.own and each.client == row.client and each.version == row.version for each in places(now))
    who = _who(row, now) if stands else None  # a contract that names another standard since has ended it
    data = {"client": row.client_id, "of": row.batch, "told": [who.actor] if who else []}
    append(policy, [Draft(KIND, now, "engine", data, key=_key(row))], now=now)
    if who:
        queue([_letter(row, who, now)])


def _who(row: Standing, now: datetime) -> Person | None:
    """Who began it; where they have left, or it was a program, whoever hears of what concerns nobody."""
    kind, _, number = row.by.partition("/")
    begun = here(Person.objects.filter(pk=int(number)).first()) if kind == "person" and number.isdecimal() else None
    known = Holders.of([row.client_id] if row.client_id else [], at=now)
    return begun or next(others(known, row.client_id, None, None), None)


def _letter(row: Standing, who: Person, now: datetime) -> Letter:
    assert row.client is not None and row.until is not None
    name, slug = row.policy.name, row.client.slug
    version = f" --version {row.version.number}" if row.version else ""
    step = "" if row.step == ROLLBACK else f" --step {row.batch}"
    until = row.until.astimezone(ZoneInfo(row.client.zone))
    why = "you began it" if who.actor == row.by else "whoever began it works here no more, or was nobody in person"
    return Letter(
        client_id=row.client_id,
        ticket_id=None,
        key=f"{_key(row)}/{row.policy_id}/{who.actor}",
        person=who.actor,
        ways=who.how_to_reach(),
        subject=f"The pilot of {row.version} at {row.client} is over",
        body=(
            f"{who}, the pilot of {row.version} at {row.client} was to last until {until:{AT}}.\n\n"
            "It is still in force, for promises do not change in silence. Decide, on the screens (Standard, History) "
            "or in a shell of the desk:\n\n"
            f"- it stays: tocsin policy rollout {name}{version} --client {slug}\n"
            f"- it goes: tocsin policy rollback {name}{step}\n\n"
            f"Why you: {why}."
        ),
        due_at=now,
    )
