"""Does planning come to an end under every standard that ships, whatever happens to a ticket?"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.lived import lived
from tests.core.plans import settled
from tests.core.test_plan_properties import some
from tocsin.core.hours import Calendar
from tocsin.core.plan import due
from tocsin.core.policy import load

POLICIES = Path(__file__).parents[2] / "tocsin" / "policies"
OFFICE = Calendar("Europe/Berlin", {day: [("08:00", "18:00")] for day in ("mon", "tue", "wed", "thu", "fri")})
TICK = timedelta(microseconds=1)


def check(story, terms, now):
    """What every plan keeps: it ends, no key is due twice, and it looks again in the future unless something is due."""
    plan = due(story, terms, now=now)
    keys = [obligation.key for obligation in plan.obligations]
    assert len(keys) == len(set(keys)), "a key is due twice"
    assert not set(keys) & {event.key for event in story}, "what is on record is due again"
    assert bool(keys) == (plan.look_at is not None and plan.look_at <= now), "it looks again in the past"

    story, plan = settled(story, terms, now)
    keys = [event.key for event in story if event.key]
    assert len(keys) == len(set(keys)), "a key was put on record twice"
    assert plan.look_at is None or plan.look_at > now, "it looks again in the past, with nothing due"
    if plan.look_at is not None:
        assert due(story, terms, now=plan.look_at).obligations, "nothing is due when it looks again"
        assert not due(story, terms, now=max(now, plan.look_at - TICK)).obligations, "it looks again too late"


@pytest.mark.parametrize("preset", ["field-guide", "severity-tiers", "operating-standard", "three-tier", "sla-guard"])
def test_planning_ends_under_every_standard_that_ships(preset):
    terms = load((POLICIES / f"{preset}.toml").read_text()).terms(hours=OFFICE)

    @some(40)
    @given(st.data())
    def lives(data):
        story, now = data.draw(lived(terms))
        check(story, terms, now)

    lives()
