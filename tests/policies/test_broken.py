"""Is each finding found where it is, at its place and in its words, and nothing besides?

A file of tests/policies/broken is the small standard with one thing broken: `change` says what is written instead of
what, `hours` are other support hours, and `finds` is everything that is found then.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from tests.core.standards import broken
from tocsin.core.document import dotted
from tocsin.core.fitting.kinds import KINDS
from tocsin.core.hours import Calendar
from tocsin.core.linted import lint_text
from tocsin.core.policy import OFFICE, lint, load

HERE = Path(__file__).parent
FILES = sorted((HERE / "broken").glob("*.toml"))
PAGE = (HERE.parents[1] / "docs" / "policy.md").read_text()


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_it_is_found_at_its_place_and_in_its_words_and_nothing_else_is(file: Path):
    said = tomllib.loads(file.read_text())
    text = broken(*((change["old"], change["new"]) for change in said.get("change", ())))
    hours = Calendar.from_spec(said["hours"]) if "hours" in said else OFFICE

    found = lint(load(text, name="desk.toml"), hours=hours)

    lines = text.splitlines()
    at = [int(each.where.split(":")[1]) for each in found]
    assert [
        {
            "kind": each.kind,
            "level": each.level,
            "key": dotted(each.path),
            "line": lines[line - 1].strip(),
            "says": each.sentence,
        }
        for each, line in zip(found, at, strict=True)
    ] == said["finds"]
    assert {each["kind"] for each in said["finds"]} == {file.stem}
    assert [(each.line, each.key, each.level, each.sentence) for each in lint_text(text, hours=hours)] == sorted(
        (line, dotted(each.path), each.level, each.sentence) for each, line in zip(found, at, strict=True)
    )


def test_there_is_a_broken_standard_for_every_kind_of_finding():
    assert [file.stem for file in FILES] == sorted(KINDS)


def test_the_page_lists_every_finding_how_bad_it_is_and_what_it_means():
    table = PAGE.split("\n## Lint\n", 1)[1].split("\n## ", 1)[0]

    listed = re.findall(r"^\| `([a-z-]+)` \| (.+) \| (error|warning) \|$", table, flags=re.MULTILINE)

    assert [(kind, says, level) for kind, says, level in listed if kind in KINDS] == [
        (name, kind.says, kind.level) for name, kind in KINDS.items()
    ]
