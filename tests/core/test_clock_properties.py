"""Does the clock agree with the oracle, and with itself, whatever happens to a ticket and whenever one looks?"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from tests.core.oracle_clock import expect
from tests.core.stories import told
from tocsin.core.clock import read
from tocsin.core.event import Merged, PriorityChanged

GRAIN = timedelta(microseconds=1)
COMPARED = (
    "state",
    "verdict",
    "consumed",
    "remaining",
    "due_at",
    "breached_at",
    "met_at",
    "stopped_at",
    "started_at",
    "anchor",
    "thresholds",
)

RESOLUTION = {}
RESPONSE = {"name": "response", "met_by": ("responded", "solved")}
CLIENT_NOTIFIED = {"name": "client_notified", "met_by": ("updated",)}
NEXT_UPDATE = {"name": "next_update", "met_by": ("updated",), "repeats": True}


def examples(count):
    """So many stories, the same at every run; none is shrunk, which would take minutes: it is printed as drawn."""
    return settings(
        max_examples=count,
        deadline=None,
        derandomize=True,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )


def differences(clock_reading, said, where="the reading"):
    """Every field in which a reading differs from what the oracle says, which is None where nothing is promised."""
    for field in COMPARED:
        shown, expected = getattr(clock_reading, field), getattr(said, field)
        unsaid = expected is None and field in ("consumed", "remaining", "anchor")
        if not unsaid and shown != expected:
            yield f"{where}: {field} is {shown}, the oracle says {expected}"
    if len(clock_reading.laps) != len(said.laps):
        yield f"{where}: {len(clock_reading.laps)} laps before this one, the oracle says {len(said.laps)}"
        return
    for place, (lap, told_lap) in enumerate(zip(clock_reading.laps, said.laps, strict=True), start=1):
        yield from differences(lap, told_lap, f"lap {place}")


def agrees(case):
    story, clock, now = case
    assert list(differences(read(story, clock, now=now), expect(story, clock, now=now))) == []


@examples(160)
@given(told(**RESOLUTION))
def test_a_resolution_clock_reads_what_the_wall_clock_says(case):
    agrees(case)


@examples(35)
@given(told(most=25, **RESOLUTION))
def test_a_long_story_reads_what_the_wall_clock_says(case):
    agrees(case)


@examples(100)
@given(told(**RESPONSE))
def test_a_response_clock_reads_what_the_wall_clock_says(case):
    agrees(case)


@examples(80)
@given(told(**CLIENT_NOTIFIED))
def test_a_clock_that_solving_does_not_meet_reads_what_the_wall_clock_says(case):
    agrees(case)


@examples(160)
@given(told(**NEXT_UPDATE))
def test_a_clock_that_repeats_reads_what_the_wall_clock_says(case):
    agrees(case)


@examples(100)
@given(told(), st.randoms(use_true_random=False))
def test_a_log_read_from_the_database_in_any_order_reads_the_same(case, chance):
    story, clock, now = case
    rows = [replace(event, seq=place) for place, event in enumerate(story, start=1)]
    chance.shuffle(rows)

    assert read(iter(rows), clock, now=now) == read(story, clock, now=now)


def breaches(clock_reading):
    laps = [*clock_reading.laps, clock_reading]
    return {(lap.anchor, lap.index, lap.breached_at) for lap in laps if lap.breached_at}


@pytest.mark.parametrize("rules", [RESOLUTION, RESPONSE, NEXT_UPDATE], ids=["resolution", "response", "next_update"])
@examples(80)
@given(data=st.data())
def test_a_breach_once_true_is_true_at_every_later_now_at_the_same_instant(rules, data):
    story, clock, now = data.draw(told(**rules))
    recorded = {event.recorded_at for event in story}
    looks = sorted(recorded | {at - GRAIN for at in recorded if at > story[0].recorded_at} | {now})

    seen = set()
    for look in looks:
        seen_now = breaches(read(story, clock, now=look))
        assert seen <= seen_now
        seen = seen_now


@examples(120)
@given(told())
def test_what_is_counted_in_the_ledger_adds_up_to_what_is_consumed(case):
    story, clock, now = case

    clock_reading = read(story, clock, now=now)

    for lap in (*clock_reading.laps, clock_reading):
        assert sum((entry.counted for entry in lap.ledger), timedelta(0)) == lap.consumed


@examples(120)
@given(told(whole=True, most=5, on_raise="earlier_of"))
def test_what_is_foretold_comes_true_if_nothing_else_happens(case):
    story, clock, now = case
    today = read(story, clock, now=now)
    assume(today.state == "running" and today.kept_until is not None)

    for percent in today.pending:
        at = today.reaches(percent)
        assert percent not in read(story, clock, now=at - GRAIN).thresholds
        assert read(story, clock, now=at).thresholds[percent] == at
    assert read(story, clock, now=today.kept_until).breached_at is None
    assert read(story, clock, now=today.kept_until + GRAIN).breached_at == today.kept_until
    assert read(story, clock, now=today.kept_until).due_at == today.due_at


@examples(100)
@given(told(whole=True, most=5, on_raise="earlier_of"))
def test_raising_never_grants_time(case):
    story, clock, now = case
    before = read(story, clock, now=now)
    assume(before.state == "running" and clock.targets["P1"])

    raised = read([*story, PriorityChanged(now, to="P1")], clock, now=now)

    assert raised.due_at <= before.due_at


@examples(100)
@given(told(whole=True, most=5), told(whole=True, most=5))
def test_merging_never_grants_time(case, merged):
    story, clock, now = case
    before, away = read(story, clock, now=now), read(*merged[:2], now=merged[2])
    assume(before.state == "running" and away.promises)

    after = read([*story, Merged(now, promises=away.promises)], clock, now=now)

    assert after.due_at <= before.due_at
