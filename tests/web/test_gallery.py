"""Does the gallery show what there is to begin with, side by side and in words?"""

from __future__ import annotations

import re
from html import escape

import pytest
from django.test import Client as Browser

from tests.world import World
from tocsin.core.gallery import compare
from tocsin.standard import drafts, presets

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db: None) -> World:
    return World()


@pytest.fixture
def mona(world: World, browser) -> Browser:
    """Somebody who manages the desk."""
    signed_in = browser("Marta")
    world.people["marta"] = type(world.mona).objects.get(name="Marta")
    world.holds("marta", "service-desk-manager", rank=1)
    return signed_in


def read(browser: Browser, path: str) -> str:
    page = re.sub(r'<span class="sr">.*?</span>', "", browser.get(path).content.decode())
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_it_shows_what_ships_and_what_is_ours_and_ours_beside_another_at_first(world: World, browser):
    page = read(browser("Ann"), "/standard/gallery")

    for title in ("Field guide", "Severity tiers", "Operating standard", "Three tier", "SLA guard"):
        assert title.lower() in page.lower(), title
    assert "field-guide 1, ours beside severity-tiers" in page
    assert "What severity-tiers says otherwise than field-guide 1, ours" in page


def test_the_chosen_stand_side_by_side_with_what_differs_alone_or_everything(world: World, browser):
    ann = browser("Ann")

    differs = read(ann, "/standard/gallery?with=field-guide&with=three-tier")
    everything = read(ann, "/standard/gallery?with=field-guide&with=three-tier&every=1")

    rows = compare([presets.read("field-guide"), presets.read("three-tier")])
    assert any(not row.differs for row in rows)
    for row in rows:
        said = " ".join([row.what[0].upper() + row.what[1:], *map(escape, row.cells)])
        assert said in everything, said
        assert (said in differs) == row.differs, said
    assert "more rows they say the same" in differs and "more rows they say the same" not in everything


def test_one_alone_and_two_that_say_the_same_are_told_so(world: World, browser):
    ann = browser("Ann")

    assert "One alone differs from nothing." in read(ann, "/standard/gallery?with=sla-guard")
    assert "They say the same." in read(ann, "/standard/gallery?with=field-guide&with=ours:field-guide")
    assert "One alone differs from nothing." in read(ann, "/standard/gallery?with=nonsense")


def test_who_manages_starts_a_draft_from_one_and_a_technician_is_offered_none(world: World, browser, mona: Browser):
    assert "Start a draft" not in read(browser("Ann"), "/standard/gallery")
    assert "Start a draft" in read(mona, "/standard/gallery")

    made = mona.post("/standard/drafts/begin", {"from": "sla-guard", "name": "ours", "note": "for the small ones"})

    draft = drafts.drafts("ours").get()
    assert made["Location"] == f"/standard/drafts/{draft.pk}"
    assert (draft.preset, draft.note) == ("sla-guard", "for the small ones")
    assert "ours, draft" in read(mona, "/standard/gallery")


def test_a_name_that_is_none_is_told_at_its_field(mona: Browser):
    answer = mona.post("/standard/drafts/begin", {"from": "sla-guard", "name": "our own"})

    assert answer.status_code == 422
    assert "is no name for a standard" in answer.content.decode()
    assert mona.get("/standard/drafts/begin?from=nonsense").status_code == 404
