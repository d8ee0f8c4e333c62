"""Is a standard that goes faster the same standard, but for its durations?"""

from __future__ import annotations

import re
import tomllib
from typing import Any

import pytest

from tocsin.core import policy
from tocsin.core.duration import BadDuration, parse
from tocsin.demo.speed import faster
from tocsin.demo.starter import field_guide


def values(content: Any) -> list[Any]:
    if isinstance(content, dict):
        return [each for value in content.values() for each in values(value)]
    if isinstance(content, list):
        return [each for value in content for each in values(value)]
    return [content]


def seconds(written: Any) -> float | None:
    """How long a duration lasts, a business day eight hours; None for what is none."""
    try:
        duration = parse(str(written).split(" on ")[0])
    except BadDuration:
        return None
    return duration.amount * 8 * 3600 if duration.is_days else duration.delta.total_seconds()


@pytest.mark.parametrize("by", [1, 7, 60, 600])
def test_every_duration_is_divided_and_all_else_is_as_it_was(by: int):
    before, after = (values(tomllib.loads(text)) for text in (field_guide(), faster(field_guide(), by=by, name="fast")))

    assert len(before) == len(after)
    for was, now in zip(before, after, strict=True):
        if (long := seconds(was)) is None:
            assert now in (was, "fast")
        else:
            assert seconds(now) == (max(1, round(long / by)) if long else 0)


@pytest.mark.parametrize("by", [1, 60, 600])
def test_it_can_be_worked_by_and_has_a_name_of_its_own(by: int):
    read = policy.load(faster(field_guide(), by=by, name=f"field-guide-x{by}"), name="fast")

    assert read.name == f"field-guide-x{by}"


def test_what_only_looks_like_a_duration_stays():
    text = '[standard]\nname = "x"\ntitle = "After 4h, and 15m more"\nsummary = "4h"\n'

    fast = faster(text.replace('"4h"', '"as agreed"'), by=60, name="y")

    assert 'title = "After 4h, and 15m more"' in fast


def test_a_business_day_is_counted_round_the_clock_for_nobody_waits_for_the_morning():
    text = '[standard]\nname = "x"\n[ladders.a]\nafter = { P1 = "1bd on support", P3 = "0m" }\n'

    fast = faster(text, by=60, name="y")

    assert re.search(r'P1 = "480s on always", P3 = "0m"', fast)
