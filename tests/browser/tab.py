"""What is a tab that one has put behind another?

Playwright tells every page that it is in front and takes the brakes off its timers, so that a hidden tab is never
hidden. Here a browser with its brakes on is asked by its own protocol, past Playwright, for tabs in a context that
Playwright does not know.
"""

from __future__ import annotations

import itertools
import json
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, CDPSession

BRAKES_OFF = [
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
]
PATIENCE_S = 20.0


class Tab:
    """One tab; the one opened last is in front, and those before it are hidden."""

    def __init__(self, browser: CDPSession, context: str, address: str) -> None:
        self.browser = browser
        self.answers: dict[int, dict[str, Any]] = {}
        self.numbers = itertools.count(1)
        target = browser.send("Target.createTarget", {"url": address, "browserContextId": context})["targetId"]
        # Not flat: Playwright has no session of its own for a target that it does not know.
        self.session = browser.send("Target.attachToTarget", {"targetId": target, "flatten": False})["sessionId"]
        browser.on("Target.receivedMessageFromTarget", self._heard)

    def run(self, script: str) -> Any:
        """What the script comes to in the page."""
        answer = self._evaluated(script)
        assert "exceptionDetails" not in answer.get("result", {"exceptionDetails": answer}), answer
        return answer["result"]["result"].get("value")

    def until(self, script: str) -> None:
        """It comes to something true; a page that is still on its way has nothing to say."""
        deadline = time.monotonic() + PATIENCE_S
        while not (answer := self._evaluated(script)).get("result", {}).get("result", {}).get("value"):
            assert time.monotonic() < deadline, f"never: {script}: {answer}"
            time.sleep(0.1)

    def press(self, selector: str) -> None:
        """A press of the mouse, as a browser asks for one before it plays a sound."""
        place = self.run(
            f"""(() => {{
                const box = document.querySelector({json.dumps(selector)}).getBoundingClientRect();
                return [box.x + box.width / 2, box.y + box.height / 2];
            }})()"""
        )
        for kind in ("mousePressed", "mouseReleased"):
            self._asked("Input.dispatchMouseEvent", type=kind, x=place[0], y=place[1], button="left", clickCount=1)

    def _evaluated(self, script: str) -> dict[str, Any]:
        return self._asked("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)

    def _asked(self, method: str, **parameters: Any) -> dict[str, Any]:
        number = next(self.numbers)
        message = json.dumps({"id": number, "method": method, "params": parameters})
        self.browser.send("Target.sendMessageToTarget", {"sessionId": self.session, "message": message})
        deadline = time.monotonic() + PATIENCE_S
        while number not in self.answers:
            assert time.monotonic() < deadline, f"no answer to {method}"
            self.browser.send("Target.getTargets")  # while that is answered, what has come meanwhile is heard
        return self.answers.pop(number)

    def _heard(self, said: dict[str, Any]) -> None:
        message = json.loads(said["message"]) if said["sessionId"] == self.session else {}
        if "id" in message:
            self.answers[message["id"]] = message


@contextmanager
def with_its_brakes_on(browser: Browser, *, signed_in: Path) -> Iterator[Any]:
    """tab(address): a new tab, in front of those before, in a browser of its own in which somebody has signed in."""
    braked = browser.browser_type.launch(
        executable_path=shutil.which("chromium"), args=["--no-sandbox"], ignore_default_args=BRAKES_OFF
    )
    try:
        session = braked.new_browser_cdp_session()
        context = session.send("Target.createBrowserContext")["browserContextId"]
        cookies = [
            {name: value for name, value in cookie.items() if not (name == "expires" and value < 0)}
            for cookie in json.loads(signed_in.read_text())["cookies"]
        ]
        session.send("Storage.setCookies", {"cookies": cookies, "browserContextId": context})
        yield lambda address: Tab(session, context, address)
    finally:
        braked.close()
