"""How do the screens look to somebody who has not installed it? Screenshots for the README, made from a running desk.

    make screenshots

A desk starts in a temporary home with its invented fortnight, a monitor reports what the README tells, and Debian's
chromium looks at it.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.newcomer import WHO, password, report
from tests.browser.screen import PHONE, WIDE, Look, Screen
from tests.endtoend.desk import Desk

WHERE = Path(__file__).parents[2] / "docs" / "screenshots"
DARK = Look("dark", 1440, 900)
SHOTS = (
    ("now", "/", WIDE),
    ("now-dark", "/", DARK),
    ("now-phone", "/", PHONE),
    ("ticket", "P1", WIDE),
    ("ticket-dark", "P1", DARK),
)


def main(where: Path = WHERE) -> None:
    """Every screenshot is there anew."""
    chromium = shutil.which("chromium")
    if not chromium:
        sys.exit("chromium is not installed:  sudo apt-get install chromium")
    where.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home:
        desk = Desk(Path(home), past=True)
        with desk.running(), sync_playwright() as playwright:
            report(desk)
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            for name, path, look in SHOTS:
                screen = Screen(browser, desk.url, look)
                screen.sign_in(WHO, password(desk))
                page = screen.open("/" if path == "P1" else path)
                if path == "P1":
                    page.locator(".banner .about a").first.click()
                    page.wait_for_load_state()
                page.screenshot(path=where / f"{name}.png")
                screen.close()
                print(where / f"{name}.png")
            browser.close()


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
