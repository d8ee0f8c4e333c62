"""What does a test see of a page? A browser window of one theme and width that forgives no error."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, Response

QUIET = ("verbose", "debug", "log", "info")
GRAVE = ("serious", "critical")


class Look(NamedTuple):
    """How a page is looked at."""

    theme: str
    width: int
    height: int

    def __str__(self) -> str:
        return f"{self.theme}-{self.width}"


LOOKS = [Look(theme, *size) for theme in ("light", "dark") for size in ((1440, 900), (390, 844))]
WIDE, PHONE = LOOKS[:2]


class Screen:
    """A window of its own: `page` is Playwright's, `errors` what the browser complained of since it was opened."""

    def __init__(self, browser: Browser, url: str, look: Look, *, signed_in: Path | None = None) -> None:
        self.url, self.look = url, look
        self.errors: list[str] = []
        self.window = browser.new_context(
            base_url=url,
            color_scheme="dark" if look.theme == "dark" else "light",
            viewport={"width": look.width, "height": look.height},
            has_touch=look.width < 760,
            reduced_motion="reduce",
            timezone_id="Europe/London",
            storage_state=signed_in,
        )
        self.page: Page = self.window.new_page()
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.errors.append(f"{self.page.url}: {error}"))
        self.page.on("response", self._answered)

    def open(self, path: str = "/") -> Page:
        """The page is there, with all it needs."""
        self.page.goto(path, wait_until="load")
        return self.page

    def sign_in(self, email: str, password: str) -> Page:
        """As a person does it; afterwards the page is the first one after sign-in."""
        page = self.open("/accounts/login/")
        page.get_by_label("Mail").fill(email)
        page.get_by_label("Password").fill(password)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(f"{self.url}/")
        return page

    def check(self) -> None:
        """The page as it stands is right for everybody: nothing grave for axe, nothing wider than the window."""
        found: list[dict[str, Any]] = Axe().run(self.page).response["violations"]
        grave = [f"{fault['id']}: {json.dumps(fault['nodes'][:3])}" for fault in found if fault["impact"] in GRAVE]
        assert grave == [], f"{self.page.url}: {grave}"
        assert self.page.evaluate("document.documentElement.scrollWidth") <= self.look.width, "it scrolls sideways"

    def close(self) -> None:
        """It is gone, and the browser had nothing to complain of."""
        self.window.close()
        assert self.errors == []

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type not in QUIET:
            self.errors.append(f"{self.page.url}: {message.type}: {message.text}")

    def _answered(self, response: Response) -> None:
        if "/static/" in response.url and response.status >= 400:
            self.errors.append(f"{response.url}: {response.status}")
