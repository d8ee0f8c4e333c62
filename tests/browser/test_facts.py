"""Does a page say which priority the facts give while somebody still answers, by mouse, thumb and keyboard?"""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.screen import Screen

pytestmark = [pytest.mark.slow, pytest.mark.only_on("sqlite"), pytest.mark.only_on("chromium")]
NEW = "/tickets/new?client=northgate-dental"


def radio(page: Page, name: str):
    return page.get_by_role("radio", name=name, exact=True)


def test_facts_stay_closed_until_somebody_wants_them_and_then_give_the_priority_live(screen: Screen):
    page = screen.open(NEW)
    expect(radio(page, "more than a fifth")).to_be_hidden()

    page.get_by_text("What is known of it?").click()
    radio(page, "more than a fifth").check()

    weighed = page.locator("#weighed")
    expect(weighed).to_contain_text("P2 because impact:")
    expect(weighed).to_contain_text("users: more than a fifth (answered)")
    screen.check()
    radio(page, "a breach, or an attack going on").check()
    expect(weighed).to_contain_text("P1 because security:")


def test_a_reason_is_asked_for_once_another_priority_is_chosen_than_the_facts_give(screen: Screen):
    page = screen.open(NEW)
    why = page.get_by_label("Why another priority than the facts give")
    page.locator("input[name=priority][value=P4]").check()
    expect(why).to_be_hidden()

    page.get_by_text("What is known of it?").click()
    radio(page, "more than a fifth").check()

    expect(why).to_be_visible()
    page.locator("input[name=priority]").first.check()
    expect(why).to_be_hidden()


def test_a_ticket_is_opened_by_its_facts_with_the_keyboard_alone(screen: Screen):
    page = screen.open(NEW)
    title = f"Scanner is offline {screen.look}"
    page.get_by_label("What does not work, in a few words").fill(title)
    page.get_by_text("What is known of it?").locator("xpath=ancestor-or-self::summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    expect(radio(page, "nothing fails")).to_be_checked()
    expect(page.locator("#weighed")).to_contain_text("P4 because nothing that is known or assumed qualifies for more")

    page.get_by_label("What does not work, in a few words").press("Enter")
    if page.get_by_role("button", name="Open it all the same").is_visible():
        page.get_by_role("button", name="Open it all the same").press("Enter")

    expect(page.get_by_role("heading", name=title)).to_be_visible()
    expect(page.locator(".why-priority")).to_contain_text("P4, because nothing that is known or assumed")
    page.get_by_role("link", name="Answer anew").press("Enter")
    radio(page, "a major function is impaired").check()
    page.get_by_label("Next step").fill("Look at the scanner")
    page.get_by_role("button", name="Put the answers on record").press("Enter")
    expect(page.locator(".why-priority")).to_contain_text("P2, because impact: a major function is impaired (answered)")
    screen.check()
