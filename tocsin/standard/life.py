"""How is a version of a standard tried at one client, rolled out, and rolled back?

Every step is one batch, told by one event of the standard's log; a refused step stores nothing. Tickets keep the
version they were opened under, whatever is in force later. (R16.3)
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from tocsin.directory.client import Client
from tocsin.directory.contract import Contract
from tocsin.directory.reach import Reachable
from tocsin.standard.fits import Signed, misfits, signed
from tocsin.standard.standing import ROLLBACK, Standing, everywhere, in_force, standings
from tocsin.standard.steps import PILOTED, ROLLED_BACK, ROLLED_OUT, Place, locked, places_everywhere, take
from tocsin.standard.version import Policy, PolicyVersion


class StepRefused(ValueError):
    """A step that cannot be taken: why, and what to do. One line a reason; nothing was stored."""


def over(day: date, client: Client) -> datetime:
    """When this day, a pilot's last, is over where the client is. Raises StepRefused."""
    try:
        return datetime.combine(day + timedelta(days=1), time(), ZoneInfo(client.zone)).astimezone(UTC)
    except OverflowError:
        raise StepRefused(f"{day} is no day that anybody decides on: give a nearer one.") from None


@transaction.atomic
def pilot(
    version: PolicyVersion, client: Client, *, until: datetime, by: Reachable | str, why: str = "", now: datetime
) -> int:
    """What is opened at this client from now on goes by this version; returns the batch.

    It may be another standard than the client's contract names. The pilot is meant to end at `until`: it is overdue
    then, and stays in force until it is rolled out or back, for nobody's promises change in silence.
    """
    policy = _lock(version.policy.name)
    assert policy is not None
    known = signed(now)
    if until <= now:
        raise StepRefused(f"A pilot ends later than it begins: {until:%Y-%m-%d %H:%M} UTC has passed.")
    contract = _signed(client, known).now
    current = in_force(client.pk, contract.policy, at=now)
    if current is not None and current.version == version and not (current.client_id and current.until):
        raise StepRefused(f"{client} works by {version} already: there is nothing to try.")
    _fits(version, _at(client.pk, known))
    place = Place(client.pk, version, contract.policy, until)
    return take(policy, PILOTED, [place], data=_about(version), by=by, why=why, now=now)


@transaction.atomic
def roll_out(
    version: PolicyVersion,
    clients: Iterable[Client] | None = None,
    *,
    by: Reachable | str,
    why: str = "",
    now: datetime,
) -> int:
    """What is opened from now on at these clients goes by this version; returns the batch, one step for all of them.

    Without clients it is in force for everyone whose contract names the standard, those to come included, and for who
    tried it or had another version of it of their own. A client that has it already is left as it is.
    """
    policy = _lock(version.policy.name)
    assert policy is not None
    known = signed(now)
    chosen = None if clients is None else list(dict.fromkeys(clients))
    places = _everywhere(version, known) if chosen is None else _chosen(version, chosen, known, now)
    if not places:
        where = "everywhere" if chosen is None else "at " + ", ".join(map(str, chosen))
        raise StepRefused(f"{version} is in force {where} already: there is nothing to roll out.")
    own = {place.client_id for place in places if place.version is not None}
    contracts = [contract for pk in own if pk in known for contract in _at(pk, known)]
    if None in own:
        contracts += _naming(policy.name, known)
    _fits(version, contracts)
    return take(policy, ROLLED_OUT, places, data=_about(version), by=by, why=why, now=now)


@transaction.atomic
def roll_back(name: str, batch: int, *, by: Reachable | str, why: str = "", now: datetime) -> int:
    """Each client has again what it had before that batch of this standard; returns the batch that undid it.

    Refused where a newer step lies above it, at any of its clients.
    """
    policy = _lock(name)
    if policy is None:
        raise StepRefused(f"No standard {name} was adopted here.")
    known = signed(now)
    undone = list(standings().filter(policy=policy, batch=batch).select_related("client"))
    if not undone:
        raise StepRefused(f"{name} has no step {batch}: its history names them.")
    if undone[0].step == ROLLBACK:
        raise StepRefused(f"Step {batch} of {name} is a rollback itself: pilot or roll out what should be in force.")
    places, contracts = [], []
    for row in undone:
        before = _beneath(row)
        if row.client is None and before is None:
            raise StepRefused(f"{row.version} was the first version of {name}: there is none before it.")
        version, until = (before.version, before.until) if before else (None, None)
        places.append(Place(row.client_id, version, row.over, until))
        returns = version or _general(row.over)
        if returns is not None:
            here = _naming(name, known) if row.client_id is None else _at(row.client_id, known, row.over)
            contracts += misfits(PolicyVersion.objects.get(pk=returns.pk), here)
    if contracts:
        raise StepRefused("\n".join(dict.fromkeys(contracts)))
    data = {"name": name, "batch": batch}
    return take(policy, ROLLED_BACK, places, data=data, by=by, why=why, now=now, undoes=batch)


