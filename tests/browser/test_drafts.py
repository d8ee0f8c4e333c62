"""Is anything lost that somebody has written and not sent?"""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.screen import Screen

pytestmark = [pytest.mark.slow, pytest.mark.only_on("sqlite"), pytest.mark.only_on("chromium")]


def put(page: Page, html: str) -> None:
    """This stands in the page, as a swap by htmx would bring it."""
    page.evaluate(
        """html => {
            document.getElementById("main").insertAdjacentHTML("beforeend", html);
            document.body.dispatchEvent(new CustomEvent("htmx:afterSwap", { bubbles: true }));
        }""",
        html,
    )


STILL = "/accounts/password/change/"  # a page with no draft of its own
FIELD = '<textarea data-draft="ticket-1" aria-label="Note"></textarea>'


def test_what_was_written_is_there_again_after_a_reload_until_it_is_discarded(wide: Screen):
    page = wide.open(STILL)
    put(page, FIELD)
    page.get_by_label("Note").fill("the switch is hot")
    page.reload()

    put(page, FIELD)

    expect(page.get_by_label("Note")).to_have_value("the switch is hot")
    expect(page.get_by_text("Draft restored")).to_be_visible()

    page.get_by_role("button", name="discard").click()
    expect(page.get_by_label("Note")).to_have_value("")
    page.reload()
    put(page, FIELD)
    expect(page.get_by_label("Note")).to_have_value("")


def test_what_was_sent_does_not_come_back(wide: Screen):
    page = wide.open(STILL)
    put(page, FIELD)
    page.get_by_label("Note").fill("the switch is hot")
    page.reload()

    put(page, f'<p data-sent="ticket-1">Noted.</p>{FIELD}')

    expect(page.get_by_label("Note")).to_have_value("")
    expect(page.get_by_text("Draft restored")).to_have_count(0)


def test_sending_one_form_forgets_its_drafts_and_leaves_those_of_others(wide: Screen):
    page = wide.open(STILL)
    put(page, FIELD + FIELD.replace("ticket-1", "ticket-1/step").replace("Note", "Step"))
    page.get_by_label("Note").fill("the switch is hot")
    page.get_by_label("Step").fill("call the vendor")
    page.reload()

    put(page, '<p data-sent="ticket-1/step">Sent.</p><p data-sent="ticket">Sent.</p>' + FIELD)

    expect(page.get_by_label("Note")).to_have_value("the switch is hot")
