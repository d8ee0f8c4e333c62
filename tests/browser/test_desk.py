"""Can somebody work a ticket from its alert to its solution, in a real browser?"""

from __future__ import annotations

import json
import re
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.screen import Screen
from tests.endtoend.desk import Desk, wait

pytestmark = [pytest.mark.slow, pytest.mark.only_on("sqlite"), pytest.mark.only_on("chromium")]


@pytest.fixture(scope="package")
def alert(desk: Desk) -> Callable[..., None]:
    """alert("db-1", "Disk full", severity="error"): a monitor cries."""
    key = wait(lambda: re.search(r"Authorization: Bearer (\S+?)'", desk.console), lambda: desk.console)[1]

    def cries(uid: str, title: str, *, severity: str = "error") -> None:
        body = json.dumps({"alert_uid": uid, "title": title, "state": "alerting", "severity": severity}).encode()
        headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        with urllib.request.urlopen(urllib.request.Request(f"{desk.url}/in/generic", body, headers)) as answer:
            assert answer.status == 202

    return cries


def opened(screen: Screen, title: str) -> Page:
    """The ticket of this title, reached as people reach it: from Now."""
    page = screen.open("/tickets")
    page.get_by_role("link", name=title).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    return page


def writes(page: Page, act: str, **said: str) -> None:
    """An act of the composer, with what it asks for filled in by its labels; afterwards it is on record."""
    page.get_by_role("navigation", name="What to write").get_by_role("link", name=act, exact=True).click()
    form = page.locator("#composer form")
    for label, words in said.items():
        field = form.get_by_label(label.replace("_", " "), exact=False).first
        if field.evaluate("it => it.tagName") == "SELECT":
            field.select_option(words)
        else:
            field.fill(words)
    form.locator("button").last.click()
    expect(page.locator(".message.success")).to_contain_text("is on record")


def test_an_alert_arrives_on_now_without_a_reload(wide: Screen, alert: Callable[..., None]):
    page = wide.open("/")
    page.evaluate("window.here = true")

    alert("arrives-1", "The mail queue grows")

    expect(page.get_by_text("The mail queue grows").first).to_be_visible()
    assert page.evaluate("window.here")


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/?show=promises",
        "/tickets",
        "/tickets/new",
        "/tickets/new?client=northgate-dental",
        "/clients",
        "/clients/northgate-dental",
        "/clients/northgate-dental/kept",
        "/clients/northgate-dental/promises?clock=resolution&kind=guarantee&period=this-month&verdict=running",
        "/on-call",
        "/on-call/by/on-call-primary",
        "/standard",
        "/standard?priority=P3",
    ],
)
def test_every_page_is_right_for_everybody(screen: Screen, alert: Callable[..., None], path: str):
    alert("look-1", "File server down, nobody can work", severity="critical")

    screen.open(path)

    screen.check()


def test_a_clients_page_loads_which_promises_were_kept(wide: Screen):
    page = wide.open("/clients/northgate-dental")

    expect(page.get_by_text("Approved corrections are made.")).to_be_visible()
    assert page.locator("[aria-labelledby='kept']").count() == 1


def test_a_tickets_page_is_right_for_everybody_whatever_is_written(screen: Screen, alert: Callable[..., None]):
    alert("look-1", "File server down, nobody can work", severity="critical")
    page = screen.open("/tickets?state=all")
    page.get_by_role("link", name="File server down").first.click()
    address = page.url

    for act in ("note", "update", "escalate"):
        page.goto(f"{address}?do={act}")
        screen.check()
    page.get_by_text("why?").first.click()
    page.get_by_role("heading", name="What to do").click()
    screen.check()
    page.goto(f"{address}?do=called")
    page.get_by_text("It was earlier than now").click()
    screen.check()


def test_a_ticket_is_worked_from_its_alert_to_its_solution(wide: Screen, alert: Callable[..., None]):
    alert("work-1", "The backup failed twice")
    page = wide.open("/")
    expect(page.get_by_text("The backup failed twice").first).to_be_visible()
    page = opened(wide, "The backup failed twice")

    page.get_by_role("button", name="Take it over").click()
    expect(page.get_by_text("owner Lena Vogt")).to_be_visible()
    writes(page, "Note", What_did_you_do="The tape is full.", Next_step="Change the tape")
    writes(page, "Reply to client", What_the_client_reads="The backup runs again at noon.", Next_step="Look at noon")
    writes(page, "Wait", For_whom="vendor", What_for="case 4471", Next_step="Call the vendor")
    writes(page, "Go on", Why_it_goes_on="They sent the patch", Next_step="Install it")
    writes(page, "Escalate", What_was_tried="The patch does not install", Next_step="Read its log")
    writes(page, "Accept", Next_step="Read its log")
    writes(page, "Send back", Why_it_goes_back="Free some space first")
    writes(page, "Solve", Cause="Full tape", What_was_done="Changed it", How_it_was_verified="The backup ran")

    expect(page.get_by_text("solved", exact=True).first).to_be_visible()
    expect(page.locator(".entry.client.to").first).to_contain_text("to the client")


