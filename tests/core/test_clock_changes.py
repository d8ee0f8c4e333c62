"""Is working time right on the nights when the clocks are changed, whatever the hours and the zone?"""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.core.oracle_hours import DAYS, Oracle
from tocsin.core.duration import Duration
from tocsin.core.hours import Calendar

TICK = timedelta(microseconds=1)
MINUTE = timedelta(minutes=1)

CHANGES = {
    ("Europe/London", "2026-03-29T01:00"): 60,
    ("Europe/London", "2026-10-25T01:00"): -60,
    ("America/Chicago", "2026-03-08T08:00"): 60,
    ("America/Chicago", "2026-11-01T07:00"): -60,
    ("Australia/Sydney", "2026-04-04T16:00"): -60,
    ("Australia/Sydney", "2026-10-03T16:00"): 60,
    ("Australia/Lord_Howe", "2026-04-04T15:00"): -30,
    ("Australia/Lord_Howe", "2026-10-03T15:30"): 30,
    ("America/Santiago", "2026-04-05T03:00"): -60,  # midnight, back into the day before
    ("America/Santiago", "2026-09-06T04:00"): 60,  # midnight does not exist
    ("America/Havana", "2026-03-08T05:00"): 60,
    ("America/Havana", "2026-11-01T05:00"): -60,
    ("Asia/Beirut", "2026-03-28T22:00"): 60,
    ("Asia/Beirut", "2026-10-24T21:00"): -60,
    ("Africa/Casablanca", "2026-02-15T02:00"): -60,  # for Ramadan
    ("Africa/Casablanca", "2026-03-22T02:00"): 60,
    ("America/St_Johns", "2006-10-29T02:31"): -60,  # 00:01, so one date comes in two parts
    ("Pacific/Apia", "2011-12-30T10:00"): 24 * 60,  # a whole date left out
    ("Asia/Kolkata", "2026-06-01T00:00"): 0,
}


@pytest.mark.parametrize(("zone", "changed"), CHANGES)
def test_the_nights_tested_here_are_nights_of_a_clock_change(zone, changed):
    instant = datetime.fromisoformat(changed).replace(tzinfo=UTC)
    before, after = ((instant + shift).astimezone(ZoneInfo(zone)).utcoffset() for shift in (-TICK, timedelta(0)))

    assert (after - before) / MINUTE == CHANGES[zone, changed]


clock = st.integers(0, 96).map(lambda quarter: f"{quarter // 4:02}:{quarter % 4 * 15:02}")
day = st.lists(clock, min_size=2, max_size=6, unique=True).map(
    lambda times: list(zip(*[iter(sorted(times)[: len(times) // 2 * 2])] * 2, strict=True))
)


@st.composite
def nights(draw):
    """A calendar, the oracle that reads the same hours, and the instant of a clock change."""
    zone, changed = draw(st.sampled_from(list(CHANGES)))
    instant = datetime.fromisoformat(changed).replace(tzinfo=UTC)
    dates = [(instant + timedelta(days=n)).astimezone(ZoneInfo(zone)).date().isoformat() for n in range(-2, 3)]
    # Close to always, so that the change itself is often in working time.
    usual = draw(st.sampled_from([[("00:00", "24:00")], []]))
    week = dict.fromkeys(DAYS, usual) | draw(st.dictionaries(st.sampled_from(DAYS), day))
    assume(any(week.values()))
    hours = {
        "closed": draw(st.lists(st.sampled_from(dates), max_size=1)),
        "replaced": draw(st.dictionaries(st.sampled_from(dates), day, max_size=2)),
        "breaks": draw(st.dictionaries(st.sampled_from(dates), day, max_size=2)),
    }
    return Calendar(zone, week, **hours), Oracle(zone, week, **hours), instant


minutes_from_change = st.integers(-2200, 2200).map(lambda n: n * MINUTE)
from_change = st.timedeltas(timedelta(days=-3), timedelta(days=3))


@settings(max_examples=200, deadline=None)
@given(nights(), minutes_from_change, minutes_from_change, st.floats(0, 1))
def test_the_answers_are_those_of_somebody_who_looks_at_the_wall_every_minute(night, one, other, part):
    calendar, oracle, changed = night
    a, b = changed + min(one, other), changed + max(one, other)
    elapsed = oracle.elapsed(a, b)
    budget = int(part * (elapsed / MINUTE)) * MINUTE

    assert calendar.elapsed(a, b) == elapsed
    assert calendar.due(a, budget) == oracle.due(a, budget)
    assert calendar.kept_until(a, budget) == oracle.kept_until(a, budget)
    assert calendar.is_open(a) == oracle.is_open(a)


@settings(max_examples=120, deadline=None)
@given(nights(), minutes_from_change, st.integers(1, 3))
def test_business_days_are_those_of_somebody_who_looks_at_the_wall_every_minute(night, start, amount):
    calendar, oracle, changed = night
    assume(not calendar.is_always)

    budget = calendar.budget(changed + start, Duration(amount, "bd"))

    assert budget == oracle.business_days(changed + start, amount)


@settings(max_examples=200, deadline=None)
@given(nights(), st.lists(from_change, min_size=3, max_size=3).map(sorted))
def test_working_time_adds_up(night, moments):
    calendar, _, changed = night
    a, b, c = (changed + moment for moment in moments)

    assert calendar.elapsed(a, b) + calendar.elapsed(b, c) == calendar.elapsed(a, c)


@settings(max_examples=200, deadline=None)
@given(nights(), from_change, st.timedeltas(TICK, timedelta(days=2)))
def test_due_is_the_first_and_kept_until_the_last_instant_of_a_budget(night, start, budget):
    calendar, _, changed = night
    a = changed + start

    due, kept_until = calendar.due(a, budget), calendar.kept_until(a, budget)

    assert calendar.elapsed(a, due) == budget == calendar.elapsed(a, kept_until)
    assert calendar.elapsed(a, due - TICK) == budget - TICK
    assert calendar.elapsed(a, kept_until + TICK) == budget + TICK
    assert a <= due <= kept_until == calendar.next_open(due)


@settings(max_examples=200, deadline=None)
@given(nights(), from_change, from_change)
def test_spans_hold_all_the_working_time_and_nothing_else(night, one, other):
    calendar, _, changed = night
    a, b = changed + min(one, other), changed + max(one, other)

    spans = calendar.spans(a, b)

    assert sum((until - begin for begin, until in spans), timedelta(0)) == calendar.elapsed(a, b)
    assert all(calendar.is_open(begin) and calendar.is_open(until - TICK) for begin, until in spans)
    assert all(until == b or not calendar.is_open(until) for _, until in spans)
    assert all(begin < until for begin, until in spans)
    assert all(before[1] < after[0] for before, after in pairwise(spans))
