"""What stays as it was when a roster is changed, swapped and undone, by one or by two at once?"""

from datetime import UTC, datetime

import pytest

from tests.desk.test_two_at_once import at_once
from tests.directory.test_rosters import HOUR, NOW, STARTS, WEEK, on_call, people, roster  # noqa: F401
from tocsin.core.rota import Layer, Override, Rota
from tocsin.directory import rosters, swaps
from tocsin.directory.duty import rota_of
from tocsin.directory.person import Person
from tocsin.directory.roster import Roster
from tocsin.directory.rosters import RosterRefused
from tocsin.log.event import Event

pytestmark = pytest.mark.django_db
MONDAYS = [datetime(2026, 11, 23, 9, tzinfo=UTC) + n * WEEK for n in range(3)]
BENS, CLEOS = (MONDAYS[0], MONDAYS[1]), (MONDAYS[1], MONDAYS[2])


def agreed(roster, ben, cleo):  # noqa: F811
    roster = swaps.propose(roster, mine=BENS, other=cleo, theirs=CLEOS, reason="a wedding", by=ben, now=NOW)
    return swaps.agree(roster, 2, by=cleo, now=NOW)


def test_a_layer_that_a_change_names_as_it_is_goes_on_with_whose_turn_it_is(roster, people):  # noqa: F811
    (weekly,) = rota_of(roster).layers
    nights = Layer([people[2].actor], STARTS + WEEK, windows={"sun": [["00:00", "01:00"]]})

    roster = rosters.change(roster, layers=[weekly, nights], reason="nights", by=people[2], now=NOW)

    assert [on_call(roster, NOW + weeks * WEEK) for weeks in range(4)] == [["Ann"], ["Ben"], ["Cleo"], ["Ann"]]
    assert rota_of(roster).layers[0].ends is None


def test_what_stays_and_what_is_new_win_over_each_other_in_the_order_they_are_named(roster, people):  # noqa: F811
    ann, ben, cleo = (who.actor for who in people)
    (weekly,) = rota_of(roster).layers
    above = Layer([cleo], STARTS + WEEK)
    roster = rosters.change(roster, layers=[weekly, above], reason="Cleo has it all", by=people[2], now=NOW)
    since = STARTS + 2 * WEEK

    below = Layer([ben], since)
    roster = rosters.change(roster, layers=[below, above], reason="Ben below", by=people[2], now=NOW)
    assert [on_call(roster, NOW + weeks * WEEK) for weeks in range(4)] == [["Ann"], ["Cleo"], ["Cleo"], ["Cleo"]]

    fresh = Layer([ann], since + WEEK)
    roster = rosters.change(roster, layers=[below, fresh], reason="Ann above", by=people[2], now=NOW)
    assert [on_call(roster, NOW + weeks * WEEK) for weeks in range(4)] == [["Ann"], ["Cleo"], ["Cleo"], ["Ann"]]


def test_a_change_by_somebody_who_has_not_seen_the_last_one_is_refused(roster, people):  # noqa: F811
    rosters.change(roster, revision=1, fallback=people[0], reason="Ann stands in", by=people[2], now=NOW)

    with pytest.raises(RosterRefused, match="Somebody has changed this roster since you opened the page"):
        rosters.change(roster, revision=1, fallback=people[1], reason="Ben does", by=people[1], now=NOW)

    roster.refresh_from_db()
    assert roster.fallback == people[0]


@pytest.mark.parametrize("half", [0, 1])
def test_undoing_one_half_of_a_swap_undoes_both(roster, people, half):  # noqa: F811
    ann, ben, cleo = people
    roster = agreed(roster, ben, cleo)
    assert [on_call(roster, NOW + weeks * WEEK) for weeks in (1, 2)] == [["Cleo"], ["Ben"]]

    marked = rosters.mark(rota_of(roster).overrides[half])
    roster = rosters.undo(roster, marked, reason="it rains", by=ann, now=NOW)

    assert [on_call(roster, NOW + weeks * WEEK) for weeks in (1, 2)] == [["Ben"], ["Cleo"]]
    undone = Event.objects.get(stream=roster.stream_name, kind="roster_override_undone").data
    assert [each["people"] for each in undone["overrides"]] == [[cleo.actor], [ben.actor]]


def test_a_swap_of_which_one_shift_is_over_is_not_undone_by_half(roster, people):  # noqa: F811
    ann, ben, cleo = people
    roster = agreed(roster, ben, cleo)

    with pytest.raises(RosterRefused, match="One of the two shifts of this swap is over"):
        rosters.undo(roster, rosters.mark(rota_of(roster).overrides[1]), reason="no", by=ann, now=MONDAYS[1] + HOUR)


def test_undoing_something_else_leaves_a_swap_and_what_looks_the_same(roster, people):  # noqa: F811
    ann, ben, cleo = people
    roster = agreed(roster, ben, cleo)
    other = Override("add", *BENS, (ann.actor,))
    roster = rosters.override(roster, other, reason="two are better", by=ann, now=NOW)
    assert on_call(roster, NOW + WEEK) == ["Cleo", "Ann"]

    roster = rosters.undo(roster, rosters.mark(other), reason="one is enough", by=ann, now=NOW)

    assert [on_call(roster, NOW + weeks * WEEK) for weeks in (1, 2)] == [["Cleo"], ["Ben"]]


def test_two_who_have_one_shift_together_cannot_swap_it(people):  # noqa: F811
    ann, ben, _ = people
    rota = Rota("UTC", [Layer([[ann.actor, ben.actor]], STARTS)])
    both = rosters.add("Both", role="L3", rota=rota, by=ann, now=NOW)

    with pytest.raises(RosterRefused, match="The two shifts are at the same time: choose one at another time"):
        swaps.propose(both, mine=BENS, other=ben, theirs=BENS, reason="why not", by=ann, now=NOW)


def test_a_swap_is_not_agreed_once_part_of_a_shift_is_somebody_elses(roster, people):  # noqa: F811
    ann, ben, cleo = people
    roster = swaps.propose(roster, mine=BENS, other=cleo, theirs=CLEOS, reason="a wedding", by=ben, now=NOW)
    most = Override("replace", BENS[0], BENS[1] - HOUR, (ann.actor,))
    roster = rosters.override(roster, most, reason="Ben is ill", by=ann, now=NOW)

    with pytest.raises(RosterRefused, match="Ben is not on duty then, or no longer all of it: look at the roster anew"):
        swaps.agree(roster, 2, by=cleo, now=NOW)


def test_a_roster_that_could_not_be_made_says_so_before_it_is_published(roster, people):  # noqa: F811
    rota = rota_of(roster)
    with pytest.raises(RosterRefused, match="Primary says already who is on-call-primary when"):
        rosters.could("Another", role="on-call-primary", rota=rota)

    assert rosters.could("Another", role="L3", rota=rota).pk is None


@pytest.mark.only_on("postgresql")
@pytest.mark.django_db(transaction=True)
def test_of_two_who_publish_a_roster_for_a_role_at_once_one_is_refused(transactional_db):
    both = [Person.objects.create(name=name) for name in ("Ann", "Ben")]

    def add(who):
        rota = Rota("UTC", [Layer([who.actor], STARTS)])
        return rosters.add(who.name, role="L3", rota=rota, by=who, now=NOW)

    came = at_once(*[lambda who=who: add(who) for who in both])

    assert sorted(type(each).__name__ for each in came) == ["Roster", "RosterRefused"]
    assert "says already who is L3 when: change it, or end it first." in str(
        next(each for each in came if not isinstance(each, Roster))
    )
