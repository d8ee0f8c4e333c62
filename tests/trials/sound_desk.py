"""Which desk can keep field-guide, and what is found there?"""

from __future__ import annotations

from tests.world import CONTACTS, STAFF, World
from tocsin.core.hours import Calendar
from tocsin.core.policy import Policy
from tocsin.directory.client import Client
from tocsin.directory.contact import Contact
from tocsin.directory.person import Holding, Person
from tocsin.standard import presets
from tocsin.trials.found import Found
from tocsin.trials.lint import lint_desk

WORKDAYS = ("mon", "tue", "wed", "thu", "fri")
OFFICE = Calendar("UTC", {day: [("09:00", "17:00")] for day in WORKDAYS})

Said = tuple[str, str, str]  # kind, place, sentence


def sound() -> World:
    """Each role has a backup, for Bo stands in for everybody; all can be reached in two ways."""
    made = World()
    bo = Person.objects.create(name="Bo", ways=[["phone", "bo"], ["email", "bo@msp.example"]])
    roles = {role for _, held in STAFF.values() for role in held}
    Holding.objects.bulk_create(Holding(role=role, person=bo, rank=1) for role in sorted(roles))
    made.people["bo"] = bo
    return made


def held(world: World, policy: Policy | None = None, *clients: Client) -> list[Found]:
    policy = policy or presets.read("field-guide")
    return [*lint_desk(policy, now=world.now, clients=[client.pk for client in clients] or None).found]


def said(found: list[Found]) -> list[Said]:
    return [(each.kind, each.where.rsplit(": ", 1)[-1], each.sentence) for each in found]


def birch(world: World, **contract: object) -> Client:
    """A second client, which has its contacts."""
    client = world.client("Birch", **contract)  # type: ignore[arg-type]
    for name, role in CONTACTS.items():
        Contact.objects.create(
            client=client, name=name.title(), role=role, email=f"{name}@birch.example", phone="+61 2 5550 0200"
        )
    return client
