"""Can a person read by which rules the desk works, and when what falls due?"""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from tests.world import FIELD_GUIDE, World
from tocsin.standard.adopt import adopt

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db: None) -> World:
    return World()


def words(page: str) -> str:
    """What one reads of it."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_the_standard_in_force_says_what_it_is_and_who_adopted_it(world: World, browser):
    text = FIELD_GUIDE.read_text().replace('title = "Field guide"', 'title = "Field guide, mended"')
    adopt(text, by=world.mona, now=world.now)

    page = words(browser("Ann").get("/standard").content.decode())

    assert "Field guide, mended field-guide, version 2, adopted Mon 16 Nov 2026 10:00 UTC by Mona" in page
    assert "Other versions Version 1" in page


def test_it_says_priorities_promises_ladders_and_rules_as_the_document_does(world: World, browser):
    page = words(browser("Ann").get("/standard").content.decode())

    for said in (
        "P1 Critical round the clock The business stands still",
        "Ransomware is spreading",
        "The on-call engineer takes the page and names an incident manager",
        "First response by a person 15m 30m 2h in support hours 8h in support hours 4h in support hours",
        "At 75 %: the owner of the ticket is told, and it goes to L3 unless it is there.",
        "every 30m every 2h at resolution –",
        "Late: the service desk manager is told.",
        "Service delivery manager 30m 30m email",
        "accepted within P1 5m, P2 15m, P3 1h",
        "P2 becomes P1 After 4h without a solution.",
        "Waiting for the client These clocks stand still: Resolution, Next client update; it ends with",
        "A solved ticket closes by itself after 24h",
    ):
        assert said in page, said


def test_what_falls_due_stands_in_a_picture_and_in_the_same_words_in_a_list(world: World, browser):
    page = browser("Ann").get("/standard?priority=P1").content.decode()
    listed = words(page[page.index('class="moments"') : page.index('id="priorities"')])

    for said in (
        "At once Page the on-call engineer",
        "5 min Page the second on-call engineer",
        "15 min First response 15m for P1; if it is late, the service desk manager is told",
        "4 h Solve it",
    ):
        assert said in listed, said
    drawn = re.findall(r'<text class="what"[^>]*>([^<]+)</text>', page)
    shown = re.findall(r"<li>([^<]+)<small", page)
    assert sorted(drawn) == sorted(shown) and len(drawn) > 20


def test_each_priority_has_its_own_picture_on_its_own_hours(world: World, browser):
    ann = browser("Ann")

    p3 = words(ann.get("/standard?priority=P3").content.decode())
    other = words(ann.get("/standard?priority=nonsense").content.decode())

    assert "24 h Wed 12:00 Solve it" in p3 and "Time is counted in support hours." in p3
    assert "P1 (Critical), if nobody answers" in other


def test_a_desk_without_a_standard_says_so_and_one_nobody_adopted_is_not_found(db, browser):
    ann = browser("Ann")

    assert "No standard is in force." in ann.get("/standard").content.decode()
    assert ann.get("/standard?name=other").status_code == 404


def test_no_words_of_the_picture_lie_on_each_other(world: World, browser):
    page = browser("Ann").get("/standard?priority=P2").content.decode()

    labels = re.findall(r'<text class="what" x="([\d.]+)" y="([\d.]+)" dy="4" text-anchor="(\w+)">([^<]+)<', page)
    spans: dict[str, list[tuple[float, float]]] = {}
    for x, y, anchor, label in labels:
        wide = len(label) * 6
        start = float(x) - (wide if anchor == "end" else 0)
        spans.setdefault(y, []).append((start, start + wide))

    assert len(labels) > 20
    for line in spans.values():
        line.sort()
        assert all(end <= start for (_, end), (start, _) in pairwise(line))
        assert line[0][0] >= 0 and line[-1][1] <= 880
