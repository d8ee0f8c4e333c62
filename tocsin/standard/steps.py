"""How is a step in a standard's life put on record: its rows and its event, together?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from tocsin.directory.reach import Reachable, actor
from tocsin.log.append import append
from tocsin.log.chain import Draft, instant
from tocsin.standard.standing import PILOT, ROLLBACK, ROLLOUT, Standing, own, standings
from tocsin.standard.version import Policy, PolicyVersion

ADOPTED, PILOTED, ROLLED_OUT, ROLLED_BACK = (
    "policy_adopted",
    "policy_piloted",
    "policy_rolled_out",
    "policy_rolled_back",
)
STEPS = {ADOPTED: ROLLOUT, PILOTED: PILOT, ROLLED_OUT: ROLLOUT, ROLLED_BACK: ROLLBACK}


class Place(NamedTuple):
    """What is to be in force: at this client, or (None) everywhere; no version: what is in force everywhere."""

    client_id: int | None
    version: PolicyVersion | None
    over: str = ""
    until: datetime | None = None


def take(
    policy: Policy,
    kind: str,
    places: Sequence[Place],
    *,
    data: dict[str, Any],
    by: Reachable | str,
    why: str,
    now: datetime,
    undoes: int | None = None,
    key: str | None = None,
) -> int:
    """The step is on the standard's log and in force; returns its batch. Belongs where the policy's row is locked."""
    said = dict(data)
    said |= {"why": why} if why else {}
    said |= {"undoes": undoes} if undoes is not None else {}
    if not (kind == ADOPTED and [place.client_id for place in places] == [None]):  # which an adoption means by itself
        said["standings"] = [_told(place) for place in places]
    (entry,) = append(policy, [Draft(kind, now, actor(by), said, key=key)], now=now)
    Standing.objects.bulk_create(
        Standing(
            policy=policy,
            batch=entry.seq,
            step=STEPS[kind],
            client_id=place.client_id,
            version=place.version,
            over=place.over,
            since=now,
            until=place.until,
            undoes=undoes,
            by=actor(by),
            why=why,
        )
        for place in places
    )
    return entry.seq


def places_everywhere(version: PolicyVersion, named: dict[int, str]) -> list[Place]:
    """What rolling this version out to everybody changes: the standard as a whole, and whoever has it of their own.

    `named` says which standard each client's contract names now. Another standard that is piloted stays as it is.
    """
    found = [Place(None, version)]
    for (client, over), row in sorted(own(standings().exclude(client=None)).items()):
        if row.version.policy_id != version.policy_id or named.get(client) != over:  # type: ignore[union-attr]
            continue
        found.append(Place(client, None if over == version.policy.name else version, over))
    return found


def _told(place: Place) -> dict[str, Any]:
    told: dict[str, Any] = {"client": place.client_id, "over": place.over}
    if place.version is not None:
        told |= {"policy": place.version.policy_id, "number": place.version.number}
    return told | ({"until": instant(place.until)} if place.until else {})


def locked() -> list[Policy]:
    """The rows of all standards, locked in one order for everybody."""
    return list(Policy.objects.select_for_update().order_by("pk"))
