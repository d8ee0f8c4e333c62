"""Is a calendar that a standard declares kept as it is written, and can nobody write one that nobody could keep?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from tests.core.standards import SMALL, broken, line_of
from tests.core.test_policy import HOURS, said, terms
from tocsin.core.duration import Duration
from tocsin.core.hours import Calendar
from tocsin.core.written import DAYS

OFFICE = """\
[calendars.office]
title = "office hours"
week = { mon = ["09:00-12:30", "13:30-17:00"], fri = ["09:00-24:00"] }
closed = ["2026-12-25"]
replaced = { 2026-12-24 = ["09:00-12:00"] }
breaks = { 2026-12-21 = ["11:00-12:00"] }

"""


def with_office(*changes: tuple[str, str], office: str = OFFICE) -> str:
    return broken(("[priorities.P1]", f"{office}[priorities.P1]"), *changes)


def office(zone: str) -> Calendar:
    return Calendar(
        zone,
        {"mon": [("09:00", "12:30"), ("13:30", "17:00")], "fri": [("09:00", "24:00")]},
        ["2026-12-25"],
        {"2026-12-24": [("09:00", "12:00")]},
        {"2026-12-21": [("11:00", "12:00")]},
    )


def test_it_is_kept_where_the_client_is():
    found = terms(with_office()).calendars["office"]

    assert found == office("Australia/Sydney")
    assert found.name == "office hours"


def test_it_may_be_kept_in_a_zone_of_its_own():
    text = with_office(('title = "office hours"\n', 'title = "office hours"\nzone = "Europe/London"\n'))

    assert terms(text).calendars["office"] == office("Europe/London")


def test_it_stands_wherever_a_calendar_may():
    text = with_office(
        ('calendar = "support"', 'calendar = "office"'),
        ('P1 = "15m"', 'P1 = "15m on office"'),
        ('after = "4h"', 'after = "1bd on office"'),
        ('solved_period = "24h on always"', 'solved_period = "2bd on office"'),
        ("[roles]", '[kinds.wish]\ntitle = "Wish"\ncalendar = "office"\n[roles]'),
        ('{ P1 = "4h", P2 = "5bd" }', '{ P1 = "4h", P2 = "5bd", wish = "3h" }'),
    )

    found = terms(text)

    here = office("Australia/Sydney")
    assert found.clocks["response"].targets == {"P1": (Duration(15, "m"), here), "P2": (Duration(2, "h"), here)}
    assert found.clocks["resolution"].targets["P2"] == (Duration(5, "bd"), here)
    assert found.clocks["resolution"].targets["wish"] == (Duration(3, "h"), here)
    assert found.raises[0].after == (Duration(1, "bd"), here)
    assert found.solved_period == (Duration(2, "bd"), here)


def test_its_holidays_and_hours_count():
    calendar = terms(with_office(('title = "office hours"\n', 'title = "office hours"\nzone = "UTC"\n'))).calendars[
        "office"
    ]

    # from the Monday before Christmas 2026: a break of an hour, a Thursday that is open until noon, Christmas on Friday
    monday = datetime(2026, 12, 21, tzinfo=UTC)
    spans = [(at - monday, until - monday) for at, until in calendar.spans(monday, monday + timedelta(days=7))]
    hours = [(at / timedelta(hours=1) % 24, until / timedelta(hours=1) % 24) for at, until in spans]
    assert hours == [(9, 11), (12, 12.5), (13.5, 17), (9, 12)]


def test_business_days_of_one_that_never_closes_are_days_of_24_hours():
    every = "{ " + ", ".join(f'{day} = ["00:00-24:00"]' for day in DAYS) + " }"
    text = with_office(
        ('P2 = "5bd"', 'P2 = "5bd on ours"'), office=f'[calendars.ours]\ntitle = "ours"\nweek = {every}\n'
    )

    assert terms(text).clocks["resolution"].targets["P2"] == (Duration(120, "h"), Calendar.always("Australia/Sydney"))


WEEK = 'week = { mon = ["09:00-12:30", "13:30-17:00"], fri = ["09:00-24:00"] }'


@pytest.mark.parametrize(
    ("old", "new", "key", "sentence"),
    [
        (WEEK, 'week = { mon = ["9-17"] }', "calendars.office.week.mon[1]",
         "'9-17' is no span: write opening and closing, such as 09:00-17:00."),
        (WEEK, 'week = { mon = ["17:00-09:00"] }', "calendars.office.week.mon",
         "mon: 17:00–09:00 does not end after it starts: end it later, "
         "or write a night shift as two spans, up to 24:00 and from 00:00 on the next day."),
        (WEEK, 'week = { mon = ["09:00-12:00", "11:00-13:00"] }', "calendars.office.week.mon",
         "mon: 09:00–12:00 and 11:00–13:00 overlap: join them into one span."),
        (WEEK, 'week = { mon = ["09:00-25:00"] }', "calendars.office.week.mon",
         "mon: '25:00' is no time of day: write hours and minutes, from '00:00' to '24:00'."),
        (WEEK, 'week = { monday = ["09:00-17:00"] }', "calendars.office.week.monday",
         "'monday' is no day: did you mean 'mon'?"),
        (WEEK, 'week = { mon = "09:00-17:00" }', "calendars.office.week.mon", "This is a text, not a list."),
        (WEEK, 'week = "mon-fri"', "calendars.office.week", "This is a text, not a table."),
        ('["2026-12-25"]', '["25.12.2026"]', "calendars.office.closed[1]",
         "'25.12.2026' is no date: write year, month and day, such as 2026-12-25."),
        ('["2026-12-25"]', "[2026-12-25]", "calendars.office.closed[1]",
         "This is a date or time, not a text in quotes."),
        ("{ 2026-12-24 =", "{ 2026-12-32 =", "calendars.office.replaced.2026-12-32",
         "'2026-12-32' is no date: write year, month and day, such as 2026-12-25."),
        ('["11:00-12:00"]', '["noon"]', "calendars.office.breaks.2026-12-21[1]",
         "'noon' is no span: write opening and closing, such as 09:00-17:00."),
        ('title = "office hours"\n', 'title = "office hours"\nzone = "Europe/Londn"\n', "calendars.office.zone",
         "No time zone is called 'Europe/Londn': did you mean 'Europe/London'?"),
        ("[calendars.office]", "[calendars.support]", "calendars.support",
         "'support' is there already: give the calendar another name."),
        ('title = "office hours"\n', "", "calendars.office", "The key 'title' is missing."),
    ],
    ids=map(str, count(1)),
)  # fmt: skip
def test_what_nobody_could_keep_is_named_where_it_stands(old, new, key, sentence):
    text = with_office(office=OFFICE.replace(old, new))
    stands = new.split("\n")[-2] if "zone" in new else new if new else "[calendars.office]"

    assert said(text) == [f"small.toml:{line_of(text, stands)}: {key}: {sentence}"]


@pytest.mark.parametrize("week", ["", "week = {}\n", "week = { mon = [] }\n", 'closed = ["2026-12-25"]\n'])
def test_a_calendar_without_an_open_minute_is_refused(week):
    text = with_office(office=f'[calendars.office]\ntitle = "office hours"\n{week}')

    [mistake] = said(text)

    key = "calendars.office.week" if week.startswith("week") else "calendars.office"
    assert mistake.endswith(f': {key}: This calendar is never open: give a day hours, as mon = ["09:00-17:00"].')


def test_hours_that_a_break_takes_away_altogether_are_no_open_minute():
    text = with_office(office=(
        '[calendars.office]\ntitle = "office hours"\n'
        'replaced = { 2026-12-24 = ["09:00-12:00"] }\nbreaks = { 2026-12-24 = ["08:00-13:00"] }\n'
    ))  # fmt: skip

    assert "calendars.office: This calendar is never open: give a day hours" in said(text)[0]


def test_a_calendar_that_is_not_declared_is_refused_with_the_nearest():
    text = with_office(('calendar = "support"', 'calendar = "ofice"'))

    assert said(text) == [
        f"small.toml:{line_of(text, 'ofice')}: priorities.P2.calendar: 'ofice' is no calendar: did you mean 'office'?"
    ]


def test_the_small_standard_has_the_two_that_are_always_there():
    assert list(terms(SMALL).calendars) == ["always", "support"]
    assert terms(SMALL).calendars["support"] == HOURS
