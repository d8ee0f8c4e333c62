"""Is working time counted as semantics 1 says, and answered at once whatever was asked before?"""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from tests.core.offices import HOUR, LONG_OFFICE, MINUTE, OFFICE, SYDNEY_NIGHTS, TICK, at, london, sydney, weekdays
from tocsin.core.duration import parse
from tocsin.core.hours import BeyondHorizon, Calendar

# The worked examples of semantics 1


def test_from_friday_before_closing_to_monday_after_opening_is_twenty_minutes():
    taken = LONG_OFFICE.elapsed(sydney(2026, 11, 20, 17, 45), sydney(2026, 11, 23, 7, 5))

    assert taken == 20 * MINUTE


def test_two_hours_from_friday_at_four_are_due_on_monday_at_ten():
    assert OFFICE.due(london(2026, 11, 20, 16), 2 * HOUR) == london(2026, 11, 23, 10)


def test_twenty_four_hours_from_friday_at_four_are_due_on_wednesday_at_four():
    assert OFFICE.due(london(2026, 11, 20, 16), 24 * HOUR) == london(2026, 11, 25, 16)


def test_a_holiday_on_monday_moves_the_two_hours_to_tuesday():
    calendar = weekdays("Europe/London", "09:00", "17:00", closed=["2026-11-23"])

    assert calendar.due(london(2026, 11, 20, 16), 2 * HOUR) == london(2026, 11, 24, 10)


def test_a_night_shift_over_the_spring_change_is_an_hour_shorter():
    taken = SYDNEY_NIGHTS.elapsed(sydney(2026, 10, 3, 22), sydney(2026, 10, 4, 7))

    assert taken == 420 * MINUTE


def test_a_night_shift_over_the_autumn_change_is_an_hour_longer():
    nights = Calendar("Europe/London", {"sat": [("20:00", "24:00")], "sun": [("00:00", "06:00")]})

    assert nights.elapsed(london(2026, 10, 24, 20), london(2026, 10, 25, 6)) == 660 * MINUTE


@pytest.mark.parametrize(
    ("opens", "closes", "spring", "autumn"), [("01:30", "02:30", 30, 90), ("00:00", "01:30", 60, 120)]
)
def test_a_sunday_span_is_as_long_as_the_wall_clock_shows_it(opens, closes, spring, autumn):
    sundays = Calendar("Europe/London", {"sun": [(opens, closes)]})

    assert sundays.elapsed(london(2026, 3, 29), london(2026, 3, 30)) == spring * MINUTE
    assert sundays.elapsed(london(2026, 10, 25), london(2026, 10, 26)) == autumn * MINUTE


# Due, kept, elapsed


def test_a_budget_used_up_at_closing_is_kept_until_the_next_opening():
    start = london(2026, 11, 20, 16)

    assert OFFICE.due(start, HOUR) == london(2026, 11, 20, 17)
    assert OFFICE.kept_until(start, HOUR) == london(2026, 11, 23, 9)


def test_a_zero_budget_is_due_at_once_even_while_closed():
    saturday = london(2026, 11, 21, 12)

    assert OFFICE.due(saturday, timedelta(0)) == saturday
    assert OFFICE.kept_until(saturday, timedelta(0)) == london(2026, 11, 23, 9)


def test_a_zero_budget_in_working_time_is_kept_for_no_longer():
    monday = london(2026, 11, 23, 12)

    assert OFFICE.due(monday, timedelta(0)) == monday == OFFICE.kept_until(monday, timedelta(0))


def test_a_budget_below_zero_is_refused():
    with pytest.raises(ValueError, match="A budget is zero or more"):
        OFFICE.due(london(2026, 11, 23, 12), -TICK)


def test_time_that_runs_backwards_takes_no_working_time():
    assert OFFICE.elapsed(london(2026, 11, 23, 12), london(2026, 11, 23, 10)) == timedelta(0)


