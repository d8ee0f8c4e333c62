"""Is the right person on call, through handoffs, windows, overrides and changes of the clocks?"""

import json
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tocsin.core.hours import Calendar
from tocsin.core.rota import BadRota, Layer, Override, Rota, Shift

ANN, BEN, CLEO = "ann", "ben", "cleo"


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def wall(text: str) -> datetime:
    """What the clocks on the wall show, wherever they hang."""
    return datetime.fromisoformat(text)


def weekly(zone: str = "UTC", **layer: object) -> Rota:
    """Ann, Ben and Cleo, a week each, from Monday 2026-01-05 09:00."""
    return Rota(zone, [Layer((ANN, BEN, CLEO), wall("2026-01-05 09:00"), **layer)])


def test_each_has_a_week_and_hands_off_at_the_same_hour():
    rota = weekly()

    assert rota.on_call(utc("2026-01-05 08:59")) == ()
    assert rota.on_call(utc("2026-01-05 09:00")) == (ANN,)
    assert rota.on_call(utc("2026-01-12 08:59")) == (ANN,)
    assert rota.on_call(utc("2026-01-12 09:00")) == (BEN,)
    assert rota.on_call(utc("2026-01-26 09:00")) == (ANN,)


def test_a_handoff_that_the_clocks_skip_happens_at_the_first_instant_after():
    chicago = Rota("America/Chicago", [Layer((ANN, BEN), wall("2020-03-07 02:30"), unit="days")])

    assert chicago.shifts(utc("2020-03-07 12:00"), utc("2020-03-09 00:00")) == [
        Shift(utc("2020-03-07 12:00"), utc("2020-03-08 08:00"), (ANN,)),
        Shift(utc("2020-03-08 08:00"), utc("2020-03-09 00:00"), (BEN,)),
    ]


def test_a_handoff_in_a_repeated_hour_is_at_the_first_of_the_two_and_is_not_taken_back():
    """London shows 01:30 at 00:30Z and at 01:30Z."""
    london = Rota("Europe/London", [Layer((ANN, BEN), wall("2026-10-24 01:30"), unit="days")])

    assert london.on_call(utc("2026-10-25 00:29")) == (ANN,)
    assert london.on_call(utc("2026-10-25 00:30")) == (BEN,)
    assert london.on_call(utc("2026-10-25 01:10")) == (BEN,)
    assert london.on_call(utc("2026-10-26 01:29")) == (BEN,)


def test_a_turn_that_lies_in_a_date_left_out_is_nobodys():
    """Apia went from 2011-12-29 24:00 to 2011-12-31 00:00, at 10:00Z."""
    apia = Rota("Pacific/Apia", [Layer((ANN, BEN, CLEO), wall("2011-12-29 00:00"), unit="days")])

    assert apia.shifts(utc("2011-12-29 10:00"), utc("2011-12-31 10:00")) == [
        Shift(utc("2011-12-29 10:00"), utc("2011-12-30 10:00"), (ANN,)),
        Shift(utc("2011-12-30 10:00"), utc("2011-12-31 10:00"), (CLEO,)),
    ]


@pytest.mark.parametrize(
    ("starts", "first"),
    [("2026-03-29 01:30", "2026-03-29 01:00"), ("2026-10-25 01:30", "2026-10-25 00:30")],
    ids=["skipped", "shown twice"],
)
def test_real_hours_count_from_the_first_instant_at_which_the_clocks_show_the_start_or_later(starts, first):
    london = Rota("Europe/London", [Layer((ANN, BEN), wall(starts), every=8, unit="hours")])
    begins = utc(first)

    assert london.on_call(begins - timedelta(minutes=1)) == ()
    assert london.shifts(begins, begins + timedelta(hours=16)) == [
        Shift(begins, begins + timedelta(hours=8), (ANN,)),
        Shift(begins + timedelta(hours=8), begins + timedelta(hours=16), (BEN,)),
    ]


def test_days_keep_the_hour_on_the_wall_and_hours_are_real_ones():
    """London goes back an hour on 2026-10-25 at 01:00Z."""
    start, a, b = wall("2026-10-24 12:00"), utc("2026-10-24 11:00"), utc("2026-10-25 12:00")

    by_day = Rota("Europe/London", [Layer((ANN, BEN), start, unit="days")])
    by_hour = Rota("Europe/London", [Layer((ANN, BEN), start, every=24, unit="hours")])

    assert by_day.shifts(a, b)[0].end == utc("2026-10-25 12:00")
    assert by_hour.shifts(a, b)[0].end == utc("2026-10-25 11:00")


