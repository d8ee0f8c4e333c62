"""Whose rows may this person see, and whose tickets may they work on? The one door to a client's rows.

It narrows any queryset whose model is a client or has a client (a foreign key or a plain number), so that it need not
know the rooms above. (R17.3)
"""

from typing import TypeVar

from django.db.models import Model, Q, QuerySet

from tocsin.directory.api_key import ApiKey
from tocsin.directory.client import Client
from tocsin.directory.contact import Contact
from tocsin.directory.person import ASSIGNED, EVERY_CLIENT, READ_ONLY, Person

M = TypeVar("M", bound=Model)


def visible(queryset: QuerySet[M], *, to: Person | Contact | ApiKey | None) -> QuerySet[M]:
    """The rows this person may see: a contact those of their client, staff as their access says, nobody none.

    A key sees what its person sees, and where it is made for one client, of that only the client's.

    Rows that belong to no client are seen by those who see every client. A model that knows no client raises TypeError.
    """
    column = _client_column(queryset.model)
    if isinstance(to, ApiKey):
        found = visible(queryset, to=to.person)
        return found.filter(**{column: to.client_id}) if to.client_id else found
    if isinstance(to, Contact):
        return queryset.filter(**{column: to.client_id})
    if to is None or not to.active:
        return queryset.none()
    if to.access in (EVERY_CLIENT, READ_ONLY):
        return queryset
    if to.access == ASSIGNED:
        return queryset.filter(**{f"{column}__in": to.clients.values("pk")})
    return queryset.none()


def may_write(person: Person | None) -> bool:
    """Whether this person may change what they see; an auditor may not. (R17.4)"""
    return person is not None and person.active and person.access in (EVERY_CLIENT, ASSIGNED)


def workers(client: Client) -> QuerySet[Person]:
    """Those who may work on this client's tickets: they work here, may write, and see the client. (R4.6, R17.3)"""
    assigned = Person.clients.through.objects.filter(client_id=client.pk).values("person_id")
    sees = Q(access=EVERY_CLIENT) | Q(access=ASSIGNED, pk__in=assigned)
    return Person.objects.filter(sees, active=True)


def why_not(person: Person, client: Client) -> str:
    """Why this person may not work on the client's tickets, in words; "" for one of its `workers`."""
    if not person.active:
        return f"{person} has left"
    if not may_write(person):
        return f"{person} reads here and changes nothing"
    if person.access != EVERY_CLIENT and not workers(client).filter(pk=person.pk).exists():
        return f"{person} is not assigned to {client}"
    return ""


def _client_column(model: type[Model]) -> str:
    if issubclass(model, Client):
        return "pk"
    if not any(getattr(field, "attname", "") == "client_id" for field in model._meta.get_fields()):
        raise TypeError(f"{model.__name__} has no client, so nobody can say whose rows these are")
    return "client_id"
