"""What is done to rosters?

Everything goes on record in the roster's own log: by whom, when, why, and what the roster says from then on. What has
passed never moves: a change, an override and an undoing begin now or later. (semantics 6)
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from django.db import IntegrityError, transaction

from tocsin.core.hours import Calendar
from tocsin.core.rota import Layer, Override, Rota, alike
from tocsin.core.zone import instant
from tocsin.directory.access import may_write, visible
from tocsin.directory.client import Client
from tocsin.directory.person import EVERY_CLIENT, Person, here
from tocsin.directory.reach import Reachable, actor
from tocsin.directory.roster import Roster
from tocsin.log.append import append
from tocsin.log.chain import Draft

MOVED = "Somebody has changed this roster since you opened the page: open it anew, and change what it says now."
PLAIN = ("name", "hours", "owner", "fallback")


class RosterRefused(ValueError):
    """What was asked of a roster cannot be done; the text is a sentence fit to show."""


@transaction.atomic
def add(
    name: str,
    *,
    role: str,
    rota: Rota,
    client: Client | None = None,
    hours: Calendar | None = None,
    owner: Person | None = None,
    fallback: Person | None = None,
    by: Reachable | str,
    now: datetime,
) -> Roster:
    """The role is held in these turns. Raises RosterRefused."""
    roster = could(name, role=role, rota=rota, client=client, hours=hours, owner=owner, fallback=fallback)
    roster.look_at = now
    try:
        with transaction.atomic():
            roster.save()
    except IntegrityError:  # somebody else made one for the role since we looked
        raise _taken(_of(role, client), role, client) from None
    record(roster, "roster_added", {}, by=by, now=now)
    return roster


def could(
    name: str,
    *,
    role: str,
    rota: Rota,
    client: Client | None = None,
    hours: Calendar | None = None,
    owner: Person | None = None,
    fallback: Person | None = None,
) -> Roster:
    """The roster as it would be made; nothing is stored. Raises RosterRefused."""
    if not name.strip() or not role.strip():
        raise RosterRefused("A roster needs a name, and the role whose turns it says.")
    if {"/", "@"} & set(role):
        raise RosterRefused(f"{role} is no name for a role: leave out / and @.")
    if other := _of(role, client):
        raise _taken(other, role, client)
    present((who for layer in rota.layers for turn in layer.turns for who in turn), client)
    return Roster(
        name=name.strip(),
        role=role.strip(),
        client=client,
        spec=rota.spec(),
        hours=hours.spec() if hours else None,
        owner=_works(owner),
        fallback=_able(fallback, client),
    )


@transaction.atomic
def change(
    roster: Roster,
    *,
    layers: Iterable[Layer] | None = None,
    since: datetime | None = None,
    revision: int | None = None,
    reason: str,
    by: Reachable | str,
    now: datetime,
    **known: Any,
) -> Roster:
    """From the wall time `since` on the roster has these layers, and what it had before ends there.

    Without `since` it is when the first new one of them starts. `revision` is what whoever changes it has seen: where
    somebody has changed it since, nothing is done. `known` names what else changes, at once: name, hours, owner,
    fallback. Raises RosterRefused.
    """
    roster = locked(roster)
    if revision is not None and revision != roster.revision:
        raise RosterRefused(MOVED)
    rota, did = Rota.from_spec(roster.spec), {}
    for field, value in known.items():
        if field not in PLAIN:
            raise TypeError(f"a roster has no {field}: {', '.join(PLAIN)}")
        if field == "owner":
            value = _works(value)
        elif field == "fallback":
            value = _able(value, roster.client)
        elif field == "hours":
            value = value.spec() if value else None
        elif not str(value).strip():
            raise RosterRefused("A roster needs a name.")
        setattr(roster, field, value)
    if layers is not None:
        new = list(layers)
        present((who for layer in new for turn in layer.turns for who in turn), roster.client)
        fresh = [layer for layer in new if not any(alike(layer, was) for was in rota.layers)]
        since = since or min((layer.starts for layer in fresh), default=None)
        if since is None:
            raise RosterRefused("Say from when on nobody takes turns any more, or end the roster.")
        roster.spec = changed(rota, new, since, now).spec()
        did = {"since": since.isoformat(timespec="minutes")}
    return keep(roster, "roster_changed", did, reason=reason, by=by, now=now)


def changed(rota: Rota, new: Sequence[Layer], since: datetime, now: datetime) -> Rota:
    """The roster with these layers from the wall time `since` on. Raises RosterRefused.

    One that it has already goes on as it is, whoever's turn it is, and stands where it stood among the others.
    """
    if instant(rota.zone, since) < now:
        raise RosterRefused(f"{since:%a %d %b %H:%M} has passed: change the roster from now on or later.")
    rest, layers = list(new), []
    kept = [next((layer for layer in rota.layers if alike(layer, each)), None) for each in new]
    if early := next((each for each, was in zip(new, kept, strict=True) if was is None and each.starts < since), None):
        raise RosterRefused(
            f"A layer starts {early.starts:%a %d %b %H:%M}, before the change at {since:%a %d %b %H:%M}: start it then."
        )
    for layer in rota.layers:
        if place := next((n for n, each in enumerate(rest, 1) if alike(layer, each)), 0):
            layers += [*rest[: place - 1], layer]
            del rest[:place]
        elif layer.starts < since:
            layers.append(layer if layer.ends is not None and layer.ends <= since else replace(layer, ends=since))
    return Rota(rota.zone, [*layers, *rest], rota.overrides)


@transaction.atomic
def override(roster: Roster, other: Override, *, reason: str, by: Reachable | str, now: datetime) -> Roster:
    """During its span these people are on duty instead, besides, or are not. Raises RosterRefused."""
    roster = locked(roster)
    rota = Rota.from_spec(roster.spec)
    if other.end <= now:
        raise RosterRefused("That has passed: what was is not changed. Choose an end that is yet to come.")
    if other.start < now:
        other = replace(other, start=now)
    if other.kind != "remove":
        present(other.people, roster.client)
    absent = [who for who in other.of if not any(who in s.people for s in rota.shifts(other.start, other.end))]
    if absent:
        raise RosterRefused(f"{names(absent)} is not on duty then: there is nothing to take over.")
    if other.kind == "remove" and not any(
        set(other.people) & set(shift.people) for shift in rota.shifts(other.start, other.end)
    ):
        raise RosterRefused(f"{names(other.people)} is not on duty then: nobody needs to be taken off.")
    roster.spec = Rota(rota.zone, rota.layers, [*rota.overrides, other]).spec()
    did = {"override": on_record(other), "mark": mark(other)}
    return keep(roster, "roster_overridden", did, reason=reason, by=by, now=now)


@transaction.atomic
def undo(roster: Roster, marked: str, *, reason: str, by: Reachable | str, now: datetime) -> Roster:
    """From now on the override with this mark is no more; what it did until now stays. Raises RosterRefused.

    Of a swap both are undone, or somebody would have two shifts and somebody none.
    """
    roster = locked(roster)
    rota = Rota.from_spec(roster.spec)
    found = next((each for each in rota.overrides if mark(each) == marked), None)
    if found is None:
        raise RosterRefused("There is no such override any more: somebody has undone it. Look at the roster anew.")
    if found.end <= now:
        raise RosterRefused("That override is over: what was is not changed.")
    both = [each for each in rota.overrides if each is found or (found.swap is not None and each.swap == found.swap)]
    if any(each.end <= now for each in both):
        raise RosterRefused("One of the two shifts of this swap is over: take over the other, or leave it.")
    rest = []
    for each in rota.overrides:
        if not any(each is undone for undone in both):
            rest.append(each)
        elif each.start < now:
            rest.append(replace(each, end=now))
    roster.spec = Rota(rota.zone, rota.layers, rest).spec()
    did = {"override": on_record(found), "mark": marked}
    if len(both) > 1:
        did["overrides"] = [on_record(each) for each in both]
    return keep(roster, "roster_override_undone", did, reason=reason, by=by, now=now)


@transaction.atomic
def end(roster: Roster, *, reason: str, by: Reachable | str, now: datetime) -> Roster:
    """From now on it asks nobody: those who hold its role without a time do. Raises RosterRefused."""
    roster = locked(roster)
    roster.ended_at = now
    return keep(roster, "roster_ended", {}, reason=reason, by=by, now=now)


def mark(override: Override) -> str:
    """What tells an override from the others of its roster."""
    return sha256(repr(sorted(on_record(override).items())).encode()).hexdigest()[:12]


def locked(roster: Roster) -> Roster:
    """The roster as it stands, which nobody else changes until the transaction ends. Raises RosterRefused."""
    found = Roster.objects.select_for_update().get(pk=roster.pk)
    if found.ended_at is not None:
        raise RosterRefused(f"{found.name} has ended: make another roster for its role.")
    return found


def _of(role: str, client: Client | None) -> Roster | None:
    return Roster.objects.filter(role=role.strip(), client=client, ended_at=None).first()


def _taken(other: Roster | None, role: str, client: Client | None) -> RosterRefused:
    whose = f" for {client}" if client else ""
    return RosterRefused(f"{other or 'A roster'} says already who is {role}{whose} when: change it, or end it first.")


def _works(person: Person | None) -> Person | None:
    if person is not None and here(person) is None:
        raise RosterRefused(f"{person} works here no more: choose somebody who does.")
    return person


def _able(person: Person | None, client: Client | None) -> Person | None:
    """They work here, and whatever they are paged for they can open and act on. Raises RosterRefused."""
    if _works(person) is None or person is None:
        return None
    if not may_write(person):
        raise RosterRefused(f"{person} reads here and changes nothing: choose somebody who can act on a page.")
    if client is None and person.access != EVERY_CLIENT:
        raise RosterRefused(
            f"{person} may not see every client, and this roster is for all of them: choose somebody who may."
        )
    if client is not None and not visible(Client.objects.filter(pk=client.pk), to=person).exists():
        raise RosterRefused(f"{person} may not see {client}, whose roster this is: choose somebody who may.")
    return person


def present(actors: Iterable[str], client: Client | None) -> None:
    """Each of them works here, and may act for the client; for every client, where it is None. Raises RosterRefused.

    Its sentence says who may not, and why.
    """
    numbers = {}
    for who in actors:
        kind, _, number = who.partition("/")
        if kind != "person" or not number.isdecimal() or len(number) > 18:
            raise RosterRefused(f"{who!r} is nobody of ours: a roster names people as person/5.")
        numbers[who] = int(number)
    known = Person.objects.in_bulk(numbers.values())
    for who, number in sorted(numbers.items()):
        if number not in known:
            raise RosterRefused(f"There is no {who}: choose somebody who works here.")
        _able(known[number], client)


def names(actors: Iterable[str]) -> str:
    """What they are called: Ann and Ben."""
    numbers = [int(who.partition("/")[2]) for who in actors if who.partition("/")[2].isdecimal()]
    return " and ".join(person.name for person in Person.objects.filter(pk__in=numbers)) or "Nobody"


def on_record(override: Override) -> dict[str, Any]:
    """The override as an event holds it."""
    start, end = (at.astimezone(UTC).isoformat() for at in (override.start, override.end))
    said = {"kind": override.kind, "start": start, "end": end, "people": [*override.people], "of": [*override.of]}
    return said if override.swap is None else said | {"swap": override.swap}


def keep(roster: Roster, kind: str, did: dict[str, Any], *, reason: str, by: Reachable | str, now: datetime) -> Roster:
    """The locked roster's new revision is stored and on record, and the engine looks for holes anew."""
    if not reason.strip():
        raise RosterRefused("Say why: whoever is on duty otherwise can read it.")
    roster.revision += 1
    roster.look_at = now
    roster.save()
    record(roster, kind, did | {"reason": reason.strip()}, by=by, now=now)
    return roster


def record(roster: Roster, kind: str, did: dict[str, Any], *, by: Reachable | str, now: datetime) -> None:
    """What was done, and what the roster says from then on, is in its log."""
    append(roster, [Draft(kind, now, actor(by), roster.content() | did)], now=now, client_id=roster.client_id)
