"""Is the instant found at which the clocks of a zone show a time, and are changes found to the second?"""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from tocsin.core.zone import UnknownZone, instant, named, pieces


def utc(*when):
    return datetime(*when, tzinfo=UTC)


@pytest.mark.parametrize(
    ("wall", "shown_at"),
    [
        ("2026-03-29T00:59:59", utc(2026, 3, 29, 0, 59, 59)),
        ("2026-03-29T01:00:00", utc(2026, 3, 29, 1)),  # the gap begins
        ("2026-03-29T01:30:00", utc(2026, 3, 29, 1)),  # inside it: the first instant after
        ("2026-03-29T02:00:00", utc(2026, 3, 29, 1)),
        ("2026-03-29T02:00:01", utc(2026, 3, 29, 1, 0, 1)),
        ("2026-10-25T00:59:59", utc(2026, 10, 24, 23, 59, 59)),
        ("2026-10-25T01:00:00", utc(2026, 10, 25, 0)),  # the repeated hour begins: the first of two
        ("2026-10-25T01:59:59", utc(2026, 10, 25, 0, 59, 59)),
        ("2026-10-25T02:00:00", utc(2026, 10, 25, 2)),  # shown once again
    ],
)
def test_a_wall_time_in_london_is_the_first_instant_that_shows_it_or_has_passed_it(wall, shown_at):
    assert instant("Europe/London", datetime.fromisoformat(wall)) == shown_at


@pytest.mark.parametrize(
    ("zone", "wall", "shown_at"),
    [
        ("Australia/Sydney", "2027-01-01T00:30", utc(2026, 12, 31, 13, 30)),
        ("America/Chicago", "2026-12-31T23:30", utc(2027, 1, 1, 5, 30)),
        ("Pacific/Apia", "2011-12-30T12:00", utc(2011, 12, 30, 10)),  # a date that was left out
    ],
)
def test_a_wall_time_may_lie_in_another_year_or_on_no_date_at_all(zone, wall, shown_at):
    assert instant(zone, datetime.fromisoformat(wall)) == shown_at


def test_a_change_of_the_clocks_is_found_to_the_second():
    before, after = pieces("Africa/Monrovia", 1972)

    assert before == (utc(1972, 1, 1), utc(1972, 1, 7, 0, 44, 30), -timedelta(minutes=44, seconds=30))
    assert after == (utc(1972, 1, 7, 0, 44, 30), utc(1973, 1, 1), timedelta(0))


@pytest.mark.parametrize("zone", ["Australia/Lord_Howe", "Africa/Casablanca", "Asia/Kolkata", "UTC"])
def test_pieces_cover_a_year_without_a_hole(zone):
    found = pieces(zone, 2026)

    assert found[0].begin == utc(2026, 1, 1)
    assert found[-1].until == utc(2027, 1, 1)
    assert all(one.until == other.begin and one.offset != other.offset for one, other in pairwise(found))


def test_an_unknown_zone_is_refused_with_the_nearest_name():
    with pytest.raises(UnknownZone, match="No time zone is called 'Asia/Calcuta': did you mean 'Asia/Calcutta'"):
        named("Asia/Calcuta")
