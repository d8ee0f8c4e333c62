"""Can somebody write a standard in a browser, see at once what is wrong with it, and lose nothing?"""

from __future__ import annotations

import re

import pytest
from django.test import Client as Browser

from tests.world import FIELD_GUIDE, World
from tocsin.directory.person import READ_ONLY, Person
from tocsin.standard import adopted, drafts
from tocsin.standard.draft import Draft

pytestmark = pytest.mark.django_db
HTMX = {"hx-request": "true"}
TEXT = FIELD_GUIDE.read_text()


@pytest.fixture
def world(db: None) -> World:
    return World()


@pytest.fixture
def mona(world: World, browser) -> Browser:
    """Somebody who manages the desk."""
    signed_in = browser("Marta")
    world.people["marta"] = Person.objects.get(name="Marta")
    world.holds("marta", "service-desk-manager", rank=1)
    return signed_in


@pytest.fixture
def draft(world: World) -> Draft:
    base = adopted.version("field-guide")
    return drafts.begin(base=base, by=world.mona, note="P2 reviewed", now=world.now)


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def saves(browser: Browser, draft: Draft, text: str, **more) -> str:
    said = {"text": text, "revision": draft.revision, **more}
    return browser.post(f"/standard/drafts/{draft.pk}/save", said, headers=HTMX).content.decode()


def test_the_page_has_the_text_its_findings_its_timeline_and_what_it_changes(mona: Browser, draft: Draft):
    page = mona.get(f"/standard/drafts/{draft.pk}").content.decode()

    assert "field-guide, draft" in page and "P2 reviewed" in page
    assert "name = &quot;field-guide&quot;" in page
    assert "What falls due when for P1" in page
    assert "What it changes in field-guide 1" in words(page) and "Nothing yet." in page
    assert page.count('class="warning"') == 2 and "management gets it after" in page


def test_what_is_typed_is_saved_and_judged_with_the_line_the_picture_and_the_difference(mona: Browser, draft: Draft):
    text = TEXT.replace('P2 = "8h"', 'P2 = "6h"', 1)
    assert text != TEXT

    answer = saves(mona, draft, text, priority="P2")

    assert Draft.objects.get().text == text
    assert "revision 2" in answer and 'value="2"' in answer
    assert "What falls due when for P2" in answer
    assert "8h → 6h" in words(answer)


def test_what_cannot_be_read_is_saved_too_and_says_at_which_line_it_is_wrong(mona: Browser, draft: Draft):
    line = TEXT[: TEXT.index("first_level")].count("\n") + 1

    answer = saves(mona, draft, TEXT.replace("first_level", "frist_level", 1))

    assert f'data-line="{line}" data-level="mistake"' in answer
    assert "Not drawn yet." in answer
    assert "frist_level" in Draft.objects.get().text


def test_nobody_writes_over_what_another_saved_meanwhile_unless_they_say_so(world: World, mona: Browser, draft: Draft):
    drafts.save(draft, TEXT + "# theirs\n", revision=1, by=world.dora, now=world.now)

    answer = saves(mona, draft, TEXT + "# mine\n")

    assert "Dora saved this draft meanwhile." in words(answer)
    assert "-# theirs" in answer and "+# mine" in answer
    assert 'name="revision" value="1"' in answer
    assert Draft.objects.get().text.endswith("# theirs\n")

    plain = mona.post(f"/standard/drafts/{draft.pk}/save", {"text": TEXT + "# mine\n", "revision": "1"})
    assert plain.status_code == 409 and "# mine" in plain.content.decode()

    assert "Dora saved" not in words(saves(mona, draft, TEXT + "# mine\n", over="2"))
    assert Draft.objects.get().text.endswith("# mine\n")


def test_without_javascript_a_button_saves_and_judges(mona: Browser, draft: Draft):
    sent = {"text": TEXT.replace("\n", "\r\n") + "# more", "revision": "1"}

    page = mona.post(f"/standard/drafts/{draft.pk}/save", sent, follow=True)

    assert page.redirect_chain == [(f"/standard/drafts/{draft.pk}", 302)]
    assert "Saved." in page.content.decode()
    assert Draft.objects.get().text == TEXT + "# more"


def test_it_is_adopted_with_a_reason_and_is_in_force_nowhere_yet(mona: Browser, draft: Draft):
    saves(mona, draft, TEXT + "# reviewed\n")
    adopt = f"/standard/drafts/{draft.pk}/adopt"

    assert "Say why it is adopted" in mona.post(adopt, {"revision": "2"}).content.decode()
    done = mona.post(adopt, {"revision": "2", "why": "reviewed in November"}, follow=True)

    page = words(done.content.decode())
    assert "Adopted as field-guide 2. It is in force nowhere yet" in page
    assert "reviewed in November" in page
    current = adopted.current("field-guide")
    assert current is not None and current.number == 1


def test_what_is_adopted_is_what_stands_in_the_editor_saved_or_not(mona: Browser, draft: Draft):
    adopt = f"/standard/drafts/{draft.pk}/adopt"

    refused = mona.post(
        adopt, {"revision": "1", "why": "reviewed", "text": TEXT.replace("first_level", "frist_level", 1)}
    )
    assert refused.status_code == 422 and "nobody could work by it" in refused.content.decode()
    assert 'value="reviewed"' in refused.content.decode(), "the reason is not to be written twice"
    assert "frist_level" in Draft.objects.get().text

    mona.post(adopt, {"revision": "2", "why": "reviewed", "text": TEXT.replace("\n", "\r\n") + "# typed last"})
    version = adopted.version("field-guide", 2)
    assert version is not None and version.text == TEXT + "# typed last"


def test_what_another_saved_meanwhile_is_neither_adopted_nor_written_over(world: World, mona: Browser, draft: Draft):
    drafts.save(draft, TEXT + "# theirs\n", revision=1, by=world.dora, now=world.now)

    sent = {"revision": "1", "why": "done", "text": TEXT + "# mine\n"}
    answer = mona.post(f"/standard/drafts/{draft.pk}/adopt", sent)

    assert answer.status_code == 409 and "-# theirs" in answer.content.decode()
    assert Draft.objects.get().text.endswith("# theirs\n") and adopted.version("field-guide", 2) is None


def test_a_draft_that_changed_since_it_was_read_is_not_adopted(world: World, mona: Browser, draft: Draft):
    drafts.save(draft, TEXT + "# theirs\n", revision=1, by=world.dora, now=world.now)

    answer = mona.post(f"/standard/drafts/{draft.pk}/adopt", {"revision": "1", "why": "done"})

    assert answer.status_code == 409 and "saved this draft meanwhile" in answer.content.decode()
    assert adopted.version("field-guide", 2) is None


def test_it_is_held_against_the_desk(mona: Browser, draft: Draft):
    page = words(mona.get(f"/standard/drafts/{draft.pk}/desk", headers=HTMX).content.decode())

    assert "Held against 1 client: Acme." in page


def test_it_is_thrown_away_and_still_read(mona: Browser, draft: Draft):
    page = mona.post(f"/standard/drafts/{draft.pk}/discard", {"why": "not needed"}, follow=True).content.decode()

    assert "It was thrown away." in page and "readonly" in page
    assert not drafts.drafts().exists()


def test_an_auditor_and_a_technician_read_it_and_are_offered_nothing_else(browser, draft: Draft):
    for reader in (browser("Audrey", access=READ_ONLY), browser("Boris")):
        page = reader.get(f"/standard/drafts/{draft.pk}").content.decode()

        assert "You read this draft." in page and "readonly" in page
        assert "Save and judge" not in page and "Adopt as" not in page
