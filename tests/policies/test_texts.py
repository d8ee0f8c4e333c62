"""Do the texts that ship stay what they were, and does a standard that names them have just those it does not write?"""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from tests.core.standards import SMALL, line_of
from tocsin.core.policy import OFFICE, BadPolicy, load
from tocsin.core.texts import shipped, texts
from tocsin.core.wording import WANTED

FOLDER = Path(__file__).parents[2] / "tocsin" / "policies" / "texts"
# Add a line for a new set. A line that stands here is never changed: adopted standards would say something else.
AS_SHIPPED = {"tocsin-1": "90ce752e24cf95d3d98cefef825db0e1dd6aebdddc8ac7d478b0ec7cf900f2ee"}

NAMED = SMALL[: SMALL.index("# The first text stands last")].replace(
    'title = "A small desk"', 'title = "A small desk"\ntexts = "tocsin-1"', 1
)


def test_a_set_of_texts_never_changes_once_it_has_shipped():
    found = {file.stem: sha256(file.read_bytes()).hexdigest() for file in sorted(FOLDER.glob("*.toml"))}

    assert found == AS_SHIPPED
    assert shipped() == tuple(AS_SHIPPED)


@pytest.mark.parametrize("name", AS_SHIPPED)
def test_a_set_has_every_text_the_desk_sends_by_itself_and_each_may_be_sent(name):
    assert {text.name: text.audience for text in texts(name).values()} == {
        name: audience for name, (audience, _) in WANTED.items()
    }


def test_a_standard_that_names_a_set_and_writes_no_text_has_those_of_the_set():
    assert load(NAMED).terms(hours=OFFICE).messages == texts("tocsin-1")


def test_what_the_standard_writes_itself_wins_text_by_text():
    own = load(NAMED + '[messages.step]\nsubject = "{number}"\nbody = "Look: {why}"\n')

    found = own.terms(hours=OFFICE).messages

    assert found["step"].body == "Look: {why}"
    assert {name for name in found if found[name] != texts("tocsin-1")[name]} == {"step"}


def test_a_set_that_does_not_ship_is_refused_with_the_nearest():
    text = NAMED.replace('"tocsin-1"', '"tocsin"')

    with pytest.raises(BadPolicy) as error:
        load(text, name="small.toml")

    line = line_of(text, "texts =")
    assert str(error.value).splitlines() == [
        f"small.toml:{line}: standard.texts: 'tocsin' is no set of texts: did you mean 'tocsin-1'?"
    ]


def test_without_a_set_every_text_is_written_in_the_document():
    with pytest.raises(BadPolicy) as error:
        load(NAMED.replace('texts = "tocsin-1"\n', ""), name="small.toml")

    said = str(error.value).splitlines()
    assert len(said) == len(WANTED) + 5  # and each step of a ladder names one that is not there
    assert "small.toml:1: messages: The message 'page' is missing, for staff: a call for one person to act now." in said


def test_a_text_of_its_own_that_cannot_be_sent_is_named_as_before():
    with pytest.raises(
        BadPolicy, match=r"messages\.page\.body: It does not say \{why\}: whoever is told can ask why me"
    ):
        load(NAMED + '[messages.page]\nsubject = "{number}"\nbody = "Look"\n')
