"""Can a person read on the standard's page which facts make which priority?"""

from __future__ import annotations

import html
import re

import pytest

from tests.core.matrices import small, written
from tests.world import FIELD_GUIDE, World
from tocsin.standard.adopt import adopt
from tocsin.web.qualifying import qualifying, words


@pytest.fixture
def world(db: None) -> World:
    return World()


def read(browser) -> str:
    page = browser("Ann").get("/standard").content.decode()
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_the_page_says_what_is_asked_what_is_assumed_and_what_qualifies(world: World, browser):
    page = read(browser)

    for said in (
        "Core infrastructure is down: mail, directory or file server what is hit: mail, directory or file server, "
        "and impact: the business, or its core, is down",
        "More than a fifth of the users are hit users: more than a fifth or worse, and impact: a convenience",
        "Where nothing qualifies for another it is P4.",
        "Who is hit? one · a few · more than a fifth · all one",
    ):
        assert said in page, said


def test_a_standard_that_asks_for_no_facts_has_no_such_part_and_plain_priorities(world: World, browser):
    text = FIELD_GUIDE.read_text()
    start = text.index("# ---------------------------------------------------------------- which facts qualify")
    end = text.index("# ---------------------------------------------------------------- who\n")
    adopt(text[:start] + text[end:], by=world.mona, now=world.now)
    ann = browser("Boris")

    page, new = (ann.get(where).content.decode() for where in ("/standard", "/tickets/new?client=acme"))

    assert "What is known decides" not in page
    assert "What is known of it?" not in new
    assert re.search(r'value="P3"[^>]*checked', new)
    assert ann.get(f"/tickets/new/facts?client={world.acme.pk}").status_code == 404
    ticket = world.opens(priority="P2")
    assert "Answer" not in ann.get(f"/tickets/{ticket.number}").content.decode().split("composer")[1].split("</nav>")[0]


def test_groups_within_groups_are_read_as_they_are_meant():
    test = {"all_of": [{"impact": "some"}, {"any_of": [{"users": "many"}, {"impact": "down"}]}]}
    matrix = written(small(criteria={"P1": [test]}))

    said = words(matrix, matrix.criteria[0].test)

    assert said == "impact: some or worse, and (users: more than a fifth, or impact: down)"


def test_a_table_is_shown_with_both_scales():
    cells = {"none": ["P3", "P3"], "some": ["P3", "P2"], "down": ["P2", "P1"]}
    table = {"rows": "impact", "columns": "users", "cells": cells}

    found = qualifying(written(small(tables={"grid": table})))

    assert found is not None
    assert (found.grids[0].title, found.grids[0].columns) == ("impact and users", ["one", "more than a fifth"])
    assert found.grids[0].lines == list(cells.items())