def test_a_microsecond_is_counted_on_either_side_of_opening():
    opening = london(2026, 11, 23, 9)

    assert OFFICE.elapsed(opening - TICK, opening) == timedelta(0)
    assert OFFICE.elapsed(opening, opening + TICK) == TICK
    assert OFFICE.due(opening - TICK, TICK) == opening + TICK


def test_a_duration_in_hours_is_a_budget_as_it_stands():
    assert OFFICE.budget(london(2026, 11, 21), parse("4h")) == 4 * HOUR
    assert OFFICE.due(london(2026, 11, 21), parse("4h")) == london(2026, 11, 23, 13)


def test_answers_are_in_utc_whatever_zone_was_asked_in():
    due = OFFICE.due(at("America/Chicago", 2026, 11, 20, 10), 2 * HOUR)

    assert due == datetime(2026, 11, 23, 10, tzinfo=UTC)
    assert due.tzinfo is UTC
    assert OFFICE.elapsed(datetime(2026, 11, 20, 18, tzinfo=timezone(2 * HOUR)), due) == 2 * HOUR


@pytest.mark.parametrize(
    "ask",
    [
        lambda now: OFFICE.elapsed(now, now),
        lambda now: OFFICE.due(now, HOUR),
        lambda now: OFFICE.kept_until(now, HOUR),
        lambda now: OFFICE.is_open(now),
        lambda now: OFFICE.next_open(now),
        lambda now: OFFICE.spans(now, now),
        lambda now: OFFICE.budget(now, parse("1bd")),
    ],
)
def test_a_moment_without_a_time_zone_is_refused_with_the_remedy(ask):
    with pytest.raises(ValueError, match="names no time zone: give it one, as in datetime"):
        ask(datetime(2026, 11, 20, 9))  # noqa: DTZ001


# Open, next open, spans


def test_a_span_is_open_at_its_start_and_closed_at_its_end():
    assert OFFICE.is_open(london(2026, 11, 20, 9))
    assert OFFICE.is_open(london(2026, 11, 20, 17) - TICK)
    assert not OFFICE.is_open(london(2026, 11, 20, 17))


def test_the_next_open_instant_of_an_open_instant_is_itself():
    assert OFFICE.next_open(london(2026, 11, 20, 10)) == london(2026, 11, 20, 10)
    assert OFFICE.next_open(london(2026, 11, 20, 17)) == london(2026, 11, 23, 9)


def test_a_shift_through_midnight_is_one_span():
    assert SYDNEY_NIGHTS.spans(sydney(2026, 11, 20), sydney(2026, 11, 24)) == [
        (sydney(2026, 11, 21, 20), sydney(2026, 11, 22, 6))
    ]


def test_spans_are_cut_to_what_was_asked_for():
    spans = OFFICE.spans(london(2026, 11, 20, 12), london(2026, 11, 23, 10))

    assert spans == [
        (london(2026, 11, 20, 12), london(2026, 11, 20, 17)),
        (london(2026, 11, 23, 9), london(2026, 11, 23, 10)),
    ]
    assert OFFICE.spans(london(2026, 11, 20, 17), london(2026, 11, 23, 9)) == []
    assert OFFICE.spans(london(2026, 11, 23, 10), london(2026, 11, 20, 12)) == []


def test_a_shift_through_new_year_in_utc_is_one_span():
    calendar = Calendar("UTC", {"thu": [("20:00", "24:00")], "fri": [("00:00", "04:00")]})
    new_year = datetime(2027, 1, 1, tzinfo=UTC)
    calendar.elapsed(new_year - HOUR, new_year - HOUR + TICK)

    assert calendar.due(new_year - HOUR, 2 * HOUR) == new_year + HOUR
    assert calendar.kept_until(new_year - HOUR, HOUR) == new_year
    assert calendar.spans(new_year - HOUR, new_year + HOUR) == [(new_year - HOUR, new_year + HOUR)]