def test_a_ticket_is_merged_into_one_that_looks_alike(screen: Screen, alert: Callable[..., None]):
    uid = f"merge-{screen.look}"
    alert(f"{uid}-1", f"Scanner {uid} jams")
    alert(f"{uid}-2", f"Scanner {uid} prints nothing")
    expect(screen.open("/").get_by_text(f"Scanner {uid} prints nothing").first).to_be_visible()
    page = opened(screen, f"Scanner {uid} jams")

    page.get_by_role("link", name="Merge…").click()
    screen.check()
    page.get_by_role("link", name=f"Scanner {uid} prints nothing").click()
    screen.check()
    page.get_by_label("Why they are one").fill("The same scanner")
    page.locator("form .button.primary").click()

    expect(page.locator(".message.success")).to_contain_text("is merged into")
    screen.check()
    page.get_by_text("Took over").get_by_role("link").click()
    expect(page.get_by_text("work goes on there")).to_be_visible()
    screen.check()


def test_an_act_is_dated_back_with_its_reason_and_the_draft_of_it_is_seen_again(
    wide: Screen, alert: Callable[..., None]
):
    alert("late-1", "The lift alarm rings")
    wide.open("/")
    page = opened(wide, "The lift alarm rings")
    page.goto(f"{page.url}?do=called")
    page.get_by_text("It was earlier than now").click()
    page.get_by_label("Why it comes on record").fill("on the road")

    page.reload()

    expect(page.get_by_label("Why it comes on record")).to_be_visible()
    page.get_by_label("When it really was").fill(page.evaluate("new Date().toISOString().slice(0, 16)"))
    page.get_by_label("What was said").fill("They know.")
    page.get_by_label("Next step").fill("Call the lift company")
    page.get_by_role("button", name="Record the call").click()
    expect(page.locator(".message.success")).to_contain_text("is on record")


def test_a_clock_opens_its_ledger(wide: Screen, alert: Callable[..., None]):
    alert("ledger-1", "The VPN is slow")
    wide.open("/")
    page = opened(wide, "The VPN is slow")

    page.locator("#clock-resolution summary").click()

    ledger = page.locator("#clock-resolution .ledger")
    expect(ledger).to_contain_text("8h for P2")
    expect(ledger).to_contain_text("by field-guide 1")


def test_two_browsers_on_one_ticket_lose_nothing(
    window: Callable[..., Screen], signed_in: Path, alert: Callable[..., None]
):
    alert("two-1", "The printer is offline")
    first, second = window(signed_in=signed_in), window(signed_in=signed_in)
    first.open("/")
    here, there = opened(first, "The printer is offline"), opened(second, "The printer is offline")
    there.goto(f"{there.url}?do=wait")
    there.get_by_label("What for").fill("a photo of the display")
    there.get_by_label("Next step").fill("Look at the photo")

    writes(here, "Note", What_did_you_do="It has no paper.", Next_step="Ask for paper")
    expect(there.locator("#news")).to_contain_text("New on this ticket")
    there.get_by_role("button", name="Set waiting").click()

    expect(there.get_by_role("alert")).to_contain_text("Somebody has been here while you wrote")
    expect(there.get_by_text("It has no paper.")).to_be_visible()
    expect(there.get_by_label("What for")).to_have_value("a photo of the display")
    there.get_by_role("button", name="Set waiting").click()
    expect(there.locator(".message.success")).to_contain_text("is on record")
    assert all("409" in error for error in second.errors)
    second.errors.clear()


def test_a_draft_survives_a_reload(wide: Screen, alert: Callable[..., None]):
    alert("draft-1", "The phones crackle")
    wide.open("/")
    page = opened(wide, "The phones crackle")
    page.get_by_label("What did you do").fill("Changed the switch port")

    page.reload()

    expect(page.get_by_label("What did you do")).to_have_value("Changed the switch port")
    expect(page.get_by_text("Draft restored")).to_be_visible()
