"""Is there somebody wherever a standard asks, and can they be reached?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from tocsin.core.ladder import Step
from tocsin.core.place import Path
from tocsin.directory.client import Client
from tocsin.directory.contact import Contact
from tocsin.directory.duty import AHEAD, double, here_of, names, running, staffed, working
from tocsin.directory.holders import Holders
from tocsin.directory.person import Person
from tocsin.directory.roster import Roster
from tocsin.trials.found import Found, found, listed, times
from tocsin.trials.scope import Scope

TICKETS = ("owner", "worker")  # whoever has the ticket
CALLED = ("name", "title")  # what something is called, which may be what a role is called


@dataclass(eq=False)
class Desk:
    """Who holds what for the clients of a scope now, and who takes turns in it within the coming two weeks."""

    scope: Scope
    holders: Holders
    rosters: list[Roster]
    first_level: list[Person]
    turns: dict[int, set[Person]] = field(default_factory=dict)

    def of(self, role: str, client: Client | None) -> list[Person]:
        """Those of ours who are asked for the role now, in order; where tickets begin, whoever works there."""
        pk = client.pk if client else None
        works = [who for who in self.first_level if who.level == role and self.holders.may_act(who, pk)]
        return [*dict.fromkeys((*self.holders.people(role, pk), *works))]

    def with_turns(self, role: str, client: Client | None) -> set[Person]:
        """Those, and whoever has a turn by roster within two weeks or stands in, if they may act for the client."""
        turns = {who for roster in self.by_roster(role, client) for who in self.turns[roster.pk]}
        pk = client.pk if client else None
        able = {who for who in (*turns, *self.fallbacks(role, client)) if self.holders.may_act(who, pk)}
        return {*self.of(role, client), *able}

    def by_roster(self, role: str, client: Client | None) -> list[Roster]:
        """The rosters by which the role is held for the client: its own, and those for all."""
        pk = client.pk if client else None
        return [each for each in self.rosters if each.role == role and each.client_id in (None, pk)]

    def fallbacks(self, role: str, client: Client | None) -> set[Person]:
        """Who stands in where nobody is on duty."""
        return {each.fallback for each in self.by_roster(role, client) if each.fallback is not None}

    def relieved(self, role: str, client: Client | None) -> bool:
        """Whether somebody stands in when whoever is asked does not answer: a second holder, or a fallback."""
        asked = self.of(role, client)
        others = self.fallbacks(role, client).difference(asked)
        return len(asked) > 1 or any(self.holders.may_act(who, client.pk if client else None) for who in others)


def desk_of(scope: Scope) -> Desk:
    holders = Holders.of([client.pk for client in scope.clients], at=scope.now)
    works = Person.objects.filter(active=True, level=scope.first_level)
    desk, here = Desk(scope, holders, list(running()), list(works)), working()
    shifts = {roster.pk: staffed(roster, scope.now, scope.now + AHEAD, here) for roster in desk.rosters}
    people = here_of({who for found in shifts.values() for shift in found for who in shift.people})
    desk.turns = {
        roster: {people[who] for shift in found for who in shift.people if who in people}
        for roster, found in shifts.items()
    }
    return desk


def roles(desk: Desk) -> Iterator[Found]:
    """Whoever is asked is there, and has a backup, for every client. (R4.10)"""
    clients: list[Client | None] = [*desk.scope.clients] or [None]
    for role, where in asked(desk.scope).items():
        for kind in ("empty-role", "lone-role"):
            lacking = [client for client in clients if _lacks(desk, role, client) == kind]
            if lacking:
                yield _of_role(desk, kind, role, where, [client for client in lacking if client], len(clients))


def _lacks(desk: Desk, role: str, client: Client | None) -> str:
    if not desk.of(role, client):
        return "empty-role"
    return "" if desk.relieved(role, client) else "lone-role"


def _of_role(desk: Desk, kind: str, role: str, where: str, clients: list[Client], among: int) -> Found:
    names = [client.name for client in clients]
    whom = f" for {listed(names)}" if names and not (desk.scope.whole and len(clients) == among > 1) else ""
    if kind == "empty-role":
        said = f"Nobody holds {role}{whom}: give it to somebody, and to a backup."
    else:
        alone = list(dict.fromkeys(who.name for client in clients or [None] for who in desk.of(role, client)))
        said = f"Only {listed(alone)} holds {role}{whom}: name a backup."
    return found(kind, where, said, names)


def asked(scope: Scope) -> dict[str, str]:
    """Each role and level of ours that something is asked of → the first place in the document where it is."""
    document, content = scope.policy.document, scope.policy.document.content
    ours = [name for name, role in scope.policy.roles.items() if role.side == "staff" and name not in TICKETS]
    places: dict[str, Path] = {scope.first_level: ("rules", "first_level")}
    for section, part in content.items():
        if section not in ("standard", "roles", "levels", "messages"):
            for path, word in _texts((section,), part):
                if path[-1] not in CALLED and (word in ours or (word in content["levels"] and path[-1] == "to")):
                    places.setdefault(word, path)
    return {word: document.where(path) for word, path in places.items()}


def _texts(path: Path, part: object) -> Iterator[tuple[Path, str]]:
    if isinstance(part, str):
        yield path, part
    elif isinstance(part, dict):
        for key, value in part.items():
            yield from _texts((*path, key), value)
    elif isinstance(part, list):
        for place, value in enumerate(part):
            yield from _texts((*path, place), value)


def contacts(desk: Desk) -> Iterator[Found]:
    """Every client has the contacts that the ladders need, each with an address, and a number where they are called."""
    for client, terms in desk.scope.fitting():
        for where, ladder, step in desk.scope.steps():
            if step.to not in terms.client_roles:
                continue
            known = desk.holders.holders(step.to, client.pk)
            if not known:
                yield found(
                    "no-contact",
                    where,
                    f"{client} has no {step.to}, whom the {ladder.name} ladder tells: add a contact with that role.",
                    [client.name],
                )
            for who in known[:1]:
                yield from _contact(step, who, client, where)


def _contact(step: Step, who: Person | Contact, client: Client, where: str) -> Iterator[Found]:
    if not who.how_to_reach():
        yield found(
            "unreachable",
            where,
            f"No address of {who}, {step.to} of {client}, is known: add a mail address.",
            [client.name],
        )
    if "phone" in step.by and not who.phone:
        yield found(
            "no-phone",
            where,
            f"{who}, {step.to} of {client}, is to be called and has no phone number: add one.",
            [client.name],
        )


def reach(desk: Desk) -> Iterator[Found]:
    """Whoever is asked can be reached; whoever is paged, in two ways. (semantics 6)"""
    paged = {step.to for _, ladder, step in desk.scope.steps() if ladder.until_acknowledged}
    clients: list[Client | None] = [*desk.scope.clients] or [None]
    asks: dict[Person, dict[str, str]] = {}
    for role, where in asked(desk.scope).items():
        for who in {who for client in clients for who in desk.with_turns(role, client)}:
            asks.setdefault(who, {})[role] = where
    for who, places in sorted(asks.items(), key=lambda each: each[0].name):
        ways, pages = who.how_to_reach(), [role for role in places if role in paged]
        if not ways:
            where = next(iter(places.values()))
            yield found("unreachable", where, f"No address of {who}, who holds {listed([*places])}, is known: add one.")
        elif pages and len({way.channel for way in ways}) == 1:
            yield found(
                "one-way",
                places[pages[0]],
                f"{who}, who is paged as {listed(pages)}, can be reached by {ways[0].channel} only: add a second way.",
            )


def shared_turns(desk: Desk) -> Iterator[Found]:
    """Nobody has two turns of a page path at once in the coming two weeks."""
    paged = {step.to for _, ladder, step in desk.scope.steps() if ladder.until_acknowledged}
    rosters = [roster for roster in desk.rosters if roster.role in paged]
    twice: dict[tuple[str, tuple[str, ...]], list[tuple[datetime, datetime]]] = {}
    for who, shift in double(rosters, desk.scope.now, desk.scope.now + AHEAD, working()):
        twice.setdefault((who, shift.people), []).append((shift.start, shift.end))
    called = names() if twice else {}
    for (who, (first, second)), spans in twice.items():
        yield found(
            "paged-twice",
            f"rosters {first} and {second}",
            f"{called.get(who, who)} is on duty by both {times(spans)}: give one of the turns to somebody else.",
        )


def page_paths(desk: Desk) -> Iterator[Found]:
    """No page goes on to whoever has not heard the one before."""
    clients: list[Client | None] = [*desk.scope.clients] or [None]
    said: set[tuple[str, str, str]] = set()
    before: dict[tuple[str, int | None, str], dict[Person, str]] = {}
    for where, ladder, step in desk.scope.steps():
        for client in clients if ladder.until_acknowledged else ():
            pk = client.pk if client else None
            for who in desk.of(step.to, client)[:1]:
                for priority in step.after:
                    earlier = before.setdefault((ladder.name, pk, priority), {})
                    first = earlier.setdefault(who, step.to)
                    if first != step.to and (ladder.name, first, step.to) not in said:
                        said.add((ladder.name, first, step.to))
                        yield found(
                            "paged-twice",
                            where,
                            f"{who} is paged as {first} and again as {step.to}: name somebody else for one of them.",
                            [client.name] if client and not desk.scope.whole else [],
                        )