def last_step(name: str) -> int | None:
    """The newest batch of this standard that can still be undone."""
    rows = standings().filter(policy__name=name)
    gone = {row.undoes for row in rows if row.undoes is not None}
    left = [row.batch for row in rows if row.step != ROLLBACK and row.batch not in gone]
    return max(left, default=None)


def _beneath(row: Standing) -> Standing | None:
    """What the row's place had before it; StepRefused where something newer lies above the row.

    What a client had while its contract named another standard lies on a pile of its own: neither ends the other.
    """
    place = standings().filter(client=row.client_id, over=row.over)
    place = place.filter(policy=row.policy_id) if row.client_id is None else place
    pile: list[Standing] = []
    for each in place.order_by("pk"):
        if each.step == ROLLBACK:
            pile = [lower for lower in pile if (lower.policy_id, lower.batch) != (each.policy_id, each.undoes)]
        else:
            pile.append(each)
    if row not in pile:
        raise StepRefused(f"Step {row.batch} of {row.policy.name} was rolled back before.")
    if (newer := pile[-1]) != row:
        where = str(row.client) if row.client else "Everybody"
        raise StepRefused(
            f"{where} had a newer step since: {newer.policy.name} step {newer.batch}, {newer.since:%Y-%m-%d %H:%M} UTC"
            f"{f' ({newer.version})' if newer.version else ''}. Roll that back first."
        )
    return pile[-2] if len(pile) > 1 else None


def _general(name: str) -> PolicyVersion | None:
    """What a client works by that has none of its own, while its contract names this standard."""
    row = everywhere(name)
    return row.version if row else None


def _everywhere(version: PolicyVersion, known: dict[int, Signed]) -> list[Place]:
    places = places_everywhere(version, {pk: each.now.policy for pk, each in known.items()})
    current = everywhere(version.policy)
    if current is not None and current.version_id == version.pk:
        return places[1:] and places
    return places


def _chosen(version: PolicyVersion, clients: Sequence[Client], known: dict[int, Signed], now: datetime) -> list[Place]:
    places = []
    for client in clients:
        named = _signed(client, known).now.policy
        current = in_force(client.pk, named, at=now)
        if current is None or current.version_id != version.pk or (current.client_id and current.until):
            places.append(Place(client.pk, version, named))
    return places


def _lock(name: str) -> Policy | None:
    """The standard. Until the step is over nobody takes another, of any standard: both may be about one client."""
    return next((policy for policy in locked() if policy.name == name), None)


def _about(version: PolicyVersion) -> dict[str, object]:
    return {"name": version.policy.name, "number": version.number, "sha256": version.sha256}


def _signed(client: Client, known: dict[int, Signed]) -> Signed:
    if client.pk not in known:
        raise StepRefused(f"{client} has no contract, or has left: there is nothing to promise it.")
    return known[client.pk]


def _at(client_pk: int, known: dict[int, Signed], named: str = "") -> list[Contract]:
    """The client's contract and those to come, as long as they name the same standard."""
    if client_pk not in known:
        return []
    each = known[client_pk]
    return [contract for contract in (each.now, *each.later) if contract.policy == (named or each.now.policy)]


def _naming(name: str, known: dict[int, Signed]) -> list[Contract]:
    return [contract for each in known.values() for contract in (each.now, *each.later) if contract.policy == name]


def _fits(version: PolicyVersion, contracts: Iterable[Contract]) -> None:
    if wrong := misfits(version, contracts):
        raise StepRefused("\n".join(wrong))
