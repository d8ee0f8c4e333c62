"""Is every page's frame right for eye, hand and keyboard?"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.newcomer import WHO
from tests.browser.screen import PHONE, Look, Screen

pytestmark = [pytest.mark.slow, pytest.mark.only_on("sqlite"), pytest.mark.only_on("chromium")]


def test_somebody_signs_in_and_out(window: Callable[..., Screen], look: Look, password: str):
    screen = window(look)
    page = screen.open("/")
    expect(page).to_have_url(re.compile("/accounts/login/"))
    screen.check()

    screen.sign_in(WHO, password)
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()
    screen.check()

    page.locator("summary[aria-label*='sign out']").click()
    screen.check()
    page.get_by_role("button", name="Sign out").click()

    expect(page).to_have_url(re.compile("/accounts/login/"))


def test_a_wrong_password_is_said_in_words_everybody_can_read(window: Callable[..., Screen], look: Look):
    screen = window(look)
    page = screen.open("/accounts/login/")
    page.get_by_label("Mail").fill(WHO)
    page.get_by_label("Password").fill("not this one")
    page.get_by_role("button", name="Sign in").click()

    expect(page.get_by_role("alert")).to_be_visible()
    screen.check()


def test_the_first_key_leads_past_the_navigation(screen: Screen):
    page = screen.open()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the page")).to_be_in_viewport()

    page.keyboard.press("Enter")

    assert focused(page) == "main"


def test_the_navigation_is_beside_the_page_or_under_the_thumb(screen: Screen):
    page = screen.open()

    box = page.get_by_role("navigation", name="Main").bounding_box()

    assert box
    if screen.look.width < 760:
        assert box["y"] + box["height"] == screen.look.height
        links = page.get_by_role("navigation", name="Main").get_by_role("link").filter(visible=True)
        assert min(link.bounding_box()["height"] for link in links.all()) >= 44
    else:
        assert (box["x"], box["height"]) == (0, screen.look.height)


def test_a_question_mark_lists_the_keys_and_escape_puts_them_away(screen: Screen):
    page = screen.open()

    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_contain_text("Find")
    screen.check()
    page.keyboard.press("Escape")

    expect(page.get_by_role("dialog", name="Keys")).to_be_hidden()


def test_a_slash_goes_to_find_and_is_an_ordinary_letter_there(wide: Screen):
    page = wide.open()

    page.keyboard.press("/")
    page.keyboard.type("a/b?")

    expect(page.get_by_role("searchbox")).to_have_value("a/b?")
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_what_is_being_written_is_sent_by_control_and_enter(wide: Screen):
    page = wide.open()
    page.route("**/tickets?q=*", lambda route: route.fulfill(body="<title>found</title>", content_type="text/html"))
    page.keyboard.press("/")
    page.keyboard.type("disk")

    page.keyboard.press("Control+Enter")

    page.wait_for_url("**/tickets?q=disk")


def test_single_keys_can_be_turned_off(wide: Screen):
    page = wide.open()
    page.keyboard.press("?")
    page.get_by_label("Single keys work").uncheck()
    page.get_by_role("button", name="Close").click()
    page.reload()

    page.keyboard.press("/")
    page.keyboard.press("?")

    assert focused(page) == ""
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_a_chosen_theme_stays_and_is_there_before_the_page_is_painted(wide: Screen):
    page = wide.open()
    page.locator("details.menu summary").click()
    page.get_by_label("Dark").check()

    page.goto("/", wait_until="commit")

    page.wait_for_selector("body", state="attached")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert page.evaluate("getComputedStyle(document.body).colorScheme") == "dark"


def test_every_page_the_navigation_leads_to_is_right_for_everybody(screen: Screen):
    page = screen.open()
    links = page.get_by_role("navigation", name="Main").get_by_role("listitem").get_by_role("link")
    addresses = {str(link.get_attribute("href")) for link in links.all()}
    assert "/" in addresses

    for address in sorted(addresses):
        screen.open(address)
        expect(page.get_by_role("heading", level=1)).to_have_count(1)
        screen.check()


def test_a_page_that_does_not_exist_says_what_to_do_next(screen: Screen):
    page = screen.open("/")
    page.evaluate("location.assign('/no-such-page')")
    page.wait_for_url("**/no-such-page")

    expect(page.get_by_role("link", name="Go to what is due now")).to_be_visible()
    screen.check()
    assert all("404" in error for error in screen.errors)
    screen.errors.clear()


def test_nothing_a_thumb_needs_is_smaller_than_a_thumb(window: Callable[..., Screen], signed_in):
    page = window(PHONE, signed_in=signed_in).open()

    for control in page.locator("button, input, summary, .nav a, .button").filter(visible=True).all():
        box = control.bounding_box()
        assert box and min(box["width"], box["height"]) >= 44, control.evaluate("it => it.outerHTML")


def focused(page: Page) -> str:
    """The id of what has the focus."""
    return str(page.evaluate("document.activeElement.id"))
