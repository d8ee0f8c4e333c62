"""Does a plan keep its promises, whatever the story and the night?"""

from datetime import timedelta

from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st

from tests.core.oracle_ladder import expect
from tests.core.plans import settled, told
from tests.core.stories import MINUTE
from tocsin.core.plan import due

TICK = timedelta(microseconds=1)
DAY = timedelta(days=1)
SOON = timedelta(hours=6)


def some(examples):
    """So many examples; none is shrunk, which would take minutes: the story is printed as it was drawn."""
    unhurried = list(HealthCheck)
    phases = (Phase.explicit, Phase.generate)
    return settings(
        max_examples=examples, deadline=None, suppress_health_check=unhurried, derandomize=True, phases=phases
    )


@some(120)
@given(told())
def test_it_finds_what_living_through_the_story_minute_by_minute_finds(case):
    story, terms, now = case
    note(f"{story}\n{now}")

    plan = due(story, terms, now=now)

    expected = expect(story, terms, now=now, horizon=SOON)
    assert {o.key: (o.effective_at, o.moot) for o in plan.obligations} == expected.found
    first = plan.next_at if plan.next_at is not None and plan.next_at <= now + SOON else None
    assert first == expected.ahead


@some(50)
@given(told(backdated=True))
def test_each_key_is_due_once_and_in_order_and_none_that_is_on_record_or_ahead(case):
    story, terms, now = case

    plan = due(story, terms, now=now)

    keys = [obligation.key for obligation in plan.obligations]
    instants = [obligation.effective_at for obligation in plan.obligations]
    assert len(keys) == len(set(keys))
    assert not set(keys) & {event.key for event in story}
    assert instants == sorted(instants)
    assert all(at <= now for at in instants)
    assert bool(keys) == (plan.look_at is not None and plan.look_at <= now)


@some(40)
@given(told(backdated=True))
def test_an_engine_that_does_what_is_due_comes_to_an_end(case):
    story, terms, now = case

    story, plan = settled(story, terms, now, rounds=20)

    keys = [event.key for event in story if event.key]
    assert len(keys) == len(set(keys))
    assert plan.look_at is None or plan.look_at > now


@some(40)
@given(told(backdated=True))
def test_nothing_is_due_just_before_look_at_and_something_is_then(case):
    story, terms, now = case
    story, plan = settled(story, terms, now)

    if plan.look_at is None:
        later = due(story, terms, now=now + 3 * DAY)
        assert later.obligations == ()
    else:
        before = due(story, terms, now=max(now, plan.look_at - TICK))
        then = due(story, terms, now=plan.look_at)
        assert before.obligations == ()
        assert then.obligations


@some(20)
@given(told(most=7), st.integers(1, 3))
def test_one_look_after_a_downtime_finds_what_a_look_every_minute_finds(case, grain):
    story, terms, now = case
    at_once = {o.key: o.effective_at for o in due(story, terms, now=now).obligations}
    recorded = {event.key for event in story}

    minute_by_minute = {}
    at = max(story[0].recorded_at, now - 600 * MINUTE)
    while at <= now:
        for obligation in due(story, terms, now=at).obligations:
            minute_by_minute.setdefault(obligation.key, obligation.effective_at)
        at = min(at + grain * MINUTE, now) if at < now else now + TICK

    assert {key: at for key, at in minute_by_minute.items() if key not in recorded} == at_once
