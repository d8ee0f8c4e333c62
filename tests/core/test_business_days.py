"""Are business days counted in working dates, to the same local time?"""

from datetime import UTC, datetime, timedelta

import pytest

from tests.core.offices import LONG_OFFICE, OFFICE, at, london, sydney, weekdays
from tocsin.core.duration import BadDuration, Duration, parse
from tocsin.core.hours import Calendar

# The worked examples of semantics 1


def test_five_business_days_from_monday_at_ten_are_due_next_monday_at_ten():
    assert OFFICE.due(london(2026, 11, 16, 10), parse("5bd")) == london(2026, 11, 23, 10)


def test_a_pause_in_working_time_moves_five_business_days_by_its_length():
    budget = OFFICE.budget(london(2026, 11, 16, 10), parse("5bd"))
    before = OFFICE.elapsed(london(2026, 11, 16, 10), london(2026, 11, 17, 11))

    assert OFFICE.due(london(2026, 11, 17, 14), budget - before) == london(2026, 11, 23, 13)


def test_a_pause_while_closed_does_not_move_five_business_days():
    budget = OFFICE.budget(london(2026, 11, 16, 10), parse("5bd"))
    before = OFFICE.elapsed(london(2026, 11, 16, 10), london(2026, 11, 20, 20))

    assert OFFICE.due(london(2026, 11, 21, 12), budget - before) == london(2026, 11, 23, 10)


def test_five_business_days_from_monday_at_nine_are_shown_on_friday_and_kept_until_monday():
    start = london(2026, 11, 16, 9)

    assert OFFICE.due(start, parse("5bd")) == london(2026, 11, 20, 17)
    assert OFFICE.kept_until(start, parse("5bd")) == london(2026, 11, 23, 9)


@pytest.mark.parametrize("start", [sydney(2026, 11, 20, 20), sydney(2026, 11, 21, 10)])
def test_a_business_day_from_friday_night_and_from_saturday_is_the_same(start):
    assert LONG_OFFICE.due(start, parse("1bd")) == sydney(2026, 11, 23, 18)
    assert LONG_OFFICE.kept_until(start, parse("1bd")) == sydney(2026, 11, 24, 7)


# Which dates count, and where the last one ends


def test_a_business_day_skips_holidays_and_dates_a_break_closes_altogether():
    calendar = weekdays(
        "Europe/London", "09:00", "17:00", closed=["2026-11-17"], breaks={"2026-11-18": [("08:00", "18:00")]}
    )

    assert calendar.due(london(2026, 11, 16, 10), parse("1bd")) == london(2026, 11, 19, 10)


def test_a_business_day_that_lands_in_closed_time_rolls_to_the_next_opening():
    calendar = weekdays("Europe/London", "09:00", "17:00", replaced={"2026-11-17": [("09:00", "12:00")]})

    assert calendar.kept_until(london(2026, 11, 16, 15), parse("1bd")) == london(2026, 11, 18, 9)


def test_a_business_day_into_the_skipped_hour_ends_right_after_it():
    calendar = Calendar("Europe/London", {"sat": [("00:00", "06:00")], "sun": [("00:00", "06:00")]})

    due = calendar.due(london(2026, 3, 28, 1, 30), parse("1bd"))

    assert due == datetime(2026, 3, 29, 1, tzinfo=UTC)


def test_a_business_day_into_the_repeated_hour_ends_in_its_first_pass():
    calendar = Calendar("Europe/London", {"sat": [("00:00", "06:00")], "sun": [("00:00", "06:00")]})

    due = calendar.due(london(2026, 10, 24, 1, 30), parse("1bd"))

    assert due == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_a_date_whose_only_hour_is_skipped_is_no_working_date():
    calendar = Calendar("Europe/London", {"sat": [("01:00", "02:00")], "sun": [("01:00", "02:00")]})

    assert calendar.kept_until(london(2026, 3, 28, 1, 30), parse("1bd")) == london(2026, 4, 4, 1, 30)


def test_a_date_that_a_zone_left_out_is_no_working_date():
    samoa = weekdays("Pacific/Apia", "09:00", "17:00")

    due = samoa.due(at("Pacific/Apia", 2011, 12, 29, 10), parse("1bd"))

    assert due == at("Pacific/Apia", 2012, 1, 2, 10)


def test_a_business_day_on_the_last_evening_of_a_year_in_utc_is_found_in_the_next():
    evenings = weekdays("America/Chicago", "18:30", "22:00")

    due = evenings.kept_until(at("America/Chicago", 2026, 12, 30, 19), parse("1bd"))

    assert due == at("America/Chicago", 2026, 12, 31, 19)


def test_no_business_days_are_no_time():
    assert OFFICE.budget(london(2026, 11, 21), Duration(0, "bd")) == timedelta(0)


def test_business_days_on_a_calendar_that_never_closes_are_refused():
    with pytest.raises(BadDuration, match="5bd on a calendar that never closes: write 120h instead"):
        Calendar.always().budget(london(2026, 11, 16), parse("5bd"))
