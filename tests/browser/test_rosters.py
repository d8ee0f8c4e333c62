"""Can a person who manages the desk make and change a roster in a browser, and anybody take over?"""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.screen import Look, Screen

MANAGER = "mona@tocsin-desk.example"


def test_a_roster_is_looked_at_before_it_is_published_on_a_page_right_for_everybody(
    window: Callable[..., Screen], look: Look, password: str
):
    screen = window(look)
    screen.sign_in(MANAGER, password)
    page = screen.open("/on-call/make")
    screen.check()
    role = f"on-call-{look}"
    page.get_by_label("Name").fill(f"Nights, {look}")
    page.get_by_label("Role", exact=False).first.fill(role)
    page.get_by_label("Role of the second").fill("")
    page.get_by_label("First").select_option(label="Tara Lind")
    page.get_by_label("Then (2)").select_option(label="Sam Okoye")

    page.get_by_role("button", name="Look at it first").click()

    expect(page.get_by_role("heading", name=f"Nights, {look}: the next 28 days")).to_be_visible()
    screen.check()
    page.get_by_role("button", name="Publish the roster").click()
    expect(page.get_by_role("heading", name=f"Nights, {look}", exact=True)).to_be_visible()
    screen.check()
    page = screen.open(f"/on-call/by/{role}/change")
    screen.check()
    page.get_by_label("Why").fill("the order")
    page.get_by_role("button", name="Look at it first").click()
    screen.check()


def test_somebody_takes_over_and_gives_it_back(wide: Screen):
    page = wide.open("/on-call/by/on-call-manager")
    page.get_by_label("Why").first.fill("Mona is at the dentist's")

    page.get_by_role("button", name="Put it on record").click()

    expect(page.get_by_text("Lena Vogt is on duty until")).to_be_visible()
    page.get_by_label("Why undo it").fill("she is back")
    page.get_by_role("button", name="Undo it").click()
    expect(page.get_by_text("Lena Vogt undid an override: she is back")).to_be_visible()
