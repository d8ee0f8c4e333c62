"""May somebody be on duty for a client that they may not see? And who is told instead?"""

from datetime import UTC, datetime, timedelta

import pytest

from tocsin.core.rota import Layer, Override, Rota
from tocsin.directory import rosters, swaps
from tocsin.directory.client import Client
from tocsin.directory.contact import Contact
from tocsin.directory.holders import Holders, holders
from tocsin.directory.person import ASSIGNED, READ_ONLY, Holding, Person
from tocsin.directory.rosters import RosterRefused

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 16, 10, tzinfo=UTC)  # a Monday, an hour into Ann's week
WEEK, HOUR = timedelta(weeks=1), timedelta(hours=1)
STARTS = datetime.fromisoformat("2026-11-16T09:00")


@pytest.fixture
def acme():
    return Client.objects.create(name="Acme", slug="acme")


@pytest.fixture
def ann():
    return Person.objects.create(name="Ann")


@pytest.fixture
def gus():
    """Gus works for Globex alone."""
    gus = Person.objects.create(name="Gus", access=ASSIGNED)
    gus.clients.add(Client.objects.create(name="Globex", slug="globex"))
    return gus


@pytest.fixture
def rhea():
    """Rhea reads everything and changes nothing."""
    return Person.objects.create(name="Rhea", access=READ_ONLY)


def weekly(*people):
    return Rota("UTC", [Layer([who.actor for who in people], STARTS)])


def primary(*people, client=None, **more):
    rota = weekly(*people)
    return rosters.add("Primary", role="on-call-primary", rota=rota, client=client, by="test", now=NOW, **more)


def names(client, role="on-call-primary", at=NOW):
    return [who.name for who in holders(role, client, at=at)]


def test_of_a_roster_for_all_only_those_take_turns_who_see_every_client(ann, gus, rhea):
    for who, says in ((gus, "Gus may not see every client, and this roster is for all"), (rhea, "Rhea reads here")):
        with pytest.raises(RosterRefused, match=says):
            primary(ann, who)
        with pytest.raises(RosterRefused, match=says):
            primary(ann, fallback=who)


def test_of_a_clients_roster_those_take_turns_who_may_see_the_client(ann, gus, acme):
    with pytest.raises(RosterRefused, match="Gus may not see Acme, whose roster this is: choose somebody who may"):
        primary(ann, gus, client=acme)

    gus.clients.add(acme)

    assert names(acme) == [] and primary(gus, ann, client=acme).client == acme
    assert names(acme) == ["Gus"]


def test_nobody_is_put_on_duty_by_a_change_a_take_over_or_a_swap_for_clients_they_may_not_see(ann, gus, rhea):
    ben = Person.objects.create(name="Ben")
    roster = primary(ann, ben)
    span = NOW + HOUR, NOW + 2 * HOUR
    for who, says in ((gus, "Gus may not see every client"), (rhea, "Rhea reads here")):
        for kind in ("replace", "add"):
            with pytest.raises(RosterRefused, match=says):
                rosters.override(roster, Override(kind, *span, (who.actor,)), reason="me", by=who, now=NOW)
        with pytest.raises(RosterRefused, match=says):
            rosters.change(roster, layers=[Layer([who.actor], STARTS + WEEK)], reason="x", by=ann, now=NOW)
        with pytest.raises(RosterRefused, match=says):
            rosters.change(roster, fallback=who, reason="x", by=ann, now=NOW)


def test_a_swap_is_not_agreed_once_one_of_the_two_may_not_see_the_others_clients(ann):
    ben = Person.objects.create(name="Ben")
    roster = primary(ann, ben)
    start = STARTS.replace(tzinfo=UTC)
    bens, anns = (start + WEEK, start + 2 * WEEK), (start + 2 * WEEK, start + 3 * WEEK)
    roster = swaps.propose(roster, mine=bens, other=ann, theirs=anns, reason="a fair", by=ben, now=NOW)
    Person.objects.filter(pk=ben.pk).update(access=ASSIGNED)

    with pytest.raises(RosterRefused, match="Ben may not see every client"):
        swaps.agree(roster, 2, by=ann, now=NOW)
    with pytest.raises(RosterRefused, match="Ben may not see every client"):
        swaps.propose(roster, mine=bens, other=ann, theirs=anns, reason="a fair", by=ben, now=NOW)


def test_who_may_not_see_the_client_by_now_is_passed_over_and_the_fallback_has_it(ann, acme):
    tom = Person.objects.create(name="Tom")
    primary(ann, fallback=tom)
    Person.objects.filter(pk=ann.pk).update(access=ASSIGNED)

    held = Holders.of([acme.pk], at=NOW)

    assert [who.name for who in held.holders("on-call-primary", acme.pk)] == ["Tom"]
    hole = held.hole("on-call-primary", acme.pk)
    assert hole is not None and hole.people == ()
    ann.clients.add(acme)
    assert names(acme) == ["Ann"]


def test_who_holds_a_role_without_a_time_and_cannot_act_for_the_client_leaves_it_to_the_next(ann, gus, rhea, acme):
    for rank, who in enumerate((gus, rhea, ann)):
        Holding.objects.create(role="team-lead", person=who, rank=rank)
    Contact.objects.create(client=acme, name="Iris", role="team-lead")

    assert names(acme, "team-lead") == ["Iris", "Ann"]
    assert names(Client.objects.get(slug="globex"), "team-lead") == ["Gus", "Ann"]


def test_who_is_assigned_to_which_client_costs_one_query_more_however_many_ask(gus, django_assert_num_queries):
    globex = Client.objects.get(slug="globex")
    for role in ("team-lead", "director"):
        Holding.objects.create(role=role, person=gus)

    with django_assert_num_queries(4):
        held = Holders.of([globex.pk], at=NOW)
        assert [held.people(role, globex.pk) for role in ("team-lead", "director")] == [[gus], [gus]]
