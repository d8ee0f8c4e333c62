"""Does moving a ticket change anything but what the new version says, whatever the story and the night?"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given, note
from hypothesis import strategies as st

from tests.core.plans import numbered, told
from tests.core.stories import MINUTE
from tests.core.test_plan_properties import some
from tocsin.core.event import Moved
from tocsin.core.hours import Calendar
from tocsin.core.moving import after
from tocsin.core.plan import due


@st.composite
def moved(draw, story, *, many=2, **said):
    """The story with moves to another version in it, each at an instant of its own or with what happened then."""
    story = numbered(story)
    for _ in range(draw(st.integers(1, many))):
        place = draw(st.integers(1, len(story)))
        at = story[place - 1].recorded_at
        ends = story[place].recorded_at if place < len(story) else at + timedelta(hours=4)
        at += draw(st.sampled_from((0, 0, 1, 2, 3))) * ((ends - at) // (3 * MINUTE)) * MINUTE
        seq = story[place - 1].seq
        seq += (story[place].seq - seq) / 2 if place < len(story) else 0.5  # between two, so that no anchor moves
        story.insert(place, Moved(at, version="other", was="this", recorded_at=at, seq=seq, **said))
    return story


def same(one, other):
    """Everything a plan says, but for the terms of its steps."""
    assert one.readings == other.readings
    keys = [[(o.key, o.effective_at, o.moot, o.to) for o in plan.obligations] for plan in (one, other)]
    assert keys[0] == keys[1]
    assert (one.look_at, one.next_at, one.priority, one.waits_on) == (
        other.look_at,
        other.next_at,
        other.priority,
        other.waits_on,
    )
    assert sorted((c.at, c.key) for c in one.ahead) == sorted((c.at, c.key) for c in other.ahead)


@some(200)
@given(told(backdated=True), st.data())
def test_moving_to_an_equal_version_changes_no_reading_no_instant_and_no_key(case, data):
    story, terms, now = case
    moves = data.draw(moved(story))
    note(f"{moves}\n{now}")
    chain = terms
    for event in moves:
        chain = after(chain, terms) if type(event) is Moved else chain

    same(due(moves, chain, now=now), due(story, terms, now=now))


NAMES = {"P1": "S1", "P2": "S2", "P3": "S3", "P4": "S4"}


def called_otherwise(terms):
    """The same terms, with other names for the priorities."""

    def told(waits):
        return None if waits is None else {NAMES[priority]: wait for priority, wait in waits.items()}

    def step(each):
        return replace(each, after=told(each.after), accept=told(each.accept), within=told(each.within))

    return replace(
        terms,
        priorities=tuple(NAMES.values()),
        clocks={
            name: replace(clock, targets=told(clock.targets), priorities=tuple(NAMES.values()))
            for name, clock in terms.clocks.items()
        },
        ladders={
            name: replace(ladder, steps=tuple(step(each) for each in ladder.steps))
            for name, ladder in terms.ladders.items()
        },
        raises=tuple(replace(rule, frm=NAMES[rule.frm], to=NAMES[rule.to]) for rule in terms.raises),
        acknowledgement_lasts=told(terms.acknowledgement_lasts),
    )


@some(100)
@given(told(backdated=False), st.data())
def test_that_a_version_calls_the_priorities_otherwise_moves_nothing(case, data):
    story, terms, now = case
    story = numbered(story)
    at = now + timedelta(minutes=data.draw(st.integers(0, 60)))
    later = at + timedelta(minutes=data.draw(st.integers(0, 300)))
    [*_, last] = story
    move = Moved(at, seq=last.seq + 1, priorities=tuple(NAMES.items()))
    note(f"{[*story, move]}\n{later}")
    chain = after(terms, called_otherwise(terms))

    one, other = due([*story, move], chain, now=later), due(story, terms, now=later)

    assert [(o.key, o.effective_at, o.moot) for o in one.obligations] == [
        (o.key, o.effective_at, o.moot) for o in other.obligations
    ]
    assert one.readings == other.readings
    assert (one.look_at, one.next_at) == (other.look_at, other.next_at)


@some(150)
@given(told(backdated=True), st.data())
def test_a_version_that_promises_no_more_time_grants_none(case, data):
    story, terms, now = case
    moves = data.draw(moved(story, many=1))
    shorter = replace(terms, clocks={name: _shorter(clock, data) for name, clock in terms.clocks.items()})
    note(f"{moves}\n{now}\n{[clock.targets for clock in shorter.clocks.values()]}")

    before = due(story, terms, now=now).readings["resolution"]
    after_it = due(moves, after(terms, shorter), now=now).readings["resolution"]

    if (after_it.anchor, after_it.index) == (before.anchor, before.index) and before.due_at and after_it.due_at:
        assert after_it.due_at <= before.due_at
    stood = {(lap.anchor, lap.breached_at) for lap in (*before.laps, before) if lap.breached_at and lap.anchor}
    broken = {lap.anchor: lap.breached_at for lap in (*after_it.laps, after_it) if lap.breached_at}
    for anchor, at in stood:
        assert broken[anchor] <= at, "what was broken is, at the same instant or before"


def _shorter(clock, data):
    """The same clock with as much time or less, on calendars as they are."""
    return replace(
        clock,
        targets={
            priority: target and (_cut(target, data.draw(st.integers(1, 4))), target[1])
            for priority, target in clock.targets.items()
        },
        on_raise="earlier_of",
    )


def _cut(target, by):
    duration, calendar = target
    assert isinstance(calendar, Calendar)
    return duration if duration.is_days else replace(duration, amount=max(1, duration.amount // by))


def test_a_move_of_a_ticket_whose_terms_know_of_none_is_passed_over():
    from tests.core.small_desk import MANAGEMENT, NINE, agreed
    from tocsin.core.event import Opened

    story = [Opened(NINE, priority="P1"), Moved(NINE + timedelta(minutes=5), priorities=(("P1", "P2"),))]

    assert due(story, agreed(MANAGEMENT), now=NINE + timedelta(minutes=6)).priority == "P1"
