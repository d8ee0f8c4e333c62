"""How many nights and weekends does each of them have?"""

from datetime import UTC, datetime, timedelta

from tocsin.core.rota import Layer, Rota, Shift
from tocsin.directory.load import loads

HOUR = timedelta(hours=1)


def test_nights_and_weekends_are_those_of_the_rosters_zone():
    friday = datetime(2026, 11, 20, 8, tzinfo=UTC)  # 19:00 in Sydney
    shifts = [Shift(friday, friday + 24 * HOUR, ("person/1",))]

    (there,) = loads(shifts, "Australia/Sydney")
    (here,) = loads(shifts, "Europe/London")

    assert (there.all, there.night, there.weekend) == (24 * HOUR, 8 * HOUR, 19 * HOUR)
    assert (here.all, here.night, here.weekend) == (24 * HOUR, 8 * HOUR, 8 * HOUR)


def test_the_night_in_which_the_clocks_go_forward_is_an_hour_shorter():
    rota = Rota("Europe/London", [Layer(["person/1"], datetime.fromisoformat("2026-03-23T09:00"))])
    saturday = datetime(2026, 3, 28, 12, tzinfo=UTC)

    (load,) = loads(rota.shifts(saturday, saturday + 24 * HOUR), "Europe/London")

    assert load.night == 7 * HOUR


def test_who_has_most_of_the_nights_comes_first():
    monday = datetime(2026, 11, 16, 9, tzinfo=UTC)
    shifts = [
        Shift(monday, monday + 8 * HOUR, ("person/1", "person/2")),
        Shift(monday + 13 * HOUR, monday + 21 * HOUR, ("person/2",)),
    ]

    assert [(load.who, load.night) for load in loads(shifts, "UTC")] == [
        ("person/2", 8 * HOUR),
        ("person/1", timedelta(0)),
    ]
