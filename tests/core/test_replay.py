"""Is a replay what an engine that is never late would have done, key by key and instant by instant?"""

from dataclasses import replace
from datetime import timedelta
from itertools import zip_longest

from hypothesis import given, note
from hypothesis import strategies as st

from tests.core.lives import lived
from tests.core.plans import told
from tests.core.stories import MINUTE
from tests.core.test_plan_properties import some
from tocsin.core.replay import replay
from tocsin.core.terms import Threshold

DAY = timedelta(days=1)


@st.composite
def stories(draw, **how):
    """What was done to a ticket, its engine too, under terms whose thresholds may escalate, and an instant after it."""
    story, terms, now = draw(told(**how))
    told_of = tuple(
        Threshold("resolution", percent, "owner", draw(st.sampled_from((None, "L2", "L3")))) for percent in (50, 75)
    )
    terms = replace(terms, thresholds=told_of)
    if draw(st.booleans()):
        terms = replace(terms, raises=())
    if draw(st.integers(0, 3)) == 0:  # it was reported before it was on record
        story[0] = replace(story[0], at=story[0].at - draw(st.integers(1, 90)) * MINUTE)
    return story, terms, now + draw(st.sampled_from((0, 0, 0, 1))) * DAY


def same(case):
    story, terms, until = case
    note("\n".join(map(str, story)) + f"\n{until}")

    found = replay(story, terms, until=until)

    expected = lived(story, terms, until)
    _agree(found.story, expected.log)
    _agree(found.obligations, expected.obligations)
    assert found.left_out == tuple(expected.left_out)


def _agree(found, expected):
    """They are equal one by one; the first that is not is shown beside what it was to be."""
    for place, (one, other) in enumerate(zip_longest(found, expected)):
        assert str(one) == str(other), f"the {place}th"


@some(100)
@given(stories())
def test_it_is_what_an_engine_that_is_asked_at_every_instant_does(case):
    same(case)


@some(40)
@given(stories(backdated=True))
def test_so_it_is_where_acts_were_dated_back(case):
    same(case)
