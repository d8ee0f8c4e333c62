"""Is everything that is to be said of a text said at its line?"""

from __future__ import annotations

import pytest

from tests.core.standards import SMALL, broken, line_of
from tocsin.core.linted import Linted, lint_text


def test_of_a_sound_text_there_is_nothing_to_say():
    assert lint_text(SMALL) == []


def test_what_cannot_be_read_is_said_at_its_line_and_key():
    text = broken(('P1 = "15m", P2 = "2h"', 'P1 = "15", P2 = "2h"'), ('tell = "duty"', 'tell = "dutty"'))

    assert lint_text(text) == [
        Linted(
            line_of(text, 'P1 = "15"'),
            "clocks.response.targets.P1",
            "mistake",
            "'15' is no duration: write a whole number and its unit, such as 90s, 15m, 4h or 5bd.",
        ),
        Linted(
            line_of(text, "dutty"),
            "clocks.resolution.thresholds[1].tell",
            "mistake",
            "'dutty' is no role of the staff: did you mean 'duty'?",
        ),
    ]


def test_what_cannot_be_kept_is_said_in_the_order_of_the_lines_with_its_level():
    text = broken(('P1 = "15m", P2 = "2h"', 'P1 = "5h", P2 = "1bd"'), ('backdating_by = ["boss"]\n', ""))

    assert [(said.line, said.key, said.level) for said in lint_text(text)] == [
        (line_of(text, "[rules]"), "rules.backdating_by", "warning"),
        (line_of(text, 'P1 = "5h"'), "clocks.response.targets.P1", "error"),
    ]


@pytest.mark.parametrize("text", ["", "[", "[standard]", 'a = "\x00"', "[[[", "x = 1\nx = 2", "\n\nno toml"])
def test_a_text_that_is_no_standard_is_mistakes_and_never_an_exception(text):
    found = lint_text(text)

    assert found
    assert {said.level for said in found} == {"mistake"}
    assert all(1 <= said.line <= max(len(text.splitlines()), 1) and said.sentence.endswith(".") for said in found)
