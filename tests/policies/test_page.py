"""Is docs/policy.md true: does it explain every key, text and placeholder that is read, and no other?"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.core.standards import SMALL
from tocsin.core import agreed, policy
from tocsin.core.keys import DEEDS, KEYS, WAYS
from tocsin.core.keys_of_practice import DEPTHS, NEEDS, SCORED
from tocsin.core.policy import BadPolicy, load
from tocsin.core.schema import in_words
from tocsin.core.stage import ARTIFACTS, FACTS, WORDS
from tocsin.core.wording import FOR_CLIENTS, FOR_STAFF, WANTED

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "policy.md").read_text()


def rows(text: str) -> dict[str, str]:
    """first cell → the other cells, of every row whose first cell is one word of code"""
    found = re.findall(r"^\| `([^`]+)` \| (.*) \|$", text, flags=re.MULTILINE)
    return dict(found)


def section(heading: str) -> str:
    """What stands under a heading of the page, up to the next, parts for elements of its lists included."""
    return PAGE.split(f"\n## {heading}\n", 1)[1].split("\n## ")[0]


def after(text: str, words: str) -> str:
    """The table that follows these words."""
    return text.split(words, 1)[1].lstrip("\n").split("\n\n")[0]


def test_the_page_has_a_section_for_every_part_of_the_document_in_its_order():
    assert re.findall(r"^## `(\w+)`$", PAGE, flags=re.MULTILINE) == list(KEYS[""])


@pytest.mark.parametrize("kind", [kind for kind in KEYS if kind and "overrides" not in kind])
def test_every_key_that_is_read_is_explained_and_no_other(kind):
    name, _, inner = kind.removesuffix("[]").partition(".*")
    text = section(f"`{name}`")

    table = after(text, f"Each of the `{inner[1:]}`:") if inner else text[text.index("| key |") :].split("\n\n")[0]

    assert {key: cells.split(" | ")[0] for key, cells in rows(table).items()} == {
        key: in_words(about) for key, about in KEYS[kind].items()
    }
    assert list(rows(table)) == list(KEYS[kind])


def test_what_a_contract_may_say_is_explained():
    assert set(rows(section("What a contract says besides"))) == set(KEYS["overrides"])
    assert list(rows(section("What a contract says of the matrix"))) == list(KEYS["overrides.matrix"])


def test_every_text_is_listed_with_whom_it_goes_to_and_what_it_says():
    table = after(section("`messages`"), "A step of a ladder may name others besides:")

    assert rows(table) == {name: f"{audience} | {says}" for name, (audience, says) in WANTED.items()}


def test_every_placeholder_is_listed_for_those_who_may_read_it():
    text = section("`messages`")

    assert rows(after(text, "Placeholders for everybody:")) == FOR_CLIENTS
    assert rows(after(text, "Placeholders for staff only:")) == {
        name: says for name, says in FOR_STAFF.items() if name not in FOR_CLIENTS
    }


def test_every_way_of_telling_and_every_deed_is_named():
    assert list(rows(after(section("`ladders`"), "Ways of telling:"))) == list(WAYS)
    assert all(f"`{deed}`" in rows(section("`clocks`"))["met_by"] for deed in DEEDS)


def test_every_fact_and_artifact_of_a_stage_is_named():
    text = section("`stages`")

    assert rows(after(text, "A fact is read from the record:")) == FACTS
    assert rows(after(text, "filed under the stage:")) == ARTIFACTS
    assert all(f"`{word}`" in rows(text)["status"] for word in WORDS)


def test_the_words_for_what_is_needed_how_deep_and_what_is_scored_are_explained():
    assert rows(section("`closing`"))["needs"]
    assert {word: says for word, says in rows(section("`closing`")).items() if word != "needs"} == NEEDS
    assert {word: says for word, says in rows(section("`reviews.priorities`")).items() if word in DEPTHS} == DEPTHS
    assert {word: says for word, says in rows(section("`documentation`")).items() if word != "weights"} == SCORED


def test_the_calendars_are_named():
    assert {agreed.ALWAYS, agreed.SUPPORT} == set(agreed.calendars(policy.OFFICE))
    assert all(f"- `{name}` " in section("Times") for name in (agreed.ALWAYS, agreed.SUPPORT))


@pytest.mark.parametrize("kind", [kind for kind in KEYS if "overrides" not in kind])
def test_a_key_that_is_not_explained_is_not_read(kind):
    """A key nobody knows is refused in every part, so that the tables above leave nothing out."""
    where = {
        "": "strange = 1\n[standard]",
        "standard": "[standard]\nstrange = 1",
        "priorities.*": "[priorities.P1]\nstrange = 1",
        "roles.*": "[roles]\nodd = { title = 'Odd', strange = 1 }",
        "levels.*": "[levels]\nL9 = { title = 'Odd', strange = 1 }",
        "waits.*": "[waits]\nodd = { title = 'Odd', strange = 1 }",
        "kinds.*": "[kinds.odd]\ntitle = 'Odd'\ncalendar = 'always'\nstrange = 1\n[waits]",
        "matrix": "[matrix]\nstrange = 1\n[waits]",
        "matrix.inputs.*": "[matrix.inputs.users]\nstrange = 1\n[waits]",
        "matrix.criteria.*[]": "[matrix.criteria]\nP1 = [{ strange = 1 }]\n[waits]",
        "matrix.tables.*": "[matrix.tables.grid]\nstrange = 1\n[waits]",
        "clocks.*": "[clocks.response]\nstrange = 1",
        "clocks.*.thresholds[]": "[clocks.response]\nthresholds = [{ percent = 1, tell = 'boss', strange = 1 }]",
        "raises.*": "[raises.P2-P1]\nstrange = 1",
        "ladders.*": "[ladders.page]\nstrange = 1",
        "ladders.*.steps[]": "[[ladders.page.steps]]\nstrange = 1",
        "rules": "[rules]\nstrange = 1",
        "messages.*": "[messages.step]\nstrange = 1",
    }.get(kind)
    if where is None:  # a part that the small standard does not have
        name = kind.removesuffix("[]").replace("*", "odd")
        where = f"[[{name}]]\nstrange = 1\n[waits]" if kind.endswith("[]") else f"[{name}]\nstrange = 1\n[waits]"
    added = {"": "[standard]", "kinds.*": "[waits]"} | {each: "[waits]" for each in KEYS if each.startswith("matrix")}
    head = added.get(kind) or (where.split("\n", 1)[0] if where.split("\n", 1)[0] in SMALL else "[waits]")
    assert head in SMALL

    with pytest.raises(BadPolicy, match=r"strange: There is no such key here"):
        load(SMALL.replace(head, where, 1))
