"""Are the waits named that deserve a second look, and no others?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tocsin.core.event import Noted, Opened, Paused, PriorityChanged, Responded, Resumed, Solved, Updated
from tocsin.core.hours import Calendar
from tocsin.core.pauses import suspects
from tocsin.standard import presets

NINE = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
TERMS = presets.read("field-guide").terms(hours=Calendar.always())
GUARD = presets.read("sla-guard").terms(hours=Calendar.always())


def story(*events):
    """A P2, of which the resolution is due in eight hours, answered at once."""
    return [Opened(NINE, priority="P2", seq=1), Responded(NINE, seq=2), *events]


def why(events, *, now=NINE + 24 * HOUR, terms=TERMS):
    return [reason for suspect in suspects(events, terms, now=now) for reason in suspect.why]


def test_a_wait_that_the_client_was_told_of_in_good_time_is_as_it_should_be():
    events = story(Updated(NINE + 2 * HOUR, seq=3), Paused(NINE + 2 * HOUR, seq=4), Resumed(NINE + 5 * HOUR, seq=5))

    assert suspects(events, TERMS, now=NINE + 24 * HOUR) == []


@pytest.mark.parametrize(
    ("minutes", "percent"), [(431, None), (432, 90), (456, 95), (479, 99), (480, None), (500, None)]
)
def test_a_wait_that_begins_in_the_last_tenth_of_a_promise_is_named_with_what_was_used(minutes, percent):
    at = NINE + minutes * MINUTE
    events = story(Updated(at, seq=3), Paused(at, seq=4), Resumed(at + HOUR, seq=5))

    expected = [] if percent is None else [f"it began when {percent} % of the resolution time was used"]
    assert [reason for reason in why(events) if "resolution" in reason] == expected


def test_time_that_was_waited_before_does_not_count_as_used():
    asked = NINE + HOUR
    at = NINE + 9 * HOUR
    events = story(
        Updated(asked, seq=3),
        Paused(asked, seq=4),
        Resumed(asked + 3 * HOUR, seq=5),
        Updated(at, seq=6),
        Paused(at, seq=7),
    )

    assert [each for each in why(events) if "resolution" in each] == []


def test_a_wait_that_stops_no_clock_saves_none():
    at = NINE + 470 * MINUTE

    assert why(story(Updated(at, seq=3), Paused(at, on="vendor", seq=4))) == []
    assert why(story(Updated(at, seq=3), Paused(at, on="vendor", seq=4)), terms=GUARD) != []


def test_a_wait_for_the_client_of_which_the_client_read_nothing_is_named():
    paused = Paused(NINE + 3 * HOUR, seq=4)

    (suspect,) = suspects(
        story(Noted(NINE + HOUR, seq=3), paused, Resumed(NINE + 5 * HOUR, seq=5)), TERMS, now=NINE + 9 * HOUR
    )

    assert (suspect.seq, suspect.at, suspect.on, suspect.until) == (4, paused.at, "client", NINE + 5 * HOUR)
    assert suspect.why == ("the client was told nothing, from an hour before it began until it ended",)


@pytest.mark.parametrize(
    ("told", "named"), [(-61, True), (-60, False), (0, False), (90, False), (120, False), (121, True)]
)
def test_a_word_from_an_hour_before_until_its_end_is_enough(told, named):
    at = NINE + 3 * HOUR
    written = Updated(at + told * MINUTE, recorded_at=at + 150 * MINUTE, seq=9)
    events = story(Paused(at, seq=4), Resumed(at + 2 * HOUR, seq=5), written)

    assert bool(why(events)) is named


def test_a_wait_that_has_just_begun_may_yet_be_asked_for():
    events = story(Paused(NINE + 3 * HOUR, seq=4))

    assert why(events, now=NINE + 3 * HOUR + 59 * MINUTE) == []
    assert why(events, now=NINE + 4 * HOUR) == ["the client was told nothing, from an hour before it began until now"]


def test_nobody_can_say_what_a_vendor_was_asked():
    assert why(story(Paused(NINE + 3 * HOUR, on="vendor", seq=4)), terms=GUARD) == []


@pytest.mark.parametrize(
    ("end", "until"),
    [
        (Solved(NINE + 5 * HOUR, seq=5), NINE + 5 * HOUR),
        (Paused(NINE + 4 * HOUR, on="vendor", seq=5), NINE + 4 * HOUR),
        (PriorityChanged(NINE + 4 * HOUR, "P1", seq=5), None),
    ],
)
def test_it_is_said_until_when_it_was(end, until):
    first, *_ = suspects(story(Paused(NINE + 3 * HOUR, seq=4), end), TERMS, now=NINE + 9 * HOUR)

    assert first.until == until


def test_a_wait_ends_by_its_own_deadline():
    events = story(Paused(NINE + 3 * HOUR, until=NINE + 6 * HOUR, seq=4))

    assert suspects(events, TERMS, now=NINE + 5 * HOUR)[0].until is None
    assert suspects(events, TERMS, now=NINE + 7 * HOUR)[0].until == NINE + 6 * HOUR


def test_what_is_not_on_record_yet_is_not_known():
    late = Updated(NINE + 3 * HOUR, recorded_at=NINE + 8 * HOUR, seq=6)
    events = story(Paused(NINE + 3 * HOUR, seq=4), Resumed(NINE + 5 * HOUR, seq=5), late)

    assert why(events, now=NINE + 7 * HOUR) != []
    assert why(events, now=NINE + 8 * HOUR) == []
