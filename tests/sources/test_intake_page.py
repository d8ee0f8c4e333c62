"""Does docs/intake.md promise what the sources do?"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tocsin.core import reading
from tocsin.sources import SOURCES, alertmanager, generic

PAGE = (Path(__file__).parents[2] / "docs" / "intake.md").read_text("utf-8")
EXAMPLES = [
    (found[1], json.loads(found[2]))
    for found in re.finditer(r"curl -i https://desk\.msp\.example/in/(\w+) .*?-d '(.*?)'\n```", PAGE, re.DOTALL)
]


@pytest.mark.parametrize(("source", "body"), EXAMPLES)
def test_every_example_of_the_page_is_read_without_loss(source, body):
    readings = SOURCES[source].read(body)

    assert all(reading.state in ("firing", "resolved") for reading in readings)
    assert all(not reading.dedup_key.startswith("sha256:") for reading in readings)


def test_every_source_has_an_address_and_an_example():
    assert {source for source, _ in EXAMPLES} == set(SOURCES)
    assert all(f"`/in/{name}`" in PAGE for name in SOURCES)


def test_the_problem_and_the_recovery_of_the_page_pair():
    problem, recovery = (SOURCES[source].read(body)[0] for source, body in EXAMPLES[1:3])

    assert (problem.state, recovery.state) == ("firing", "resolved")
    assert problem.dedup_key == recovery.dedup_key


def test_every_name_and_word_that_is_read_is_on_the_page():
    names = [*generic.KNOWN, *generic.STATES]
    names += [*alertmanager.HOSTS, *alertmanager.SERVICES, *alertmanager.SUMMARIES, *alertmanager.MESSAGES]

    assert [name for name in names if f"`{name}`" not in PAGE] == []


def test_the_bounds_on_the_page_are_the_bounds():
    rows = {cells[1].strip(): cells[2] for line in PAGE.splitlines() if len(cells := line.split("|")) == 5}
    bounds = {
        "summary": [reading.SUMMARY_LIMIT],
        "message": [reading.MESSAGE_LIMIT],
        "host, service": [reading.NAME_LIMIT],
        "severity": [reading.SEVERITY_LIMIT],
        "key": [reading.KEY_LIMIT],
        "link": [reading.LINK_LIMIT],
        "details": [reading.DETAILS_LIMIT, reading.DETAIL_NAME_LIMIT, reading.DETAIL_LIMIT],
    }

    said = {name: [int(number) for number in re.findall(r"\d+", rows[name].replace(",", ""))] for name in bounds}

    assert said == bounds
