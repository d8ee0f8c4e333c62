"""Can somebody stop the line in a real browser, see who leads, hand other work on, and stand it down?"""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.screen import Screen

pytestmark = [pytest.mark.slow, pytest.mark.only_on("sqlite"), pytest.mark.only_on("chromium")]


def test_the_line_is_stopped_worked_on_and_stood_down(screen: Screen):
    title = f"Files are renamed on {screen.look}"
    page = screen.open("/tickets/new?client=northgate-dental&stop=1")
    screen.check()
    page.get_by_label("What does not work").fill(title)
    page.get_by_label("Data is being lost, or has been").check()
    page.get_by_label("Incident manager").select_option(label="Lena Vogt")
    page.get_by_label("Bridge").fill("https://meet.tocsin-desk.example/1")
    page.get_by_role("button", name="Stop the line").click()
    while page.get_by_role("button", name="Stop the line on a new ticket").count():
        page.get_by_role("button", name="Stop the line on a new ticket").click()

    line = page.get_by_role("region", name="Major incident")
    expect(line).to_contain_text("the line is stopped")
    expect(line).to_contain_text("Data is being lost, or has been")
    expect(line.get_by_role("link", name="https://meet.tocsin-desk.example/1")).to_be_visible()
    screen.check()
    address = page.url

    line.get_by_role("button", name="I am on the bridge").click()
    expect(line).to_contain_text("On it: Lena Vogt")
    page.goto(f"{address}?do=cancel#composer")
    page.get_by_label("Why it should not").fill("It was nothing")
    page.get_by_role("button", name="Cancel the ticket").click()
    expect(page.get_by_role("alert")).to_contain_text("the incident manager stands it down (Lena Vogt")
    screen.errors.clear()  # the 422 of what was refused

    screen.open("/")
    banner = page.locator(".banner", has_text=title)
    expect(banner).to_contain_text("the line is stopped")
    screen.check()
    banner.get_by_role("link", name="other work stops").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Other work stops for")
    screen.check()

    page.goto(address)
    line.get_by_role("link", name="Stand down").click()
    screen.check()
    page.get_by_label("What has been contained").fill("The host is off the network")
    page.get_by_label("Next step").fill("Restore the folder")
    page.get_by_role("button", name="Stand the line down").click()
    expect(page.get_by_role("region", name="Major incident")).to_contain_text("the line is stood down")
    screen.check()


def test_an_open_ticket_of_a_responder_is_handed_on_to_somebody_who_is_free(wide: Screen):
    page = wide.open("/tickets/new?client=northgate-dental&stop=1")
    page.get_by_label("What does not work").fill("Backups vanish")
    page.get_by_label("Data is being lost, or has been").check()
    page.get_by_role("button", name="Stop the line").click()
    page.get_by_role("button", name="Take it over").click()
    number = page.url.rpartition("/")[2]
    page.goto("/tickets/new?client=northgate-dental")
    page.get_by_label("What does not work").fill("Toner runs low")
    page.get_by_role("button", name="Open the ticket").click()
    page.get_by_role("button", name="Take it over").click()

    page.goto(f"/tickets/{number}/other-work")
    row = page.locator(".row", has_text="Toner runs low")
    row.get_by_label("Who takes").select_option(index=1)
    row.get_by_role("button", name="Hand it on").click()

    expect(page.locator(".message.success")).to_contain_text("who hears of it")
    expect(row).to_have_count(0)