def test_a_month_without_that_day_hands_off_on_its_last_and_the_next_on_the_day_again():
    monthly = Rota("UTC", [Layer((ANN, BEN, CLEO), wall("2027-01-31 08:00"), unit="months")])

    ends = [shift.end for shift in monthly.shifts(utc("2027-01-31 08:00"), utc("2027-04-30 08:00"))]

    assert ends == [utc("2027-02-28 08:00"), utc("2027-03-31 08:00"), utc("2027-04-30 08:00")]


def test_a_month_whose_last_day_was_left_out_hands_off_at_the_first_instant_after_it():
    """Kiritimati went from 1994-12-30 24:00 to 1995-01-01 00:00, at 10:00Z."""
    monthly = Rota("Pacific/Kiritimati", [Layer((ANN, BEN, CLEO), wall("1994-10-31 08:00"), unit="months")])

    shifts = monthly.shifts(utc("1994-10-31 18:00"), utc("1995-01-30 18:00"))

    assert [(shift.people, shift.end) for shift in shifts] == [
        ((ANN,), utc("1994-11-30 18:00")),
        ((BEN,), utc("1994-12-31 10:00")),
        ((CLEO,), utc("1995-01-30 18:00")),
    ]


def test_a_higher_layer_wins_where_it_covers():
    nights = Layer((CLEO,), wall("2026-01-05 00:00"), unit="days", windows={"mon": [["20:00", "24:00"]]})
    rota = Rota("UTC", [Layer((ANN, BEN), wall("2026-01-05 00:00"), unit="days"), nights])

    assert rota.shifts(utc("2026-01-05 00:00"), utc("2026-01-06 12:00")) == [
        Shift(utc("2026-01-05 00:00"), utc("2026-01-05 20:00"), (ANN,)),
        Shift(utc("2026-01-05 20:00"), utc("2026-01-06 00:00"), (CLEO,)),
        Shift(utc("2026-01-06 00:00"), utc("2026-01-06 12:00"), (BEN,)),
    ]


WEEKENDS = {"sat": [["09:00", "17:00"]], "sun": [["09:00", "17:00"]]}


def test_counted_by_time_a_day_outside_the_windows_passes_the_turn_on_too():
    rota = Rota("UTC", [Layer((ANN, BEN, CLEO), wall("2026-01-03 00:00"), unit="days", windows=WEEKENDS)])

    saturdays = [rota.on_call(utc(f"2026-01-{day:02} 10:00")) for day in (3, 4, 10, 11)]

    assert saturdays == [(ANN,), (BEN,), (BEN,), (CLEO,)]


def test_counted_by_occurrence_only_a_day_with_a_window_does():
    layer = Layer((ANN, BEN, CLEO), wall("2026-01-03 00:00"), unit="days", windows=WEEKENDS, count="occurrence")
    rota = Rota("UTC", [layer])

    assert [rota.on_call(utc(f"2026-01-{day:02} 10:00")) for day in (3, 4, 10, 11)] == [(ANN,), (BEN,), (CLEO,), (ANN,)]
    assert rota.on_call(utc("2026-01-05 10:00")) == ()


def test_a_turn_may_last_shorter_than_the_time_to_the_next():
    """A night of ten hours a day, by the clocks on the wall: London loses an hour on 2026-03-29."""
    rota = Rota("Europe/London", [Layer((ANN, BEN), wall("2026-03-27 20:00"), unit="days", lasts=timedelta(hours=10))])

    shifts = rota.shifts(utc("2026-03-27 00:00"), utc("2026-03-30 00:00"))

    assert [(shift.start, shift.end) for shift in shifts] == [
        (utc("2026-03-27 20:00"), utc("2026-03-28 06:00")),
        (utc("2026-03-28 20:00"), utc("2026-03-29 05:00")),
        (utc("2026-03-29 19:00"), utc("2026-03-30 00:00")),
    ]


def test_a_night_of_ten_hours_on_the_wall_is_eleven_when_the_clocks_go_back():
    rota = Rota("Europe/London", [Layer((ANN,), wall("2026-10-24 20:00"), unit="days", lasts=timedelta(hours=10))])
    short = Rota("Europe/London", [Layer((ANN,), wall("2026-10-24 20:00"), unit="days", lasts=timedelta(hours=5.5))])
    night = (utc("2026-10-24 12:00"), utc("2026-10-25 12:00"))

    assert rota.shifts(*night) == [Shift(utc("2026-10-24 19:00"), utc("2026-10-25 06:00"), (ANN,))]
    assert short.shifts(*night) == [Shift(utc("2026-10-24 19:00"), utc("2026-10-25 00:30"), (ANN,))]


