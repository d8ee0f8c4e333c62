"""Is the timeline of a standard drawn so that everybody can read it, and are those in the docs as the presets are?"""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tocsin.core.outlook import outlook
from tocsin.core.policy import OFFICE, load
from tocsin.standard import presets
from tocsin.web.drawn import lanes, on_its_own, tall, wide

DOCS = Path(__file__).parents[2] / "docs"
SVG = "{http://www.w3.org/2000/svg}"
EVERY = [(name, each.name) for name in presets.NAMES for each in presets.read(name).priorities]
WIDEST = 7  # how wide a letter of 12 px is at the most, on the average of a label


@pytest.fixture(params=EVERY, ids=lambda each: "-".join(each))
def drawn(request: pytest.FixtureRequest):
    """The name of a preset, a priority, what falls due, and both pictures."""
    name, priority = request.param
    terms = presets.read(name).terms(hours=OFFICE)
    seen = outlook(terms, priority)
    return name, priority, seen, wide(seen, lanes(terms)), tall(seen, lanes(terms))


def test_the_pictures_in_the_docs_are_as_the_presets_are_now(drawn):
    name, priority, *_ = drawn

    kept = (DOCS / "pictures" / "standards" / f"{name}-{priority}.svg").read_text("utf-8")

    assert kept == on_its_own(presets.read(name), priority), "make pictures"
    assert f"pictures/standards/{name}-{priority}.svg" in (DOCS / "presets.md").read_text("utf-8")


def test_no_other_picture_is_kept():
    kept = {file.stem for file in (DOCS / "pictures" / "standards").iterdir()}

    assert kept == {"-".join(each) for each in EVERY}


def test_it_draws_everything_that_falls_due_and_says_so_to_who_cannot_see(drawn):
    _, priority, seen, *pictures = drawn

    for picture in pictures:
        root = ElementTree.fromstring(picture)
        assert root.get("role") == "img"
        assert root.findtext(f"{SVG}title") == f"What falls due when for {priority}"
        assert root.findtext(f"{SVG}desc", "").startswith(f"{len(seen.items)} things fall due for {priority}")
        assert len(root.findall(f"{SVG}circle")) == len(seen.items)


def test_no_words_lie_on_each_other_or_run_out_of_the_picture(drawn):
    for picture in drawn[3:]:
        root = ElementTree.fromstring(picture)
        width = float(root.get("viewBox", "").split()[2])
        rows: dict[float, list[tuple[float, float, str]]] = {}
        for text in root.iter(f"{SVG}text"):
            wide = len(text.text or "") * WIDEST * 0.93
            x, anchor = float(text.get("x", "")), text.get("text-anchor", "start")
            start = x - {"start": 0, "middle": wide / 2, "end": wide}[anchor]
            rows.setdefault(float(text.get("y", "")), []).append((start, start + wide, text.text or ""))
        for row in rows.values():
            row.sort()
            assert all(end <= start for (_, end, _), (start, *_) in pairwise(row)), row
            assert row[0][0] >= 0 and max(end for _, end, _ in row) <= width, row


def test_what_a_standard_calls_things_cannot_become_part_of_the_page():
    text = presets.text("field-guide").replace('title = "Director"', 'title = "<script>alert(1)</script>"')
    assert text != presets.text("field-guide")
    terms = load(text).terms(hours=OFFICE)
    seen = outlook(terms, "P1")

    for picture in (wide(seen, lanes(terms)), tall(seen, lanes(terms))):
        assert "<script" not in picture and ElementTree.fromstring(picture) is not None
        assert not re.search(r"<style|\sstyle=", picture)
