"""How do the screens look to somebody who has not installed it? Screenshots for the README, made from a running desk.

    make screenshots

A desk starts in a temporary home, a monitor reports what the README tells, and Debian's chromium looks at it.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
import tempfile
import urllib.request
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.screen import PHONE, WIDE, Look, Screen
from tests.endtoend.desk import Desk, wait

WHO = "lena@tocsin-desk.example"
WHERE = Path(__file__).parents[2] / "docs" / "screenshots"
DARK = Look("dark", 1440, 900)
SHOTS = (
    ("now", "/", WIDE),
    ("now-dark", "/", DARK),
    ("now-phone", "/", PHONE),
    ("ticket", "/tickets/INC-1", WIDE),
    ("ticket-dark", "/tickets/INC-1", DARK),
)
ALERTS = (
    ("db-1/disk", "critical", "Disk full on db-1, nobody can save"),
    ("fs-1/latency", "error", "File shares slow for the second floor"),
    ("mail/queue", "warning", "Outgoing mail is queueing"),
    ("ups/battery", "info", "UPS battery wants replacing"),
)


def main(where: Path = WHERE) -> None:
    """Every screenshot is there anew."""
    chromium = shutil.which("chromium")
    if not chromium:
        sys.exit("chromium is not installed:  sudo apt-get install chromium")
    where.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home:
        desk = Desk(Path(home))
        with desk.running(), sync_playwright() as playwright:
            report(desk)
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            for name, path, look in SHOTS:
                screen = Screen(browser, desk.url, look)
                screen.sign_in(WHO, said(desk, r"all with the password\s+(\S.*)\n"))
                screen.open(path).screenshot(path=where / f"{name}.png")
                screen.close()
                print(where / f"{name}.png")
            browser.close()


def report(desk: Desk) -> None:
    """The monitor has told the desk, and the desk has told somebody."""
    key = said(desk, r"Bearer (\S+)'")
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    for uid, severity, title in ALERTS:
        alert = {"alert_uid": uid, "title": title, "state": "alerting", "severity": severity}
        post = urllib.request.Request(f"{desk.url}/in/generic", json.dumps(alert).encode(), headers)
        urllib.request.urlopen(post, timeout=30).close()
    wait(lambda: "Why you:" in desk.console, "nobody was told")


def said(desk: Desk, pattern: str) -> str:
    found = re.search(pattern, desk.console)
    assert found, desk.console
    return found[1].strip()


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