def test_a_night_in_two_windows_occurs_once_where_the_turn_holds_both():
    nights = {"fri": [["20:00", "24:00"]], "sat": [["00:00", "06:00"]]}
    layer = Layer((ANN, BEN), wall("2026-01-02 12:00"), unit="days", windows=nights, count="occurrence")
    rota = Rota("UTC", [layer])

    assert rota.shifts(utc("2026-01-02 00:00"), utc("2026-01-12 00:00")) == [
        Shift(utc("2026-01-02 20:00"), utc("2026-01-03 06:00"), (ANN,)),
        Shift(utc("2026-01-09 20:00"), utc("2026-01-10 06:00"), (BEN,)),
    ]


def test_a_layer_ends_and_leaves_a_hole():
    rota = weekly(ends=wall("2026-01-19 09:00"))

    assert rota.on_call(utc("2026-01-19 09:00")) == ()
    assert rota.gaps(utc("2026-01-15 00:00"), utc("2026-01-21 00:00")) == [
        (utc("2026-01-19 09:00"), utc("2026-01-21 00:00"))
    ]


def test_only_the_hours_that_somebody_has_to_cover_count_as_holes():
    office = Calendar("UTC", {"mon": [("09:00", "17:00")], "tue": [("09:00", "17:00")]})
    rota = weekly(ends=wall("2026-01-19 09:00"))

    assert rota.gaps(utc("2026-01-15 00:00"), utc("2026-01-20 12:00"), office) == [
        (utc("2026-01-19 09:00"), utc("2026-01-19 17:00")),
        (utc("2026-01-20 09:00"), utc("2026-01-20 12:00")),
    ]


def test_overrides_win_over_all_layers_one_after_the_other():
    day = (utc("2026-01-06 00:00"), utc("2026-01-07 00:00"))
    layers = [Layer(([ANN, BEN],), wall("2026-01-05 00:00"))]

    def on(*overrides: Override) -> tuple[str, ...]:
        return Rota("UTC", layers, overrides).on_call(utc("2026-01-06 12:00"))

    assert on(Override("add", *day, (CLEO,))) == (ANN, BEN, CLEO)
    assert on(Override("remove", *day, (ANN,))) == (BEN,)
    assert on(Override("replace", *day, (CLEO,), of=(ANN,))) == (CLEO, BEN)
    assert on(Override("replace", *day, (CLEO,))) == (CLEO,)
    assert on(Override("replace", *day, (CLEO,), of=("dora",))) == (ANN, BEN)
    assert on(Override("remove", *day, (ANN, BEN)), Override("add", *day, (CLEO,))) == (CLEO,)


def test_who_is_removed_leaves_a_hole_that_no_lower_layer_fills():
    day = (utc("2026-01-06 00:00"), utc("2026-01-07 00:00"))
    layers = [Layer((who,), wall("2026-01-05 00:00")) for who in (ANN, BEN)]
    rota = Rota("UTC", layers, [Override("remove", *day, (BEN,))])

    assert rota.on_call(utc("2026-01-05 12:00")) == (BEN,)
    assert rota.gaps(utc("2026-01-05 00:00"), utc("2026-01-08 00:00")) == [day]


def test_an_override_of_twenty_minutes_may_begin_at_one_fifty_and_end_at_one_ten():
    """London shows 01:50 and, twenty minutes later, 01:10 again."""
    london = ZoneInfo("Europe/London")
    start, end = datetime(2026, 10, 25, 1, 50, tzinfo=london), datetime(2026, 10, 25, 1, 10, fold=1, tzinfo=london)
    layers = [Layer((ANN,), wall("2026-01-05 00:00"))]
    rota = Rota("Europe/London", layers, [Override("replace", start, end, (BEN,))])

    assert rota.on_call(utc("2026-10-25 00:49")) == rota.on_call(utc("2026-10-25 01:10")) == (ANN,)
    assert rota.on_call(utc("2026-10-25 00:50")) == rota.on_call(utc("2026-10-25 01:09")) == (BEN,)
    with pytest.raises(BadRota, match="end it later"):
        Override("replace", end, start + timedelta(minutes=5), (BEN,))


def test_the_last_year_that_is_known_has_somebody_on_call():
    assert weekly().on_call(utc("2200-12-31 12:00")) != ()


