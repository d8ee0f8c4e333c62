"""Is the same person on call whom somebody finds who watches the clocks all night, and are all shifts accounted for?"""

import json
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, Phase, assume, given, note, settings
from hypothesis import strategies as st

from tests.core.oracle_rota import Oracle
from tests.core.rosters import CHANGES, MINUTE, PEOPLE, rosters
from tocsin.core.hours import Calendar
from tocsin.core.rota import BadRota, Override, Rota, Shift

TICK = timedelta(microseconds=1)
HALF_A_DAY = timedelta(hours=12)
DAY = timedelta(days=1)
WEEK = timedelta(weeks=1)

from_change = st.timedeltas(-3 * DAY, 3 * DAY)


def examples(count):
    """So many rosters, the same at every run; none is shrunk, which would take minutes: it is printed as drawn."""
    return settings(
        max_examples=count,
        deadline=None,
        derandomize=True,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )


@pytest.mark.parametrize(("zone", "changed"), CHANGES)
def test_the_nights_tested_here_are_nights_of_a_clock_change(zone, changed):
    instant = datetime.fromisoformat(changed).replace(tzinfo=UTC)
    before, after = ((instant + shift).astimezone(ZoneInfo(zone)).utcoffset() for shift in (-TICK, timedelta(0)))

    assert (after - before) / MINUTE == CHANGES[zone, changed]


@examples(100)
@given(rosters())
def test_at_every_minute_they_are_on_call_who_are_found_by_watching_the_clocks(case):
    spec, changed = case
    note(json.dumps(spec))
    rota = Rota.from_spec(spec)

    for at, people in Oracle(spec).walk(changed - HALF_A_DAY, changed + HALF_A_DAY):
        assert rota.on_call(at) == people, at


@examples(40)
@given(rosters())
def test_shifts_are_what_is_found_by_watching_the_clocks_for_a_week(case):
    spec, changed = case
    note(json.dumps(spec))
    a, b = changed - 2 * DAY, changed + 5 * DAY

    watched = []
    for at, people in Oracle(spec).walk(a, b):
        if watched and watched[-1].people == people:
            watched[-1] = watched[-1]._replace(end=at + MINUTE)
        else:
            watched.append(Shift(at, at + MINUTE, people))

    rota = Rota.from_spec(spec)
    assert rota.shifts(a, b) == [shift for shift in watched if shift.people]
    assert rota.gaps(a, b) == [(shift.start, shift.end) for shift in watched if not shift.people]


@examples(200)
@given(rosters(), from_change, from_change)
def test_shifts_and_gaps_share_out_every_instant_and_agree_with_who_is_on_call(case, one, other):
    spec, changed = case
    rota = Rota.from_spec(spec)
    a, b = changed + min(one, other), changed + max(one, other)

    shifts, gaps = rota.shifts(a, b), rota.gaps(a, b)

    pieces = sorted([*shifts, *(Shift(*gap, ()) for gap in gaps)])
    if a < b:
        assert (pieces[0].start, pieces[-1].end) == (a, b)
    assert all(before.end == after.start for before, after in pairwise(pieces))
    assert all(before.people != after.people for before, after in pairwise(pieces))
    for piece in pieces:
        assert piece.start < piece.end
        for at in (piece.start, piece.start + (piece.end - piece.start) / 2, piece.end - TICK):
            assert rota.on_call(at) == piece.people


@examples(100)
@given(rosters(most=1, most_overrides=0, bare=True), from_change, st.timedeltas(timedelta(0), 40 * DAY))
def test_each_turn_starts_where_the_one_before_ended_whatever_the_clocks_do(case, start, length):
    spec, changed = case
    spec["layers"][0]["people"] = list(PEOPLE)
    rota = Rota.from_spec(spec)
    a = changed + start
    assume(rota.on_call(a))

    shifts = rota.shifts(a, a + length)

    assert rota.gaps(a, a + length) == []
    assert all(before.end == after.start for before, after in pairwise(shifts))
    # A turn that lies in a date left out as a whole is nobody's.
    steps = {(PEOPLE.index(after.people[0]) - PEOPLE.index(before.people[0])) % 4 for before, after in pairwise(shifts)}
    assert steps <= ({1, 2} if CHANGES[spec["zone"], f"{changed:%Y-%m-%dT%H:%M}"] > 60 else {1})


@examples(100)
@given(rosters())
def test_a_roster_stored_as_json_and_read_back_is_the_same(case):
    spec, changed = case
    rota = Rota.from_spec(spec)

    again = Rota.from_spec(json.loads(json.dumps(rota.spec())))

    assert again.spec() == rota.spec()
    assert again.overrides == rota.overrides
    assert again.shifts(changed - WEEK, changed + WEEK) == rota.shifts(changed - WEEK, changed + WEEK)


@examples(80)
@given(rosters(most=2, most_overrides=0, people=st.sampled_from(PEOPLE)), st.data())
def test_a_swap_exchanges_two_shifts_and_nothing_else(case, data):
    spec, changed = case
    a, b = changed - WEEK, changed + WEEK
    before = Rota.from_spec(spec).shifts(a, b)
    assume(len({shift.people for shift in before}) > 1)
    one = data.draw(st.sampled_from(before))
    other = data.draw(st.sampled_from([shift for shift in before if shift.people != one.people]))

    swap = [
        Override("replace", one.start, one.end, other.people, of=one.people),
        Override("replace", other.start, other.end, one.people, of=other.people),
    ]
    after = Rota(spec["zone"], Rota.from_spec(spec).layers, swap)

    for shift in before:
        exchanged = {one: other.people, other: one.people}.get(shift, shift.people)
        assert {after.on_call(shift.start), after.on_call(shift.end - TICK)} == {exchanged}
    assert after.gaps(a, b) == Rota.from_spec(spec).gaps(a, b)


@examples(100)
@given(rosters(), from_change, from_change)
def test_holes_in_the_hours_to_be_covered_are_holes_and_in_those_hours(case, one, other):
    spec, changed = case
    rota = Rota.from_spec(spec)
    office = Calendar(spec["zone"], {day: [("01:30", "09:00")] for day in ("sat", "sun", "mon")})
    a, b = changed + min(one, other), changed + max(one, other)

    found = rota.gaps(a, b, office)

    for start, end in found:
        assert office.elapsed(start, end) == end - start
        assert rota.shifts(start, end) == []
    worked = sum((office.elapsed(start, end) for start, end in rota.gaps(a, b)), timedelta(0))
    assert sum((end - start for start, end in found), timedelta(0)) == worked


JUNK = st.sampled_from(
    [None, 5, -1, 0.5, "", "x", "ann", "2026-13-01", [], [5], [[]], ["x", [5]], {}, {"x": 5}, {"mon": 5}, True]
)


@examples(400)
@given(rosters(), st.data())
def test_of_nonsense_a_roster_is_made_or_it_is_refused_in_words(case, data):
    spec, changed = case
    parts = [spec, *spec["layers"], *spec["overrides"]]
    part = data.draw(st.sampled_from(parts))
    part[data.draw(st.sampled_from(sorted(part)))] = data.draw(JUNK)

    try:
        rota = Rota.from_spec(spec)
    except BadRota:
        return
    rota.shifts(changed - DAY, changed + DAY)
    assert Rota.from_spec(rota.spec()).spec() == rota.spec()
