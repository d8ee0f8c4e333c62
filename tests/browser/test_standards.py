"""Can whoever manages the desk write a standard in a browser, and put it in force, at any width and by keyboard?"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.screen import WIDE, Screen
from tests.endtoend.desk import Desk

pytestmark = [pytest.mark.slow, pytest.mark.only_on("sqlite"), pytest.mark.only_on("chromium")]
MANAGER = "mona@tocsin-desk.example"
TYPED = "document.querySelector('#text').value"


@pytest.fixture(scope="module")
def manages(desk: Desk, browser: Browser, password: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The cookies of who manages the desk."""
    kept = tmp_path_factory.mktemp("browser") / "manager.json"
    screen = Screen(browser, desk.url, WIDE)
    screen.sign_in(MANAGER, password)
    screen.window.storage_state(path=kept)
    screen.close()
    return kept


def begins(page: Page, name: str) -> str:
    """A draft is there, of a standard of that name; its address."""
    page.goto("/standard/gallery")
    page.get_by_role("link", name="Start a draft from sla-guard").click()
    page.get_by_label("Name of the standard").fill(name)
    page.get_by_role("button", name="Start the draft").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"{name}, draft")
    return page.url


def replaces(page: Page, old: str, new: str) -> None:
    """The words are marked, and others typed in their place."""
    page.evaluate(
        "([old]) => { const text = document.getElementById('text'), at = text.value.indexOf(old);"
        " text.focus(); text.setSelectionRange(at, at + old.length); }",
        [old],
    )
    page.keyboard.insert_text(new)


def test_the_gallery_compares_what_is_chosen_on_a_page_right_for_everybody(screen: Screen):
    page = screen.open("/standard/gallery")
    screen.check()

    for box in page.get_by_role("checkbox").all():
        box.uncheck()
    page.get_by_label("Compare three-tier").check()
    page.get_by_label("Compare sla-guard").check()
    page.get_by_role("button", name="Compare the chosen").click()

    expect(page.get_by_role("columnheader", name="three-tier")).to_be_visible()
    expect(page.get_by_role("heading", name="What sla-guard says otherwise than three-tier")).to_be_visible()
    screen.check()


def test_a_draft_says_as_one_types_what_is_wrong_and_leads_to_the_line(window: Callable[..., Screen], manages: Path):
    screen = window(signed_in=manages)
    page = screen.page
    begins(page, "typed")
    screen.check()

    replaces(page, "first_level", "frist_level")

    link = page.locator("#judged .mistake a").first
    expect(link).to_be_visible()
    screen.check()
    link.click()
    expect(page.locator("#text")).to_be_focused()
    picked = page.evaluate(f"{TYPED}.slice(text.selectionStart, text.selectionEnd)")
    assert "frist_level" in picked or "[rules]" in picked, picked

    replaces(page, "frist_level", "first_level")
    expect(page.get_by_role("img", name="What falls due when for P1").filter(visible=True)).to_be_visible()
    page.get_by_role("radio", name="P3").check()
    expect(page.get_by_role("img", name="What falls due when for P3").filter(visible=True)).to_be_visible()
    screen.check()


def test_nothing_that_was_typed_is_lost_by_a_reload_or_to_somebody_else(window: Callable[..., Screen], manages: Path):
    one, other = window(signed_in=manages), window(signed_in=manages)
    address = begins(one.page, "together")
    other.page.goto(address)
    replaces(other.page, "SLA guard", "Theirs")
    expect(other.page.locator("#judged")).to_contain_text("revision 2")

    replaces(one.page, "SLA guard", "Mine")
    expect(one.page.get_by_text("saved this draft meanwhile")).to_be_visible()
    assert "Mine" in one.page.evaluate(TYPED)
    one.page.reload()

    expect(one.page.get_by_text("Draft restored")).to_be_visible()
    expect(one.page.get_by_text("saved this draft meanwhile")).to_be_visible()
    assert "Mine" in one.page.evaluate(TYPED)
    one.check()
    one.page.get_by_role("button", name="Save mine over theirs").click()
    expect(one.page.locator("#judged")).to_contain_text("revision 3")
    other.page.reload()
    assert "Mine" in other.page.evaluate(TYPED)