def test_an_override_ends_at_its_end():
    rota = Rota(
        "UTC",
        [Layer((ANN,), wall("2026-01-05 00:00"))],
        [Override("replace", utc("2026-01-06 10:00"), utc("2026-01-06 12:00"), (BEN,))],
    )

    assert rota.shifts(utc("2026-01-06 09:00"), utc("2026-01-06 13:00")) == [
        Shift(utc("2026-01-06 09:00"), utc("2026-01-06 10:00"), (ANN,)),
        Shift(utc("2026-01-06 10:00"), utc("2026-01-06 12:00"), (BEN,)),
        Shift(utc("2026-01-06 12:00"), utc("2026-01-06 13:00"), (ANN,)),
    ]


def test_a_roster_read_back_from_its_spec_says_the_same():
    layer = Layer(
        ((ANN, BEN), CLEO),
        wall("2026-01-05 09:00"),
        every=2,
        unit="days",
        ends=wall("2026-06-01 09:00"),
        lasts=timedelta(hours=12),
        windows={"mon": [("09:00", "17:00")], "tue": [("09:00", "17:00")]},
        count="occurrence",
    )
    rota = Rota(
        "Asia/Kolkata",
        [layer],
        [Override("replace", utc("2026-01-06 10:00"), utc("2026-01-06 12:00"), (BEN,), of=(CLEO,))],
    )

    again = Rota.from_spec(json.loads(json.dumps(rota.spec())))

    assert again.spec() == rota.spec()
    span = (utc("2026-01-01 00:00"), utc("2026-07-01 00:00"))
    assert again.shifts(*span) == rota.shifts(*span) != []


DAY_OFF = {"kind": "remove", "start": "2026-01-05T00:00Z", "end": "2026-01-06T00:00Z", "people": ["ann"]}


@pytest.mark.parametrize(
    ("spec", "says"),
    [
        ({}, "no zone"),
        ({"zone": "Europe/Lundon"}, "Europe/London"),
        ({"zone": "UTC", "layer": []}, "no 'layer'"),
        ({"zone": "UTC", "layers": [{"starts": "2026-01-05T09:00"}]}, "no people"),
        ({"zone": "UTC", "layers": [{"people": [], "starts": "2026-01-05T09:00"}]}, "somebody in each turn"),
        ({"zone": "UTC", "layers": [{"people": "ann", "starts": "2026-01-05T09:00"}]}, r"\['ann', 'ben'\]"),
        ({"zone": "UTC", "layers": [{"people": ["ann"], "starts": "Monday"}]}, "2026-11-23T09:00"),
        ({"zone": "UTC", "layers": [{"people": ["ann"], "starts": "2026-01-05T09:00Z"}]}, "leave out the zone"),
        ({"zone": "UTC", "layers": [{"people": ["ann"], "starts": "2026-01-05", "unit": "years"}]}, "'years'"),
        ({"zone": "UTC", "layers": [{"people": ["ann"], "starts": "2026-01-05", "every": 0}]}, "from 1"),
        (
            {"zone": "UTC", "layers": [{"people": ["ann"], "starts": "2026-01-05", "ends": "2026-01-05"}]},
            "end it later",
        ),
        ({"zone": "UTC", "layers": [{"people": ["ann"], "starts": "2026-01-05", "lasts": "5d"}]}, "120h"),
        ({"zone": "UTC", "layers": [{"people": ["ann"], "starts": "2026-01-05", "lasts": "200h"}]}, "up to 7 days"),
        (
            {"zone": "UTC", "layers": [{"people": ["ann"], "starts": "2026-01-05", "count": "occurrence"}]},
            "need windows",
        ),
        (
            {"zone": "UTC", "layers": [{"people": ["ann"], "starts": "2026-01-05", "windows": {"monday": []}}]},
            "No day is called 'monday'",
        ),
        ({"zone": "UTC", "overrides": [{"kind": "add"}]}, "no start"),
        ({"zone": "UTC", "overrides": [DAY_OFF | {"people": "ann"}]}, r"\['ann', 'ben'\]"),
        ({"zone": "UTC", "overrides": [DAY_OFF | {"people": []}]}, "whom it is about"),
        ({"zone": "UTC", "overrides": [DAY_OFF | {"end": "2026-01-05T00:00Z"}]}, "end it later"),
    ],
)
def test_a_roster_nobody_can_be_woken_by_is_refused_and_says_what_to_write(spec, says):
    with pytest.raises(BadRota, match=says):
        Rota.from_spec(spec)
