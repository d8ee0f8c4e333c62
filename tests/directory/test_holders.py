"""Who is told when a role is told?"""

from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from tocsin.directory.client import Client
from tocsin.directory.contact import Contact
from tocsin.directory.holders import Holders, holders
from tocsin.directory.person import Holding, Person
from tocsin.directory.reach import actor

pytestmark = pytest.mark.django_db
TEN = datetime(2026, 11, 20, 10, tzinfo=UTC)


@pytest.fixture
def acme():
    return Client.objects.create(name="Acme", slug="acme")


def person(name, **fields):
    return Person.objects.create(name=name, **fields)


def names(role, client):
    return [holder.name for holder in holders(role, client, at=TEN)]


def test_the_primary_comes_first_then_the_backups(acme):
    for rank, name in ((1, "Bob"), (0, "Ann"), (2, "Cy")):
        Holding.objects.create(role="team-lead", person=person(name), rank=rank)

    assert names("team-lead", acme) == ["Ann", "Bob", "Cy"]


def test_a_clients_own_holders_come_before_those_for_all(acme):
    Holding.objects.create(role="account-manager", person=person("Ann"))
    Holding.objects.create(role="account-manager", person=person("Bob"), client=acme, rank=1)
    Holding.objects.create(role="account-manager", person=person("Cy"), client=acme, rank=0)

    assert names("account-manager", acme) == ["Cy", "Bob", "Ann"]
    assert names("account-manager", None) == ["Ann"]


def test_another_clients_holders_are_nobody_here(acme):
    globex = Client.objects.create(name="Globex", slug="globex")
    Holding.objects.create(role="account-manager", person=person("Ann"), client=globex)
    Contact.objects.create(client=globex, name="Hank", role="account-manager")

    assert names("account-manager", acme) == []


def test_who_holds_a_role_twice_is_named_once(acme):
    ann = person("Ann")
    Holding.objects.create(role="director", person=ann)
    Holding.objects.create(role="director", person=ann, client=acme, rank=1)

    assert names("director", acme) == ["Ann"]


def test_who_no_longer_works_here_holds_nothing(acme):
    Holding.objects.create(role="on-call:L2", person=person("Gone", active=False))
    Holding.objects.create(role="on-call:L2", person=person("Ann"), rank=1)

    assert names("on-call:L2", acme) == ["Ann"]


def test_a_clients_role_is_held_by_its_contact(acme):
    Contact.objects.create(client=acme, name="Iris", role="it-manager")

    assert names("it-manager", acme) == ["Iris"]
    assert names("it-manager", None) == []


def test_our_own_people_can_be_told_from_a_contact_whose_role_is_called_like_theirs(acme):
    Holding.objects.create(role="director", person=person("Ann"))
    Contact.objects.create(client=acme, name="Dirk", role="director")

    assert names("director", acme) == ["Dirk", "Ann"]
    assert [who.name for who in Holders.of([acme.pk], at=TEN).people("director", acme.pk)] == ["Ann"]


def test_one_contact_may_hold_several_roles(acme):
    owner = Contact.objects.create(client=acme, name="Olive", role="primary-contact")
    Holding.objects.create(role="executive-sponsor", contact=owner, client=acme)

    assert names("executive-sponsor", acme) == names("primary-contact", acme) == ["Olive"]


def test_a_batch_of_questions_costs_three_queries_where_there_is_no_roster(acme, django_assert_num_queries):
    Holding.objects.create(role="team-lead", person=person("Ann"))
    Contact.objects.create(client=acme, name="Iris", role="it-manager")

    with django_assert_num_queries(3):
        held = Holders.of([acme.pk], at=TEN)
        answers = [held.holders(role, acme.pk) for role in ("team-lead", "it-manager", "nobody")]

    assert [[who.name for who in answer] for answer in answers] == [["Ann"], ["Iris"], []]


@pytest.mark.parametrize("fields", [{}, {"person": True, "contact": True}, {"contact": True, "client": None}])
def test_a_role_is_held_by_one_person_or_by_a_clients_contact(acme, fields):
    who = {"person": person("Ann"), "contact": Contact.objects.create(client=acme, name="Iris")}
    chosen = {name: who[name] for name in ("person", "contact") if fields.get(name)}

    with pytest.raises(IntegrityError), transaction.atomic():
        Holding.objects.create(role="director", client=fields.get("client", acme), **chosen)


def test_the_ways_to_reach_somebody_keep_their_order():
    ann = person("Ann", email="ann@msp.example", ways=[["terminal", "ann"], ["email", "night@msp.example"]])

    ann.refresh_from_db()

    assert ann.how_to_reach() == [("terminal", "ann"), ("email", "night@msp.example")]


def test_who_chose_no_way_is_reached_by_email_if_there_is_one():
    assert person("Bob", email="bob@msp.example").how_to_reach() == [("email", "bob@msp.example")]
    assert person("Cy").how_to_reach() == []


@pytest.mark.parametrize("ways", [{"email": "a@msp.example"}, [["email"]], [["email", " "]], [["email", 5]], ["email"]])
def test_ways_that_lead_nowhere_are_refused(ways):
    with pytest.raises(ValidationError, match="Write the ways"):
        Person(name="Ann", ways=ways).full_clean()


def test_the_log_names_who_acted(acme):
    ann = person("Ann")
    iris = Contact.objects.create(client=acme, name="Iris")

    assert actor(ann) == f"person/{ann.pk}"
    assert actor(iris) == f"contact/{iris.pk}"
    assert actor("engine") == "engine"
