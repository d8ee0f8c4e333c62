"""Can a desk work by each of the standards that ship?"""

from __future__ import annotations

from pathlib import Path

import pytest

from tocsin.core.policy import OFFICE, BadPolicy, lint, load
from tocsin.standard import presets

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "tocsin" / "policies"
PAGE = (ROOT / "docs" / "presets.md").read_text()


def test_every_standard_that_lies_there_is_known_by_name():
    assert {file.stem for file in FOLDER.glob("*.toml")} == set(presets.NAMES)
    assert [presets.read(name).name for name in presets.NAMES] == list(presets.NAMES)
    with pytest.raises(KeyError, match="no preset 'gold'"):
        presets.text("gold")


@pytest.mark.parametrize("name", presets.NAMES)
def test_it_has_no_errors_and_its_part_of_the_page_explains_every_warning(name):
    findings = lint(presets.read(name))

    assert {finding.level for finding in findings} <= {"warning"}
    explained = PAGE.split(f"\n## {name}\n", 1)[1].split("\n## ")[0]
    assert [finding.sentence for finding in findings if finding.sentence not in explained] == []


@pytest.mark.parametrize("name", presets.NAMES)
def test_each_priority_says_what_qualifies_what_it_looks_like_and_what_is_done(name):
    for priority in presets.read(name).priorities:
        assert priority.title and priority.summary and priority.criteria and priority.procedure
        assert len(priority.examples) >= 3


def test_a_level_without_a_time_is_reached_by_people_and_thresholds_alone():
    ladder = presets.read("three-tier").terms(hours=OFFICE).ladders["functional"]

    assert ladder.step("on-site").after == {}
    above = ladder.above("L3", "P1")
    assert above is not None and above.name == "management"


def test_a_step_of_another_ladder_that_never_comes_is_still_a_mistake():
    guard = presets.text("sla-guard").replace('after = { P1 = "10m" }\n', "", 1)

    with pytest.raises(BadPolicy, match="This step never comes"):
        load(guard, name="sla-guard.toml")


@pytest.mark.parametrize("name", presets.NAMES)
def test_every_priority_of_the_imported_log_meets_one_of_the_standards_and_none_becomes_more_severe(name):
    met, order = presets.met(name), [priority.name for priority in presets.read(name).priorities]

    assert list(met) == list(presets.words().values())
    places = [order.index(priority) for priority in met.values()]
    assert places == sorted(places)


def test_the_page_shows_how_the_log_meets_each():
    rows = [
        " | ".join([word, imported, *(presets.met(name)[imported] for name in presets.NAMES)])
        for word, imported in presets.words().items()
    ]

    assert [row for row in rows if f"| {row} |\n" not in PAGE] == []
