"""Is a page that refreshes itself honest, and does it leave the reader's hands alone?"""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.screen import Screen

pytestmark = [pytest.mark.slow, pytest.mark.only_on("sqlite"), pytest.mark.only_on("chromium")]

STILL = "/accounts/password/change/"  # a page that asks for nothing by itself
ROWS = """
    <ol class="rows">
      <li class="row"><a class="open" href="/tickets/1">one, {0}</a></li>
      <li class="row"><a class="open" href="/tickets/2">two, {0}</a></li>
      <li class="row"><details id="why"><summary>Why?</summary>Because.</details></li>
    </ol>
"""


def poll(page: Page) -> None:
    """A fragment stands in the page that asks five times a second for itself."""
    page.evaluate(
        """() => {
            const live = document.createElement("div");
            live.setAttribute("hx-get", "/polled");
            live.setAttribute("hx-trigger", "load, every 200ms");
            document.getElementById("main").append(live);
            htmx.process(live);
        }"""
    )


def test_a_page_whose_polls_fail_says_since_when_it_is_old_and_stops_when_they_succeed(wide: Screen):
    page = wide.open(STILL)
    page.route("**/polled", lambda route: route.abort())
    poll(page)

    expect(page.locator("#offline")).to_contain_text("Offline: what you see is from ")
    page.unroute("**/polled")
    page.route("**/polled", lambda route: route.fulfill(body="well"))

    expect(page.locator("#offline")).to_be_hidden()
    wide.errors.clear()  # the browser itself complains of each request that fails


def test_the_chosen_row_stays_chosen_and_what_was_opened_stays_open_while_rows_are_renewed(wide: Screen):
    page = wide.open(STILL)
    answers = ["first", "second"]
    page.route("**/polled", lambda route: route.fulfill(body=ROWS.format(answers[0]), content_type="text/html"))
    poll(page)
    page.get_by_text("two, first").wait_for()
    page.get_by_text("Why?").click()
    page.keyboard.press("j")
    page.keyboard.press("j")
    answers.pop(0)

    page.get_by_text("two, second").wait_for()

    assert page.evaluate("document.activeElement.textContent") == "two, second"
    expect(page.get_by_text("Because.")).to_be_visible()
    page.keyboard.press("k")
    expect(page.get_by_role("link", name="one, second")).to_be_focused()


def test_somebody_signed_out_meanwhile_is_led_to_sign_in_and_no_page_lands_inside_a_page(wide: Screen):
    page = wide.open(STILL)
    page.route("**/polled", lambda route: route.continue_(url=f"{wide.url}/"))
    wide.window.clear_cookies()

    poll(page)

    page.wait_for_url("**/accounts/login/**")


def test_a_page_that_takes_longer_than_a_second_says_that_it_is_coming(wide: Screen):
    page = wide.open(STILL)
    page.route("**/slow", late)
    page.evaluate(
        """() => new MutationObserver(() => {
            sessionStorage.setItem("seen", getComputedStyle(document.documentElement, "::before").position);
        }).observe(document.documentElement, { attributeFilter: ["class"] })"""
    )

    page.evaluate("setTimeout(() => location.assign('/slow'))")
    page.wait_for_url("**/slow")

    assert page.evaluate("sessionStorage.getItem('seen')") == "fixed"


def late(route: Route) -> None:
    time.sleep(2)
    route.fulfill(body="<title>at last</title>", content_type="text/html")
