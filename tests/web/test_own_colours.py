"""Are priorities marked in the colours of the standard that a ticket is worked by?"""

from __future__ import annotations

import re

import pytest
from django.test import Client as Browser

from tests.world import FIELD_GUIDE, World
from tocsin.core.policy import load
from tocsin.standard.adopt import adopt

pytestmark = pytest.mark.django_db

P1 = load(FIELD_GUIDE.read_text()).priorities[0].colour


@pytest.fixture
def ann(browser) -> Browser:
    return browser("Ann")


def marks(browser: Browser, path: str) -> dict[str, str]:
    """What stands on each coloured badge of a page, and its class."""
    page = browser.get(path).content.decode()
    return {said: mark for mark, said in re.findall(r'class="badge (c-[0-9a-f]{6}|plain)">([^<]+)<', page)}


def rules(browser: Browser) -> dict[str, str]:
    sheet = browser.get("/colours.css").content.decode()
    return dict(re.findall(r"^\.badge\.([\w-]+) \{ (.*) \}$", sheet, flags=re.MULTILINE))


def test_a_ticket_is_marked_in_the_colour_that_its_standard_gives_its_priority(world: World, ann: Browser):
    before = world.opens("Mail is down", priority="P1")
    adopt(FIELD_GUIDE.read_text().replace(f'colour = "{P1}"', 'colour = "#ffe066"'), by="test", now=world.now)
    world.forward(minutes=1)
    after = world.opens("Mail is down again", priority="P1")

    first, second = (marks(ann, f"/tickets/{ticket.number}")["P1"] for ticket in (before, after))

    assert (first, second) == (f"c-{P1[1:]}", "c-ffe066")
    found = rules(ann)
    assert found[first] == f"background: {P1}; color: #ffffff;"
    assert found[second] == "background: #ffe066; color: #000000;"


def test_a_standard_of_five_has_five_colours(world: World, ann: Browser):
    more = '[priorities.P5]\ntitle = "Someday"\ncolour = "#7048e8"\ncalendar = "support"\n\n[kinds.complaint]\n'
    adopt(FIELD_GUIDE.read_text().replace("[kinds.complaint]\n", more, 1), by="test", now=world.now)
    world.forward(minutes=1)

    page = marks(ann, "/standard")

    assert len({page[f"P{number}"] for number in range(1, 6)}) == 5
    assert set(page.values()) - {"plain"} <= set(rules(ann))
    assert marks(ann, f"/tickets/{world.opens('A wish', priority='P5').number}")["P5"] == "c-7048e8"


def test_what_has_times_of_its_own_instead_of_a_priority_is_plain(world: World, ann: Browser):
    complaint = world.opens("Too slow", kind="complaint", priority=None)

    assert marks(ann, f"/tickets/{complaint.number}")["complaint"] == "plain"


def test_a_browser_asks_for_the_colours_anew_after_a_minute(world: World, ann: Browser):
    answer = ann.get("/colours.css")

    assert answer["Content-Type"] == "text/css; charset=utf-8"
    assert answer["Cache-Control"] == "private, max-age=60"
