"""What is to be said of a text that is to be a standard, line by line?"""

from __future__ import annotations

from typing import Literal, NamedTuple

from tocsin.core.document import dotted
from tocsin.core.hours import Calendar
from tocsin.core.place import line_of
from tocsin.core.policy import OFFICE, BadPolicy, lint, load


class Linted(NamedTuple):
    """One thing to say of a line: a mistake cannot be read, an error cannot be kept, a warning is worth knowing.

    `key` is the place as people write it, `clocks.response.targets.P1`; empty where it is the whole text.
    """

    line: int
    key: str
    level: Literal["mistake", "error", "warning"]
    sentence: str


def lint_text(text: str, *, hours: Calendar = OFFICE) -> list[Linted]:
    """Everything there is to say of a text, in the order of its lines, judged on these support hours.

    Whatever the text is, nothing is raised. One with mistakes is not judged further: nobody could work by it. (R2.10)
    """
    try:
        policy = load(text)
        found = lint(policy, hours=hours)
    except BadPolicy as bad:
        return [Linted(max(each.line, 1), each.key, "mistake", each.sentence) for each in bad.mistakes]
    lines = policy.document.lines or {}
    said = [Linted(line_of(lines, each.path), dotted(each.path), each.level, each.sentence) for each in found]
    return sorted(said, key=lambda each: each.line)