def test_always_is_open_at_every_instant():
    always = Calendar.always()
    start = datetime(2026, 10, 24, 12, 30, tzinfo=UTC)

    assert always.is_always
    assert always.elapsed(start, start + 1000 * HOUR) == 1000 * HOUR
    assert always.due(start, HOUR) == always.kept_until(start, HOUR) == start + HOUR
    assert always.spans(start, start + HOUR) == [(start, start + HOUR)]
    assert always.next_open(start) == start


def test_always_less_a_holiday_is_not_always():
    calendar = Calendar("UTC", Calendar.always().spec()["week"], closed=["2026-12-25"])

    assert not calendar.is_always
    assert calendar.due(datetime(2026, 12, 24, 23, tzinfo=UTC), 2 * HOUR) == datetime(2026, 12, 26, 1, tzinfo=UTC)


def test_spans_that_only_touch_are_one():
    calendar = Calendar("UTC", {"mon": [("09:00", "12:00"), ("12:00", "17:00")]})
    monday = datetime(2026, 11, 23, tzinfo=UTC)

    assert calendar.spans(monday, monday + 24 * HOUR) == [(monday + 9 * HOUR, monday + 17 * HOUR)]


# Holidays, replaced dates, breaks


def test_a_replaced_date_has_its_own_spans_instead():
    calendar = weekdays("Europe/London", "09:00", "17:00", replaced={"2026-12-24": [("10:00", "12:00")]})

    assert calendar.elapsed(london(2026, 12, 24), london(2026, 12, 25)) == 2 * HOUR


def test_a_replaced_date_can_open_a_weekend():
    calendar = weekdays("Europe/London", "09:00", "17:00", replaced={date(2026, 11, 21): [("10:00", "12:00")]})

    assert calendar.next_open(london(2026, 11, 20, 17)) == london(2026, 11, 21, 10)


def test_a_break_is_cut_from_whatever_its_date_has():
    breaks = {"2026-11-20": [("12:00", "13:00"), ("16:00", "20:00")], "2026-12-24": [("11:00", "11:30")]}
    calendar = weekdays("Europe/London", "09:00", "17:00", breaks=breaks, replaced={"2026-12-24": [("10:00", "12:00")]})

    assert calendar.spans(london(2026, 11, 20), london(2026, 11, 21)) == [
        (london(2026, 11, 20, 9), london(2026, 11, 20, 12)),
        (london(2026, 11, 20, 13), london(2026, 11, 20, 16)),
    ]
    assert calendar.elapsed(london(2026, 12, 24), london(2026, 12, 25)) == 90 * MINUTE


def test_a_holiday_wins_over_a_replaced_date_and_a_break():
    day = "2026-12-25"
    calendar = weekdays(
        "Europe/London",
        "09:00",
        "17:00",
        closed=[day],
        replaced={day: [("10:00", "12:00")]},
        breaks={day: [("10:30", "11:00")]},
    )

    assert calendar.spans(london(2026, 12, 25), london(2026, 12, 26)) == []


def test_a_holiday_has_a_name():
    calendar = weekdays("Europe/London", "09:00", "17:00", closed={"2026-12-25": "Christmas Day", "2026-12-28": ""})

    assert calendar.closed_name(date(2026, 12, 25)) == "Christmas Day"
    assert calendar.closed_name(date(2026, 12, 28)) == "holiday"
    assert calendar.closed_name(date(2026, 12, 24)) is None


# What is never reached


ONCE = Calendar("UTC", {}, replaced={"2026-11-20": [("09:00", "17:00")]})


