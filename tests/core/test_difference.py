"""What two standards say otherwise is told, each thing once, and in words."""

import tomllib
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.standards import SMALL, broken
from tocsin.core.difference import Difference, differences, merged
from tocsin.core.policy import load

PRESETS = sorted(Path("tocsin/policies").glob("*.toml"))


def told(*changes: tuple[str, str]) -> list[str]:
    return [each.sentence for each in differences(load(SMALL), load(broken(*changes)))]


def test_a_shorter_target_is_told_as_people_say_it() -> None:
    found = differences(load(SMALL), load(broken(('P1 = "4h", P2 = "5bd"', 'P1 = "2h", P2 = "5bd"'))))
    assert found == [
        Difference("clocks.resolution.targets.P1", "4h", "2h", "P1 resolution 4h → 2h", ("P1",)),
    ]


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ('P1 = "15m", P2 = "2h" }\n\n', 'P1 = "15m", P2 = "none" }\n\n', "nothing is promised any more, it was 2h"),
        (
            'after = { P1 = "5m" }',
            'after = { P1 = "10m" }',
            "the page ladder asks the boss after 10m instead of 5m (P1)",
        ),
        ('paused_by = ["client"]', "paused_by = []", "waiting for the client stops the resolution clock no more"),
        ('to = "P1"\nafter = "4h"', 'to = "P1"\nafter = "8h"', "the rule P2-P1 raises P2 to P1 after 8h instead of 4h"),
        ('percent = 50, tell = "duty"', 'percent = 50, tell = "boss"', "at 50 % of the resolution time boss is told"),
        ('calendar = "support"', 'calendar = "always"', "P2 counts round the clock instead of on support hours"),
        ('L2 = { title = "Second line" }', 'L2 = { title = "Experts" }', "level L2: what people call it"),
        ('solved_period = "24h on always"', 'solved_period = "48h on always"', "24h on always → 48h on always"),
    ],
)
def test_what_a_service_manager_changes_has_words_of_its_own(before: str, after: str, sentence: str) -> None:
    text = SMALL.replace(before, after, 1)
    assert text != SMALL, "the change is one"
    try:
        new: Any = load(text)
    except ValueError:  # a target on another calendar than it can be counted on is a difference all the same
        new = tomllib.loads(text)
    assert [sentence in each.sentence for each in differences(load(SMALL), new)] == [True]


def test_a_rule_that_comes_and_one_that_goes_are_one_difference_each() -> None:
    rule = '[raises.P2-P1]\nfrom = "P2"\nto = "P1"\nafter = "4h"\n'
    without = SMALL.replace(rule, "")
    assert [each.sentence for each in differences(load(without), load(SMALL))] == ["new rule raises P2 to P1 after 4h"]
    gone = differences(load(SMALL), load(without))
    assert [(each.sentence, each.priorities) for each in gone] == [
        ("no rule raises P2 to P1 after 4h any more", ("P2",))
    ]


def test_a_step_is_the_same_step_wherever_it_stands_on_its_ladder() -> None:
    step = (
        '[[ladders.page.steps]]\nname = "first"\nto = "duty"\nby = ["page"]\nafter = { P1 = "0m" }\nmessage = "page"\n'
    )
    found = differences(load(SMALL), load(SMALL.replace(step, "")))
    assert [(each.path, each.sentence) for each in found] == [
        ("ladders.page.steps.first", "the page ladder asks the on duty no more (it was after 0m (P1))")
    ]


def test_comments_and_the_order_of_keys_are_no_difference() -> None:
    other = "# another comment\n" + SMALL.replace(
        'default_priority = "P2"\nfirst_level = "L1"', 'first_level = "L1"\ndefault_priority = "P2"'
    )
    assert differences(load(SMALL), load(other)) == []


def test_the_order_of_priorities_is_a_difference_for_it_says_which_is_more_severe() -> None:
    content = deepcopy(dict(load(SMALL).document.content))
    content["priorities"] = dict(reversed(content["priorities"].items()))
    assert [each.path for each in differences(load(SMALL), content)] == ["priorities.order"]


def test_a_clients_differences_laid_over_a_standard_show_as_differences() -> None:
    small = load(SMALL)
    overrides = {
        "targets": {"resolution": {"P1": "3h"}},
        "services": {"crm": {"targets": {"resolution": {"P1": "1h"}}}},
    }
    assert [each.sentence for each in differences(small, merged(small, overrides))] == ["P1 resolution 4h → 3h"]
    of_crm = merged(small, overrides, service="crm")
    assert [each.sentence for each in differences(small, of_crm)] == ["P1 resolution 4h → 1h"]
    assert differences(merged(small, {}), small) == []


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, dict):
        for key, each in value.items():
            yield (*path, key)
            yield from places(each, (*path, key))
    elif isinstance(value, list):
        for place, each in enumerate(value):
            yield (*path, place)
            yield from places(each, (*path, place))


def at(content: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        content = content[key]
    return content


def other(value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    return f"{value} x" if isinstance(value, str) else "x"


@pytest.mark.parametrize("preset", PRESETS, ids=lambda path: path.stem)
@given(data=st.data())
def test_no_key_of_a_preset_can_change_or_go_untold(preset: Path, data: st.DataObject) -> None:
    content = load(preset.read_text()).document.content
    path = data.draw(st.sampled_from(list(places(content))))
    changed: Any = deepcopy(dict(content))
    whole = at(changed, path[:-1])
    if data.draw(st.booleans()):
        whole[path[-1]] = other(whole[path[-1]])
    else:
        del whole[path[-1]]
    found = differences(content, changed)
    assert found, path
    assert all(each.sentence and each.path for each in found)
    assert len({each.path for each in found}) == len(found), "one change is not told many times over"
    assert differences(changed, content), "nor the other way round"
    assert differences(changed, deepcopy(changed)) == []
