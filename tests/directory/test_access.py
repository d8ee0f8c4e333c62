"""Does everybody see the rows they may, and nobody another client's?"""

import pytest

from tocsin.directory.access import may_write, visible, why_not, workers
from tocsin.directory.client import Client, Service
from tocsin.directory.contact import Contact
from tocsin.directory.person import ASSIGNED, EVERY_CLIENT, READ_ONLY, Person
from tocsin.log.event import Event
from tocsin.outbox.delivery import Delivery

pytestmark = pytest.mark.django_db


@pytest.fixture
def acme():
    return Client.objects.create(name="Acme", slug="acme")


@pytest.fixture
def globex():
    return Client.objects.create(name="Globex", slug="globex")


@pytest.fixture(autouse=True)
def services(acme, globex):
    return [Service.objects.create(client=client, name="Mail", slug="mail") for client in (acme, globex)]


def seen(person, model=Service):
    column = "name" if model is Client else "client__name"
    return list(visible(model.objects.order_by("pk"), to=person).values_list(column, flat=True))


@pytest.mark.parametrize("access", [EVERY_CLIENT, READ_ONLY])
def test_staff_with_every_client_see_all_rows(access):
    ann = Person.objects.create(name="Ann", access=access)

    assert seen(ann) == ["Acme", "Globex"]


def test_assigned_staff_see_the_rows_of_their_clients_only(acme):
    bob = Person.objects.create(name="Bob", access=ASSIGNED)
    bob.clients.add(acme)

    assert seen(bob) == ["Acme"]
    assert seen(bob, Client) == ["Acme"]


def test_a_contact_sees_their_own_clients_rows_only(globex):
    hank = Contact.objects.create(client=globex, name="Hank")

    assert seen(hank) == ["Globex"]
    assert seen(hank, Client) == ["Globex"]


@pytest.mark.parametrize(
    "person",
    [
        None,
        Person(name="Gone", active=False),
        Person(name="Misspelt", access="everything"),
    ],
    ids=str,
)
def test_who_is_nobody_has_left_or_has_no_known_access_sees_nothing(person):
    if person:
        person.save()

    assert seen(person) == []
    assert not may_write(person)


def test_rows_that_know_their_client_by_number_are_narrowed_too(acme):
    bob = Person.objects.create(name="Bob", access=ASSIGNED)
    bob.clients.add(acme)

    assert visible(Event.objects.all(), to=bob).filter(client_id=acme.pk).query.where
    assert "client_id" in str(visible(Delivery.objects.all(), to=bob).query)


def test_a_model_that_knows_no_client_is_refused_rather_than_shown():
    ann = Person.objects.create(name="Ann")

    with pytest.raises(TypeError, match="Person has no client"):
        visible(Person.objects.all(), to=ann)


def test_an_auditor_sees_everything_and_changes_nothing():
    assert not may_write(Person(name="Audrey", access=READ_ONLY))
    assert may_write(Person(name="Ann"))
    assert may_write(Person(name="Bob", access=ASSIGNED))


def test_who_may_work_on_a_clients_tickets_works_here_writes_and_sees_the_client(acme, globex):
    ann, audrey = Person.objects.create(name="Ann"), Person.objects.create(name="Audrey", access=READ_ONLY)
    bob, gone = Person.objects.create(name="Bob", access=ASSIGNED), Person.objects.create(name="Gone", active=False)
    bob.clients.add(acme)
    ann.clients.add(acme, globex)

    assert list(workers(acme)) == [ann, bob] and list(workers(globex)) == [ann]
    assert [why_not(who, globex) for who in (ann, audrey, bob, gone)] == [
        "",
        "Audrey reads here and changes nothing",
        "Bob is not assigned to Globex",
        "Gone has left",
    ]
    assert why_not(bob, acme) == ""
