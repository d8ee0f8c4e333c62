"""Are the figures those anybody would count by hand?"""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.core.metrics import NO_DATA, attainment, hours, mean, median, percent, percentile

TIMES = st.lists(st.timedeltas(timedelta(0), timedelta(days=400)), min_size=1, max_size=40)


def minutes(*numbers):
    return [timedelta(minutes=number) for number in numbers]


def test_attainment_is_the_part_kept_of_what_is_decided():
    assert attainment(met=3, breached=1) == Fraction(3, 4)


def test_attainment_of_nothing_is_no_data_and_never_a_hundred_percent():
    assert attainment(met=0, breached=0) is None
    assert percent(attainment(met=0, breached=0)) == NO_DATA


def test_one_breach_in_ten_thousand_is_not_shown_as_a_hundred_percent():
    assert percent(attainment(met=9_999, breached=1)) == "99.9 %"
    assert percent(attainment(met=10_000, breached=0)) == "100.0 %"


def test_the_figures_of_no_times_are_none():
    assert (mean([]), median([]), percentile([], 90)) == (None, None, None)
    assert hours(None) == NO_DATA


def test_the_median_of_an_even_number_lies_between_the_middle_two():
    assert median(minutes(50, 10, 20, 40)) == timedelta(minutes=30)
    assert median(minutes(50, 10, 20)) == timedelta(minutes=20)


def test_the_mean_weighs_every_time_alike():
    assert mean(minutes(10, 20, 60)) == timedelta(minutes=30)


@pytest.mark.parametrize(("share", "expected"), [(50, 5), (90, 9), (91, 10), (100, 10), (1, 1)])
def test_a_percentile_is_the_time_at_the_nearest_rank(share, expected):
    assert percentile(minutes(*range(10, 0, -1)), share) == timedelta(minutes=expected)


@given(TIMES, st.integers(1, 100))
def test_a_percentile_is_the_shortest_time_that_enough_do_not_exceed(times, share):
    found = percentile(times, share)

    enough = [limit for limit in times if sum(time <= limit for time in times) * 100 >= share * len(times)]
    assert found == min(enough)


@pytest.mark.parametrize("share", [0, 101, -1])
def test_a_percentile_outside_the_scale_is_refused(share):
    with pytest.raises(ValueError, match="above 0 and at most 100"):
        percentile(minutes(1), share)


@pytest.mark.parametrize(
    ("time", "shown"),
    [
        (timedelta(minutes=48), "48 min"),
        (timedelta(0), "0 min"),
        (timedelta(hours=1), "1.0 h"),
        (timedelta(days=23, hours=6, minutes=32), "558.5 h"),
    ],
)
def test_a_time_is_shown_in_hours_and_below_one_in_minutes(time, shown):
    assert hours(time) == shown
