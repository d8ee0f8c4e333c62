"""Is the right person on call, through handoffs, windows, overrides and changes of the clocks?"""

from datetime import UTC, datetime, timedelta

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
        windows={"mon": [["09:00", "17:00"]], "tue": [["09:00", "17:00"]]},
        count="occurrence",
    )
    rota = Rota(
        "Asia/Kolkata",
        [layer],
        [Override("replace", utc("2026-01-06 10:00"), utc("2026-01-06 12:00"), (BEN,), of=(CLEO,))],
    )

    again = Rota.from_spec(rota.spec())

    assert again.spec() == rota.spec()
    span = (utc("2026-01-01 00:00"), utc("2026-07-01 00:00"))
    assert again.shifts(*span) == rota.shifts(*span) != []


@pytest.mark.parametrize(
    ("spec", "says"),
    [
        ({}, "no zone"),
        ({"zone": "Europe/Lundon"}, "Europe/London"),
        ({"zone": "UTC", "layer": []}, "no 'layer'"),
        ({"zone": "UTC", "layers": [{"starts": "2026-01-05T09:00"}]}, "no people"),
        ({"zone": "UTC", "layers": [{"people": [], "starts": "2026-01-05T09:00"}]}, "somebody in each turn"),
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
    ],
)
def test_a_roster_nobody_can_be_woken_by_is_refused_and_says_what_to_write(spec, says):
    with pytest.raises(BadRota, match=says):
        Rota.from_spec(spec)
