"""Can a text in the making ever break the editor, whatever is missing from it?"""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.standards import SMALL
from tocsin.core.hours import Calendar
from tocsin.core.linted import lint_text
from tocsin.standard import presets

TEXTS = (SMALL, *(presets.text(name) for name in presets.NAMES))
WORDS = (
    '"0m"',
    '"1s"',
    '"5bd"',
    '"9999h"',
    '"4h on support"',
    '"none"',
    "0",
    "100",
    "true",
    "[]",
    "{}",
    '""',
    '"L2"',
    '"P1"',
)
HOURS = (
    Calendar.always("Asia/Tokyo"),
    Calendar("UTC", {}, replaced={"2020-01-01": [["09:00", "17:00"]]}),
    Calendar("Europe/Berlin", {"sun": [["01:00", "03:00"]]}),
)


@st.composite
def edited(draw: st.DrawFn) -> str:
    """A standard of which some lines are gone, moved, or say something else."""
    lines = draw(st.sampled_from(TEXTS)).splitlines()
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, len(lines) - 1))
        said, _, _ = lines[place].partition("=")
        lines[place : place + 1] = draw(
            st.sampled_from(
                ([], [lines[place], lines[place]], [f"{said}= {draw(st.sampled_from(WORDS))}"], [lines[place][:-1]])
            )
        )
    return "\n".join(lines)


@settings(max_examples=120, deadline=None)
@given(edited(), st.sampled_from(HOURS))
def test_of_every_text_something_is_said_or_nothing_and_never_an_exception(text, hours):
    found = lint_text(text, hours=hours)

    last = text.count("\n") + 1
    assert [each.line for each in found] == sorted(each.line for each in found)
    assert all(1 <= each.line <= last and each.sentence.strip() for each in found)
    assert len({each.level == "mistake" for each in found}) <= 1, "what cannot be read is not judged further"
