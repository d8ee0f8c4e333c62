"""Who holds this role for this client?"""

from collections.abc import Iterable
from functools import cached_property
from typing import Self

from django.db.models import Q, QuerySet

from tocsin.directory.client import Client
from tocsin.directory.contact import Contact
from tocsin.directory.person import Holding, Person


class Holders:
    """Who holds what for some clients, read once, in two queries, for a whole batch of questions."""

    def __init__(self, holdings: Iterable[Holding], contacts: Iterable[Contact]) -> None:
        self._found: dict[tuple[str, int | None], list[Person | Contact]] = {}
        for holding in holdings:
            holder = holding.person or holding.contact
            if holder and getattr(holder, "active", True):
                self._add(holding.role, holding.client_id, holder)
        for contact in contacts:
            self._add(contact.role, contact.client_id, contact)

    @classmethod
    def of(cls, client_ids: Iterable[int]) -> Self:
        """Those who hold anything for these clients, or for all."""
        wanted = set(client_ids)
        holdings = Holding.objects.filter(Q(client__isnull=True) | Q(client__in=wanted))
        return cls(
            holdings.select_related("person", "contact").order_by("rank", "pk"),
            Contact.objects.filter(client__in=wanted).exclude(role="").order_by("pk"),
        )

    def holders(self, role: str, client_id: int | None) -> list[Person | Contact]:
        """The client's own holders, then those who hold the role for all; in each the primary first, then the backups.

        Whom to tell is the first; the others stand in, in this order. Empty when nobody holds it. People who no longer
        work here are left out.
        """
        own = self._found.get((role, client_id), []) if client_id is not None else []
        return [*own, *(holder for holder in self._found.get((role, None), []) if holder not in own)]

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


def holders(role: str, client: Client | None) -> list[Person | Contact]:
    """As Holders.holders, for one question."""
    return Holders.of([client.pk] if client else []).holders(role, client.pk if client else None)


def ours(clients: QuerySet[Client]) -> dict[str, list[Holding]]:
    """Each role that our own people hold, for all clients or for one of these, in the order in which they are asked."""
    found: dict[str, list[Holding]] = {}
    holdings = Holding.objects.filter(Q(client=None) | Q(client__in=clients), person__isnull=False)
    for holding in holdings.select_related("person", "client").order_by("role", "rank", "pk"):
        found.setdefault(holding.role, []).append(holding)
    return found
