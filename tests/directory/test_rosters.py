"""What can be done to a roster, what is refused, and what is on record?"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.conftest import tamper
from tocsin.core.rota import Layer, Override, Rota
from tocsin.directory import rosters, swaps
from tocsin.directory.duty import double, holes, rota_of, staffed, working
from tocsin.directory.holders import Holders
from tocsin.directory.person import Holding, Person
from tocsin.directory.proof import compare
from tocsin.directory.rosters import RosterRefused
from tocsin.log.event import Event
from tocsin.log.verify import verify

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 16, 10, tzinfo=UTC)  # a Monday, an hour into Ann's week
WEEK, HOUR = timedelta(weeks=1), timedelta(hours=1)
STARTS = datetime.fromisoformat("2026-11-16T09:00")


@pytest.fixture
def people():
    return [Person.objects.create(name=name, email=f"{name}@msp.example") for name in ("Ann", "Ben", "Cleo")]


@pytest.fixture
def roster(people):
    """Ann, Ben and Cleo take a week each, in London, handed off on Mondays at nine."""
    rota = Rota("Europe/London", [Layer([who.actor for who in people], STARTS)])
    return rosters.add("Primary", role="on-call-primary", rota=rota, owner=people[2], by=people[2], now=NOW - HOUR)


@pytest.fixture(autouse=True)
def _proven(db):
    yield
    assert [str(fault) for fault in (*compare(), *verify())] == []


def on_call(roster, at):
    roster.refresh_from_db()
    who = {person.actor: person.name for person in Person.objects.all()}
    return [who[each] for each in rota_of(roster).on_call(at)]


def kinds(roster):
    return [event.kind for event in Event.objects.filter(stream=roster.stream_name).order_by("seq")]


def test_a_roster_is_on_record_from_its_first_moment(roster, people):
    event = Event.objects.get(stream=roster.stream_name)

    assert (event.kind, event.actor, event.effective_at) == ("roster_added", people[2].actor, NOW - HOUR)
    assert event.data["spec"] == roster.spec
    assert [on_call(roster, NOW + weeks * WEEK) for weeks in range(4)] == [["Ann"], ["Ben"], ["Cleo"], ["Ann"]]


def test_a_role_has_one_roster_until_it_ends(roster, people):
    again = {"role": "on-call-primary", "rota": rota_of(roster), "by": people[0], "now": NOW}
    with pytest.raises(RosterRefused, match="Primary says already who is on-call-primary when"):
        rosters.add("Another", **again)

    rosters.end(roster, reason="a new team", by=people[0], now=NOW)

    assert rosters.add("Another", **again).pk != roster.pk
    with pytest.raises(RosterRefused, match="has ended"):
        rosters.end(roster, reason="twice", by=people[0], now=NOW)


def test_who_has_left_or_is_unknown_takes_no_turns(people):
    Person.objects.filter(pk=people[0].pk).update(active=False)

    for who, says in ((people[0].actor, "Ann works here no more"), ("person/999", "no person/999"), ("Ann", "nobody")):
        with pytest.raises(RosterRefused, match=says):
            rosters.add("P", role="r", rota=Rota("UTC", [Layer([who], STARTS)]), by="test", now=NOW)


def test_a_change_from_a_date_on_moves_no_turn_before_it(roster, people):
    ann, ben, _ = (who.actor for who in people)
    monday = STARTS + 2 * WEEK
    before = rota_of(roster).shifts(NOW - HOUR, monday.replace(tzinfo=UTC))

    rosters.change(roster, layers=[Layer([ben, ann], monday)], reason="Cleo studies", by=people[2], now=NOW)

    roster.refresh_from_db()
    assert rota_of(roster).shifts(NOW - HOUR, monday.replace(tzinfo=UTC)) == before
    assert [on_call(roster, NOW + weeks * WEEK) for weeks in range(4)] == [["Ann"], ["Ben"], ["Ben"], ["Ann"]]
    assert Event.objects.get(stream=roster.stream_name, kind="roster_changed").data["reason"] == "Cleo studies"


def test_turns_that_a_change_has_ended_do_not_show_through_the_new_ones(roster, people):
    monday = STARTS + WEEK
    mornings = Layer([people[1].actor], monday, windows={"mon": [["09:00", "12:00"]]})

    rosters.change(roster, layers=[mornings], reason="mornings are enough", by=people[2], now=NOW)

    at = monday.replace(tzinfo=UTC)
    assert [on_call(roster, at + hours * HOUR) for hours in (-1, 1, 4)] == [["Ann"], ["Ben"], []]


def test_a_change_of_what_has_passed_is_refused(roster, people):
    with pytest.raises(RosterRefused, match="Mon 16 Nov 09:00 has passed"):
        rosters.change(roster, layers=[Layer([people[1].actor], STARTS)], reason="so", by=people[2], now=NOW)
    early = Layer([people[1].actor], STARTS + WEEK)
    with pytest.raises(RosterRefused, match="before the change at Mon 30 Nov"):
        rosters.change(roster, layers=[early], since=STARTS + 2 * WEEK, reason="so", by=people[2], now=NOW)


def test_an_override_begins_now_at_the_earliest_and_says_why(roster, people):
    ann, ben, _ = people
    other = Override("replace", NOW - 5 * HOUR, NOW + 5 * HOUR, (ben.actor,), (ann.actor,))
    with pytest.raises(RosterRefused, match="Say why"):
        rosters.override(roster, other, reason=" ", by=ben, now=NOW)

    rosters.override(roster, other, reason="she has the flu", by=ben, now=NOW)

    assert on_call(roster, NOW - timedelta(minutes=1)) == ["Ann"]
    assert on_call(roster, NOW) == ["Ben"]
    assert on_call(roster, NOW + 5 * HOUR) == ["Ann"]


def test_an_override_that_would_change_nothing_is_refused(roster, people):
    ann, ben, _ = (who.actor for who in people)
    span = NOW + HOUR, NOW + 2 * HOUR
    for other, says in (
        (Override("replace", *span, (ann,), (ben,)), "Ben is not on duty then: there is nothing to take over"),
        (Override("remove", *span, (ben,)), "nobody needs to be taken off"),
        (Override("add", NOW - 2 * HOUR, NOW - HOUR, (ben,)), "That has passed"),
    ):
        with pytest.raises(RosterRefused, match=says):
            rosters.override(roster, other, reason="so", by=people[0], now=NOW)


def test_undoing_leaves_what_the_override_did_until_now(roster, people):
    ann, ben, _ = people
    other = Override("replace", NOW, NOW + 5 * HOUR, (ben.actor,), (ann.actor,))
    roster = rosters.override(roster, other, reason="flu", by=ben, now=NOW)

    rosters.undo(roster, rosters.mark(other), reason="well again", by=ann, now=NOW + HOUR)

    assert on_call(roster, NOW + HOUR / 2) == ["Ben"]
    assert on_call(roster, NOW + HOUR) == ["Ann"]
    assert kinds(roster) == ["roster_added", "roster_overridden", "roster_override_undone"]
    with pytest.raises(RosterRefused, match="no such override any more"):
        rosters.undo(roster, rosters.mark(other), reason="again", by=ann, now=NOW + HOUR)
    with pytest.raises(RosterRefused, match="is over"):
        rosters.undo(roster, rosters.mark(replace(other, end=NOW + HOUR)), reason="x", by=ann, now=NOW + 2 * HOUR)


@pytest.fixture
def swap(roster, people):
    _, ben, cleo = people
    start = datetime(2026, 11, 23, 9, tzinfo=UTC)
    mine, theirs = (start, start + WEEK), (start + WEEK, start + 2 * WEEK)
    roster = swaps.propose(roster, mine=mine, other=cleo, theirs=theirs, reason="a wedding", by=ben, now=NOW)
    (found,) = swaps.proposed(roster, NOW)
    return found


def test_a_swap_is_agreed_by_the_one_who_was_asked_and_names_both(roster, people, swap):
    ann, ben, cleo = people
    assert on_call(roster, NOW + WEEK) == ["Ben"]
    for other in (ann, ben):
        with pytest.raises(RosterRefused, match="Cleo was asked, and alone can agree"):
            swaps.agree(roster, swap["id"], by=other, now=NOW)

    swaps.agree(roster, swap["id"], by=cleo, now=NOW)

    assert [on_call(roster, NOW + weeks * WEEK) for weeks in range(3)] == [["Ann"], ["Cleo"], ["Ben"]]
    event = Event.objects.get(stream=roster.stream_name, kind="roster_swap_agreed")
    assert (event.actor, event.data["agreed_by"]) == (cleo.actor, [ben.actor, cleo.actor])
    with pytest.raises(RosterRefused, match="no longer proposed"):
        swaps.agree(roster, swap["id"], by=cleo, now=NOW)


def test_a_swap_is_called_off_by_either_and_by_nobody_else(roster, people, swap):
    ann, ben, _ = people
    with pytest.raises(RosterRefused, match="Only the two"):
        swaps.decline(roster, swap["id"], reason="no", by=ann, now=NOW)

    swaps.decline(roster, swap["id"], reason="it rains", by=ben, now=NOW)

    assert on_call(roster, NOW + WEEK) == ["Ben"]


def test_a_swap_is_refused_once_a_shift_has_begun_or_is_somebody_elses(roster, people, swap):
    ann, ben, cleo = people
    with pytest.raises(RosterRefused, match="A shift of Ben has begun"):
        swaps.agree(roster, swap["id"], by=cleo, now=NOW + WEEK)

    taken = Override("replace", NOW + 6 * timedelta(days=1), NOW + 3 * WEEK, (ann.actor,), (ben.actor,))
    rosters.override(roster, taken, reason="Ben is away", by=ann, now=NOW)
    with pytest.raises(RosterRefused, match="Ben is not on duty then, or no longer"):
        swaps.agree(roster, swap["id"], by=cleo, now=NOW)


def test_holes_are_where_nobody_who_works_here_is_on_duty(roster, people):
    Person.objects.filter(name="Ben").update(active=False)
    monday = datetime(2026, 11, 23, 9, tzinfo=UTC)

    assert holes(roster, NOW, monday + 2 * WEEK, working()) == [(monday, monday + WEEK)]
    assert [shift.people for shift in staffed(roster, NOW, monday + 2 * WEEK, working())] == [
        (people[0].actor,),
        (people[2].actor,),
    ]


def test_somebody_who_has_two_roles_at_once_is_found(roster, people):
    _, ben, cleo = (who.actor for who in people)
    second = Rota("UTC", [Layer([ben, cleo, cleo], STARTS)])
    other = rosters.add("Second", role="on-call-secondary", rota=second, by="test", now=NOW)

    ((who, shift),) = double([roster, other], NOW, NOW + 3 * WEEK, working())

    assert (who, shift.people) == (cleo, ("Primary", "Second"))
    assert (shift.start, shift.end) == (NOW + 2 * WEEK - HOUR, NOW + 3 * WEEK - HOUR)


def test_a_batch_of_questions_costs_four_queries_however_many_rosters(roster, people, django_assert_num_queries):
    Holding.objects.create(role="on-call-primary", person=people[1])
    rosters.add("Second", role="on-call-secondary", rota=rota_of(roster), by="test", now=NOW)

    with django_assert_num_queries(4):
        held = Holders.of([999], at=NOW)
        assert [who.name for who in held.holders("on-call-primary", None)] == ["Ann", "Ben"]
        assert [who.name for who in held.holders("on-call-secondary", None)] == ["Ann"]


def test_a_roster_that_cannot_be_read_is_one_long_hole(people):
    rota = Rota("UTC", [Layer([people[0].actor], STARTS)])
    made = rosters.add("Third", role="L3", rota=rota, fallback=people[1], by="test", now=NOW)
    kept = made.spec
    type(made).objects.filter(pk=made.pk).update(spec={"zone": "Nowhere"}, revision=9)

    held = Holders.of([], at=NOW)

    assert [who.name for who in held.holders("L3", None)] == ["Ben"]
    hole = held.hole("L3", None)
    assert hole is not None and hole.until is None
    type(made).objects.filter(pk=made.pk).update(spec=kept, revision=1)


@pytest.mark.parametrize(
    ("column", "value", "says"),
    [
        ("role", "L1", "role (stored L1, told on-call-primary)"),
        ("hours", "[]", "hours (stored [], told null)"),
        ("owner_id", None, "owner (stored null, told"),
        ("swaps", "[1]", "swaps (stored [1], told [])"),
        ("revision", 4, "revision (stored 4, told 1)"),
        ("ended_at", "2026-11-16 10:00:00+00", "ended_at (stored 2026-11-16T10:00:00"),
    ],
)
def test_an_edited_roster_is_named(roster, column, value, says):
    was = Event.objects.get(stream=roster.stream_name).data
    tamper(f"UPDATE tocsin_roster SET {column} = %s", value)

    (fault,) = [str(fault) for fault in compare()]

    assert fault.startswith(f"roster/{roster.pk} 1: its row shows what its log does not say")
    assert says in fault
    back = {"hours": None, "swaps": "[]", "ended_at": None}.get(column, was.get(column.removesuffix("_id")))
    tamper(f"UPDATE tocsin_roster SET {column} = %s", back)


def test_a_roster_made_by_hand_is_named(roster):
    tamper("UPDATE tocsin_roster SET spec = %s, name = %s", '{"zone": "UTC"}', "Mine")

    (fault,) = [str(fault) for fault in compare()]

    assert "name (stored Mine, told Primary), spec (stored" in fault
    type(roster).objects.update(spec=roster.spec, name="Primary")
