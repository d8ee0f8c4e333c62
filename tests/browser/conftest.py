"""Which desk and which browser do these tests find ready? A real desk, and Debian's chromium.

Playwright keeps a loop running in its thread, in which Django refuses its database: so the browser is closed when the
last test of this folder has run, and nothing here touches the database but through the desk.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser import newcomer
from tests.browser.screen import LOOKS, WIDE, Look, Screen
from tests.endtoend.desk import Desk

PATIENCE_MS = 20_000  # for a machine that has much else to do; nothing waits longer than it must


@pytest.fixture(scope="package")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """`tocsin run` in a home of its own, with the people it begins with, to which a monitor has told four things."""
    desk = Desk(tmp_path_factory.mktemp("desk"))
    with desk.running():
        newcomer.report(desk)
        yield desk


@pytest.fixture(scope="package")
def password(desk: Desk) -> str:
    return newcomer.password(desk)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        expect.set_options(timeout=PATIENCE_MS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="package")
def signed_in(desk: Desk, browser: Browser, password: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The cookies of somebody who has signed in."""
    kept = tmp_path_factory.mktemp("browser") / "cookies.json"
    screen = Screen(browser, desk.url, WIDE)
    screen.sign_in(newcomer.WHO, password)
    screen.window.storage_state(path=kept)
    screen.close()
    return kept


@pytest.fixture(params=LOOKS, ids=str)
def look(request: pytest.FixtureRequest) -> Look:
    """Each theme at each width."""
    look: Look = request.param
    return look


@pytest.fixture
def window(desk: Desk, browser: Browser) -> Iterator[Callable[..., Screen]]:
    """window(look, signed_in=…): as many as a test needs; afterwards no browser complained of anything."""
    screens: list[Screen] = []

    def opened(look: Look = WIDE, *, signed_in: Path | None = None) -> Screen:
        screens.append(Screen(browser, desk.url, look, signed_in=signed_in))
        return screens[-1]

    yield opened
    for screen in screens:
        screen.close()


@pytest.fixture
def screen(window: Callable[..., Screen], look: Look, signed_in: Path) -> Screen:
    """Somebody who has signed in, in each theme at each width."""
    return window(look, signed_in=signed_in)


@pytest.fixture
def wide(window: Callable[..., Screen], signed_in: Path) -> Screen:
    """Somebody who has signed in, at a wide and light screen, for what does not depend on the look."""
    return window(signed_in=signed_in)
