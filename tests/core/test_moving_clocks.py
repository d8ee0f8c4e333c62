"""Does the clock of a ticket that was moved agree with an oracle that counts its minutes one by one?"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given, note
from hypothesis import strategies as st

from tests.core.oracle_clock import expect
from tests.core.oracle_moving import MovedWalk
from tests.core.stories import GAPS, clocks, places, stories
from tests.core.test_clock_properties import differences, examples
from tests.core.test_moving_properties import moved
from tocsin.core.clock import read
from tocsin.core.event import Moved


@st.composite
def told(draw, **rules):
    """A story with moves between two versions of a clock, and a now at or after the last of it."""
    place, start = draw(places())
    one = draw(clocks(place, **rules))
    other = draw(clocks(place, **{"thresholds": draw(st.sampled_from(((50, 75, 90), (25, 50, 80)))), **rules}))
    story = draw(moved(draw(stories(place, start, one, merged=False))))
    many = sum(type(event) is Moved for event in story)
    versions = [(one, other)[era % 2] for era in range(many + 1)]
    clock = replace(versions[-1], earlier=tuple(versions[:-1]))
    return story, clock, story[-1].recorded_at + draw(GAPS) + timedelta(microseconds=draw(st.sampled_from((0, 0, 1))))


def agrees(case):
    story, clock, now = case
    note(f"{story}\n{[each.targets for each in (*clock.earlier, clock)]}\n{now}")
    assert list(differences(read(story, clock, now=now), expect(story, clock, now=now, walker=MovedWalk))) == []


@examples(150)
@given(told(on_raise="earlier_of"))
def test_the_clock_of_a_ticket_that_was_moved_reads_what_the_wall_clock_says(case):
    agrees(case)


@examples(60)
@given(told())
def test_it_does_whatever_a_raise_does_to_the_clock(case):
    agrees(case)


@examples(150)
@given(told())
def test_the_ledger_adds_up_to_what_is_used_and_has_a_line_for_each_move(case):
    story, clock, now = case
    reading = read(story, clock, now=now)

    for lap in (*reading.laps, reading):
        assert sum((entry.counted for entry in lap.ledger), timedelta()) == lap.consumed
        assert [entry.start for entry in lap.ledger] == sorted(entry.start for entry in lap.ledger)
