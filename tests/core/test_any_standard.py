"""Does planning keep what it promises under any standard that the schema lets somebody write?"""

from __future__ import annotations

from functools import lru_cache

from hypothesis import given, note
from hypothesis import strategies as st

from tests.core.drawn import SCHEMA, drawn, every_key, keys_in, written
from tests.core.lived import lived
from tests.core.test_lived import OFFICE, check
from tests.core.test_plan_properties import some

SEEDS = 60


@lru_cache(maxsize=SEEDS)
def standard(seed):
    document, policy = drawn(seed)
    return document, policy.terms(hours=OFFICE)


def test_the_standards_that_are_drawn_use_every_key_of_the_schema():
    seen = set().union(*(keys_in(standard(seed)[0], SCHEMA) for seed in range(SEEDS)))

    assert every_key() - seen == set()


@some(180)
@given(st.integers(0, SEEDS - 1), st.data())
def test_planning_ends_repeats_no_key_and_never_looks_back(seed, data):
    document, terms = standard(seed)
    note(written(document))
    story, now = data.draw(lived(terms))
    note(f"{story}\n{now}")

    check(story, terms, now)
