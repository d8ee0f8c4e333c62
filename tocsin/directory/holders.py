"""Who holds this role for this client at this instant?"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from typing import Self

from django.db.models import Q, QuerySet

from tocsin.directory.access import may_write
from tocsin.directory.client import Client
from tocsin.directory.contact import Contact
from tocsin.directory.duty import Duty, on_duty, running
from tocsin.directory.person import ASSIGNED, EVERY_CLIENT, READ_ONLY, Holding, Person


class Holders:
    """Who holds what for some clients at an instant, read once, in four queries at most, for a batch of questions.

    By a roster, who is on duty then; without a time, whoever was given the role. A fifth says who is assigned to which
    of the clients, where one of those asked sees not every client.
    """

    def __init__(
        self,
        holdings: Iterable[Holding],
        contacts: Iterable[Contact],
        duties: Iterable[Duty] = (),
        clients: Collection[int] = (),
    ) -> None:
        self._clients = clients
        self._found: dict[tuple[str, int | None], list[Person | Contact]] = {}
        self._duties = {(duty.roster.role, duty.roster.client_id): duty for duty in duties}
        for holding in holdings:
            holder = holding.person or holding.contact
            if holder and getattr(holder, "active", True):
                self._add(holding.role, holding.client_id, holder)
        for contact in contacts:
            self._add(contact.role, contact.client_id, contact)

    @classmethod
    def of(cls, client_ids: Iterable[int], *, at: datetime) -> Self:
        """Those who hold anything for these clients, or for all, at this instant."""
        wanted = set(client_ids)
        concerned = Q(client__isnull=True) | Q(client__in=wanted)
        return cls(
            Holding.objects.filter(concerned).select_related("person", "contact").order_by("rank", "pk"),
            Contact.objects.filter(client__in=wanted).exclude(role="").order_by("pk"),
            on_duty(running().filter(concerned), at),
            wanted,
        )

    def holders(self, role: str, client_id: int | None) -> list[Person | Contact]:
        """Who is on duty by the client's roster, then by the one for all, then who holds the role without a time.

        In a hole of a roster its fallback stands in its place; outside the hours in which somebody has to be on duty,
        after whoever is on duty by the other. Of those without a time the client's own come first, and of those the
        primary. Whom to tell is the first; the others stand in, in this order. Empty when nobody holds it. People who
        no longer work here are left out, and so is whoever may not see this client, or changes nothing: they could do
        nothing about what they are told.
        """
        rostered = [who for who, _ in self._by_roster(role, client_id) if who is not None]
        own = self._found.get((role, client_id), []) if client_id is not None else []
        found = dict.fromkeys((*rostered, *own, *self._found.get((role, None), [])))
        return [who for who in found if self.may_act(who, client_id)]

    def may_act(self, who: Person | Contact | None, client_id: int | None) -> bool:
        """Whether they can do something about what this client needs: one of ours who may see it and change it."""
        if not isinstance(who, Person):
            return who is not None
        return may_write(who) and self.may_see(who, client_id)

    def may_see(self, who: Person, client_id: int | None) -> bool:
        """Whether what concerns this client may be told to them; where it concerns none, everybody may hear it."""
        if client_id is None or who.access in (EVERY_CLIENT, READ_ONLY):
            return True
        return who.access == ASSIGNED and (who.pk, client_id) in self._assigned

    @cached_property
    def _assigned(self) -> set[tuple[int, int]]:
        of = Person.clients.through.objects.filter(client_id__in=self._clients)
        return set(of.values_list("person_id", "client_id"))

    def hole(self, role: str, client_id: int | None) -> Duty | None:
        """The roster by which somebody would come first, were anybody on duty; None where it has no hole."""
        return next((hole for _, hole in self._by_roster(role, client_id)), None)

    def _by_roster(self, role: str, client_id: int | None) -> Iterator[tuple[Person | None, Duty | None]]:
        """Who is asked by roster, in order, each with the hole in which they stand in, if it is one."""
        duties = self._asked(role, client_id)
        for duty in duties:
            if duty.people:
                yield from ((who, None) for who in duty.people)
            elif duty.wanted:
                yield duty.fallback, duty
        yield from ((duty.fallback, duty) for duty in duties if not duty.people and not duty.wanted)

    def _asked(self, role: str, client_id: int | None) -> list[Duty]:
        known = self._duties
        found = [known[role, of] for of in dict.fromkeys((client_id, None)) if (role, of) in known]
        return [self._able(duty, client_id) for duty in found]

    def _able(self, duty: Duty, client_id: int | None) -> Duty:
        """The duty with those alone who can act for this client; where nobody is left it is a hole."""
        able = tuple(who for who in duty.people if self.may_act(who, client_id))
        return duty if able == duty.people else replace(duty, people=able)

    def people(self, role: str, client_id: int | None) -> list[Person]:
        """Those of our own people among them: a contact's role may be called like one of ours."""
        return [holder for holder in self.holders(role, client_id) if isinstance(holder, Person)]

    @cached_property
    def reachable(self) -> list[Person]:
        """Everybody who works here, whatever they hold, and can be reached; read when it is first asked for."""
        return [who for who in Person.objects.filter(active=True).order_by("pk") if who.how_to_reach()]

    def _add(self, role: str, client_id: int | None, holder: Person | Contact) -> None:
        known = self._found.setdefault((role, client_id), [])
        if holder not in known:
            known.append(holder)


def holders(role: str, client: Client | None, *, at: datetime) -> list[Person | Contact]:
    """As Holders.holders, for one question."""
    return Holders.of([client.pk] if client else [], at=at).holders(role, client.pk if client else None)


def ours(clients: QuerySet[Client]) -> dict[str, list[Holding]]:
    """Each role that our own people hold, for all clients or for one of these, in the order in which they are asked."""
    found: dict[str, list[Holding]] = {}
    holdings = Holding.objects.filter(Q(client=None) | Q(client__in=clients), person__isnull=False)
    for holding in holdings.select_related("person", "client").order_by("role", "rank", "pk"):
        found.setdefault(holding.role, []).append(holding)
    return found