@pytest.mark.parametrize(
    "ask",
    [
        lambda: ONCE.due(datetime(2026, 11, 20, 16, tzinfo=UTC), HOUR + TICK),
        lambda: ONCE.kept_until(datetime(2026, 11, 20, 16, tzinfo=UTC), HOUR),
        lambda: ONCE.next_open(datetime(2026, 11, 20, 17, tzinfo=UTC)),
        lambda: ONCE.budget(datetime(2026, 11, 20, 16, tzinfo=UTC), parse("1bd")),
        lambda: OFFICE.due(london(2026, 11, 20), timedelta(days=2000)),
        lambda: OFFICE.due(london(2026, 11, 20), timedelta.max),
        lambda: Calendar.always().due(london(2026, 11, 20), timedelta(days=7305) + TICK),
        lambda: OFFICE.due(london(2190, 11, 20), timedelta(days=1000)),
    ],
)
def test_what_is_not_reached_within_twenty_years_is_beyond_the_horizon(ask):
    with pytest.raises(BeyondHorizon):
        ask()


def test_the_horizon_does_not_move_with_what_was_asked_before():
    later = Calendar("UTC", {}, replaced={"2026-11-20": [("09:00", "17:00")], "2047-11-20": [("09:00", "17:00")]})
    later.elapsed(datetime(2026, 1, 1, tzinfo=UTC), datetime(2050, 1, 1, tzinfo=UTC))

    with pytest.raises(BeyondHorizon, match="not reached within 20 years"):
        later.next_open(datetime(2026, 11, 20, 17, tzinfo=UTC))


def test_twenty_years_on_is_still_reached():
    start = london(2026, 11, 20)

    assert Calendar.always().due(start, timedelta(days=7305)) == start + timedelta(days=7305)


@pytest.mark.parametrize("calendar", [OFFICE, Calendar.always()])
@pytest.mark.parametrize(
    "when",
    [
        datetime(1899, 12, 31, 23, 59, tzinfo=UTC),
        datetime(2201, 1, 1, tzinfo=UTC),
        datetime.max.replace(tzinfo=timezone(-HOUR)),
        datetime.min.replace(tzinfo=timezone(HOUR)),
    ],
)
def test_years_outside_1900_to_2200_are_beyond_the_horizon(calendar, when):
    now = london(2026, 11, 20)

    with pytest.raises(BeyondHorizon, match="the years 1900 to 2200"):
        calendar.elapsed(min(when, now), max(when, now))
    with pytest.raises(BeyondHorizon, match="the years 1900 to 2200"):
        calendar.due(when, HOUR)


def test_the_first_and_last_years_are_counted():
    calendar = weekdays("Europe/London", "09:00", "17:00")

    assert calendar.elapsed(datetime(1900, 1, 1, tzinfo=UTC), datetime(1900, 1, 8, tzinfo=UTC)) == 40 * HOUR
    assert calendar.elapsed(datetime(2200, 12, 1, tzinfo=UTC), datetime(2200, 12, 8, tzinfo=UTC)) == 40 * HOUR


# Compiled as asked for


def test_the_order_of_questions_changes_no_answer():
    years = [2026, 2019, 2031, 2025, 2026]
    forward, backward = (weekdays("America/Chicago", "08:00", "18:00") for _ in range(2))

    asked = {year: forward.elapsed(london(year, 1, 1), london(year, 12, 31, 12)) for year in years}
    asked_again = {year: backward.elapsed(london(year, 1, 1), london(year, 12, 31, 12)) for year in reversed(years)}

    assert asked == asked_again
    assert forward.elapsed(london(2018, 1, 1), london(2033, 1, 1)) == sum(
        (backward.elapsed(london(year, 1, 1), london(year + 1, 1, 1)) for year in range(2018, 2033)), timedelta(0)
    )


def test_many_threads_get_the_answers_one_would():
    shared, alone = (weekdays("Europe/London", "09:00", "17:00") for _ in range(2))
    starts = [london(2000 + (7 * n) % 40, 3, 1 + n % 28) for n in range(80)]

    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda start: shared.due(start, 100 * HOUR), starts))

    assert together == [alone.due(start, 100 * HOUR) for start in starts]
