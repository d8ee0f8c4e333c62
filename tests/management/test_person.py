"""Does `tocsin person` say who works here, what they see, and when they have left?"""

from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command

from tests.world import World
from tocsin.directory.access import may_write, visible
from tocsin.directory.client import Client
from tocsin.directory.holders import holders
from tocsin.directory.person import Person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def world(db: None) -> World:
    return World()


def typed(*arguments: str) -> str:
    out = io.StringIO()
    call_command("person", *arguments, stdout=out)
    return out.getvalue()


def test_somebody_is_added_is_asked_as_what_they_hold_and_leaves(world: World):
    said = typed("add", "Ann Berg", "Ann@msp.example", "--level", "L1", "--role", "L1")

    ann = Person.objects.get(name="Ann Berg")
    assert said.startswith("Ann Berg works here and sees every client.")
    assert "tocsin account add ann@msp.example" in said
    assert ann.level == "L1" and ann in holders("L1", world.acme, at=world.now)
    assert holders("L1", world.acme, at=world.now)[0] != ann, "who held it before comes first"
    assert "Ann Berg" in typed() and "L1" in typed("list")

    ticket = world.opens()
    ticket.owner = ann
    ticket.save()
    assert f"Open tickets of theirs, to hand over: {ticket.number}" in typed("leave", "ann@msp.example")
    assert ann not in holders("L1", world.acme, at=world.now)
    assert "has left" in next(line for line in typed().splitlines() if line.startswith("Ann Berg"))


def test_who_is_assigned_sees_their_clients_and_an_auditor_changes_nothing(world: World):
    world.client("Bolt")
    typed("add", "Kai Moss", "kai@msp.example", "--access", "assigned", "--client", "acme")
    typed("add", "Rita Sole", "rita@audit.example", "--access", "read-only")

    kai, rita = (Person.objects.get(name=name) for name in ("Kai Moss", "Rita Sole"))
    assert [client.slug for client in visible(Client.objects.all(), to=kai)] == ["acme"] and may_write(kai)
    assert visible(Client.objects.all(), to=rita).count() == 2 and not may_write(rita)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("add", "Ann", "ann"), "is no mail address"),
        (("add", "Lena", "other@msp.example"), "Somebody here is called Lena already"),
        (("add", "Ann", "ann@msp.example", "--access", "assigned"), "name at least one with --client"),
        (("add", "Ann", "ann@msp.example", "--client", "acme"), "leave --client out"),
        (("add", "Ann", "ann@msp.example", "--access", "assigned", "--client", "acm"), "There is no client 'acm'"),
        (("add", "Ann", "ann@msp.example", "--role", "incident-managr"), "incident-manager"),
        (("add", "Ann", "ann@msp.example", "--access", "read-only", "--role", "L1"), "An auditor changes nothing"),
        (("leave", "Nobody"), "Nobody here is 'Nobody'"),
    ],
)
def test_what_makes_no_sense_is_refused_with_what_to_do(arguments: tuple[str, ...], sentence: str):
    before = Person.objects.count()

    with pytest.raises(CommandError, match=sentence):
        typed(*arguments)

    assert Person.objects.count() == before
