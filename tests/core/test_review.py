"""What a stranger would try first: other zones, other ways to write it, and stories of thousands of events."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tocsin.core.clock import BadClock, Clock, read
from tocsin.core.course import by_effect, course
from tocsin.core.duration import parse
from tocsin.core.event import (
    BrokenStory,
    Merged,
    Opened,
    Paused,
    PriorityChanged,
    Resumed,
    Solved,
    Updated,
)
from tocsin.core.hours import Calendar
from tocsin.core.plan import due
from tocsin.core.terms import Terms

ALWAYS = Calendar.always()
LONDON = ZoneInfo("Europe/London")
NINE = datetime(2026, 11, 16, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
FOUR_HOURS = Clock({"P1": (parse("4h"), ALWAYS), "P2": (parse("8h"), ALWAYS)}, paused_by=("client",), thresholds=(50,))


def terms(clock: Clock) -> Terms:
    return Terms("test", "1", ("P1", "P2"), "P2", {clock.name: clock}, {})


class Counting(Calendar):
    """Round the clock, counting how often it is asked."""

    asked = 0

    def elapsed(self, a: datetime, b: datetime) -> timedelta:
        Counting.asked += 1
        return super().elapsed(a, b)


# -- zones


@pytest.mark.parametrize("ask", [lambda now: read([Opened(NINE, "P1")], FOUR_HOURS, now=now),
                                 lambda now: due([Opened(NINE, "P1")], terms(FOUR_HOURS), now=now)])  # fmt: skip
def test_a_now_without_a_zone_is_refused_in_words(ask):
    with pytest.raises(BrokenStory, match="has no time zone"):
        ask(NINE.replace(tzinfo=None))


@pytest.mark.parametrize("happen", [lambda naive: Paused(NINE, until=naive), lambda naive: Updated(NINE, naive)])
def test_a_deadline_without_a_zone_is_refused_in_words(happen):
    with pytest.raises(BrokenStory, match="has no time zone"):
        happen(NINE.replace(tzinfo=None))


def test_a_deadline_of_another_zone_is_kept_in_utc():
    story = [Opened(NINE, "P1"), Paused(NINE, until=datetime(2026, 11, 16, 10, tzinfo=ZoneInfo("Europe/Paris")))]

    ledger = read(story, FOUR_HOURS, now=NINE + HOUR).ledger

    assert [entry.start.tzinfo for entry in ledger] == [UTC]
    assert story[1].until.tzinfo is UTC


def test_in_the_hour_that_comes_twice_another_zones_now_is_the_same_now():
    opened = datetime(2026, 10, 24, 23, 30, tzinfo=UTC)
    now = opened + 2 * HOUR  # 01:30 in London, the second time: half of four hours is used at this very instant
    there = now.astimezone(LONDON)

    plan = due([Opened(opened, "P1")], terms(FOUR_HOURS), now=there)

    assert there.fold == 1
    assert plan == due([Opened(opened, "P1")], terms(FOUR_HOURS), now=now)
    assert [obligation.key for obligation in plan.obligations] == ["threshold/resolution@1/50"]


# -- ways to write it


@pytest.mark.parametrize("written", [(50, 75), [75, 50], (0.5, 0.75), (50.0, 75.0), (50, 50, 75)])
def test_a_threshold_has_one_key_however_it_is_written(written):
    clock = Clock({"P1": (parse("4h"), ALWAYS)}, thresholds=written)

    plan = due([Opened(NINE, "P1")], terms(clock), now=NINE + 3 * HOUR)

    assert [(o.key, o.effective_at) for o in plan.obligations] == [
        ("threshold/resolution@1/50", NINE + 2 * HOUR),
        ("threshold/resolution@1/75", NINE + 3 * HOUR),
    ]


@pytest.mark.parametrize("share", [0, -5])
def test_a_threshold_at_nothing_is_refused(share):
    with pytest.raises(BadClock, match="above zero"):
        Clock({"P1": (parse("4h"), ALWAYS)}, thresholds=(share,))


def test_a_wait_named_without_its_brackets_is_refused_and_not_read_letter_by_letter():
    with pytest.raises(BadClock, match=r"list it, as in \('client',\)"):
        Clock({"P1": (parse("4h"), ALWAYS)}, paused_by="client")  # type: ignore[arg-type]


# -- many events


def test_thousands_of_events_recorded_a_little_late_are_read_in_one_pass():
    clock = Clock({"P1": (parse("9000h"), Counting("UTC", ALWAYS.spec()["week"]))}, paused_by=("client",))
    story, at = [Opened(NINE, "P1")], NINE
    for place in range(2000):
        at += MINUTE
        story.append((Resumed if place % 2 else Paused)(at, recorded_at=at + timedelta(seconds=1)))
    Counting.asked = 0

    reading = read(story, clock, now=at + HOUR)

    assert reading.consumed == 1000 * MINUTE + HOUR
    assert Counting.asked < 10 * len(story)


def test_a_breach_stands_among_hundreds_of_acts_dated_back():
    story = [Opened(NINE, "P1")]
    for place in range(500):
        at = NINE + place * MINUTE
        story.append((Resumed if place % 2 else Paused)(at, recorded_at=at + timedelta(seconds=1)))
    story.append(Solved(NINE + 505 * MINUTE))

    reading = read(story, FOUR_HOURS, now=NINE + 10 * HOUR)

    # Every other minute runs, so minute 480 uses it up; the wait that begins there was recorded a second too late.
    assert (reading.state, reading.verdict, reading.breached_at) == ("stopped", "breached", NINE + 480 * MINUTE)


def test_an_act_out_of_order_is_judged_by_what_was_known_when_it_was_recorded():
    story = [
        Opened(NINE, "P1"),
        Paused(NINE + HOUR, recorded_at=NINE + HOUR + MINUTE),
        Resumed(NINE + 2 * HOUR, recorded_at=NINE + 2 * HOUR + MINUTE),
        Solved(NINE + 90 * MINUTE, recorded_at=NINE + 6 * HOUR),  # broken since 14:00, and solved before the wait ended
    ]

    reading = read(story, FOUR_HOURS, now=NINE + 6 * HOUR)

    assert (reading.state, reading.verdict, reading.breached_at) == ("stopped", "breached", NINE + 5 * HOUR)
    assert reading.consumed == HOUR


def test_a_priority_that_comes_and_goes_adds_no_promise_it_has_made_already():
    clock = Clock(FOUR_HOURS.targets, on_lower="keep")
    story = [Opened(NINE, "P2")]
    story += [PriorityChanged(NINE + place * MINUTE, "P1" if place % 2 else "P2") for place in range(1, 1000)]

    reading = read(story, clock, now=NINE + HOUR)

    assert [(promise.priority, promise.since) for promise in reading.promises] == [
        ("P1", NINE + MINUTE),
        ("P2", NINE),
    ]
    assert reading.due_at == NINE + MINUTE + 4 * HOUR


def test_a_merged_ticket_lowered_later_counts_from_the_earlier_start():
    office = Calendar("UTC", {day: [("08:00", "18:00")] for day in ("mon", "tue", "wed", "thu", "fri")})
    clock = Clock({**FOUR_HOURS.targets, "P3": (parse("24h"), office)})
    gone = read([Opened(NINE - HOUR, "P1")], clock, now=NINE + 2 * HOUR)
    story = [
        Opened(NINE + HOUR, "P2"),
        Merged(NINE + 2 * HOUR, promises=gone.promises),
        PriorityChanged(NINE + 3 * HOUR, "P3"),
    ]

    reading = read(story, clock, now=NINE + 3 * HOUR)

    # Unmerged it would be due at Wednesday noon: 10 h, 10 h and 4 h since Monday 08:00.
    assert reading.due_at == datetime(2026, 11, 18, 12, tzinfo=UTC)
    assert reading.consumed == sum((entry.counted for entry in reading.ledger), timedelta(0)) == 4 * HOUR


def test_what_happens_at_one_instant_is_not_kept_by_any_of_its_parts_when_it_ends_in_a_stop():
    story = [
        Opened(NINE, "P2"),
        PriorityChanged(NINE + HOUR, "P1", seq=2),
        Paused(NINE + HOUR, seq=3),
        PriorityChanged(NINE + HOUR, "P2", seq=4),
        Solved(NINE + HOUR, seq=5),
    ]

    found = course(by_effect(story), NINE + 2 * HOUR)

    assert not any(stretch.kept for stretch in found.stretches if stretch.end == NINE + HOUR)
