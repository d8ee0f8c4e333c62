"""Can the composer be used without a mouse, and does nothing that is written in it break the page?"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.screen import Screen

pytestmark = [pytest.mark.slow, pytest.mark.only_on("sqlite"), pytest.mark.only_on("chromium")]
TICKET = "/tickets/INC-1"


@pytest.mark.parametrize(
    ("key", "label"),
    [("u", re.compile("What the client reads")), ("e", re.compile("^To\\b"))],
    ids=["update", "escalate"],
)
def test_a_key_opens_the_form_and_what_is_typed_goes_into_it(wide: Screen, key: str, label: re.Pattern[str]):
    page = wide.open(TICKET)

    page.keyboard.press(key)

    expect(page.locator("#composer").get_by_label(label)).to_be_focused()


def test_a_page_that_nobody_asked_to_write_on_leaves_the_focus_alone(wide: Screen):
    page = wide.open(TICKET)

    assert page.evaluate("document.activeElement === document.body")


def test_a_long_word_in_the_next_step_leaves_the_page_as_wide_as_it_was(screen: Screen):
    page = screen.open(f"{TICKET}?do=note")
    page.get_by_label("What did you do").fill("x" * 900)
    page.get_by_label("Next step").fill("y" * 300)
    page.get_by_role("button", name="Log", exact=True).click()
    expect(page.locator(".message.success")).to_contain_text("is on record")

    screen.check()
    screen.open("/")
    screen.check()


def test_a_refused_form_hears_what_is_new_meanwhile(wide: Screen):
    page = wide.open(f"{TICKET}?do=note")
    page.get_by_role("button", name="Log", exact=True).click()
    expect(page.locator("#composer .error").first).to_be_visible()
    assert all("422" in error for error in wide.errors)
    wide.errors.clear()

    with page.expect_response(lambda answer: "?seen=" in answer.url) as polled:
        pass
    assert polled.value.status == 204
