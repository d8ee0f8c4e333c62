"""What is done to the people who work here?"""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from tocsin.directory.client import Client
from tocsin.directory.person import ASSIGNED, EVERY_CLIENT, READ_ONLY, Holding, Person

ACCESS = (EVERY_CLIENT, ASSIGNED, READ_ONLY)


class PersonRefused(ValueError):
    """What was asked cannot be done; the text is a sentence fit to show."""


@transaction.atomic
def add(
    name: str,
    *,
    email: str,
    level: str = "",
    access: str = EVERY_CLIENT,
    clients: Iterable[Client] = (),
    roles: Iterable[str] = (),
) -> Person:
    """They work here, see what their access says, and hold these roles for every client, after who held them before.

    Raises PersonRefused where somebody has the name or address already, or who is assigned has no client.
    """
    name, email, clients = " ".join(name.split()), email.strip().lower(), list(clients)
    if not name:
        raise PersonRefused("Say what they are called.")
    try:
        validate_email(email)
    except ValidationError as error:
        raise PersonRefused(f"{email!r} is no mail address; write ann@msp.example.") from error
    if known := Person.objects.filter(active=True, email__iexact=email).first():
        raise PersonRefused(f"{email} is the address of {known} already.")
    if Person.objects.filter(active=True, name=name).exists():
        raise PersonRefused(f"Somebody here is called {name} already: give them a name that tells them apart.")
    if access == ASSIGNED and not clients:
        raise PersonRefused("Who is assigned sees only their clients: name at least one with --client.")
    if access != ASSIGNED and clients:
        raise PersonRefused(f"With {access} they see every client: leave --client out, or say --access {ASSIGNED}.")
    if access == READ_ONLY and (roles := list(roles)):
        raise PersonRefused(f"An auditor changes nothing, so nobody could ask them as {roles[0]}: leave --role out.")
    person = Person.objects.create(name=name, email=email, level=level, access=access)
    person.clients.set(clients)
    for role in dict.fromkeys(roles):
        rank = Holding.objects.filter(role=role, client=None).count()
        Holding.objects.create(role=role, person=person, rank=rank)
    return person


def leave(person: Person) -> None:
    """They work here no more: they cannot sign in, no page or letter goes to them, and what they did stays theirs."""
    if not person.active:
        raise PersonRefused(f"{person} has left already.")
    person.active = False
    person.save(update_fields=["active"])
