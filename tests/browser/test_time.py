"""Do countdowns tell the truth, by the desk's clock and not the reader's?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.screen import Screen

pytestmark = [pytest.mark.slow, pytest.mark.only_on("sqlite"), pytest.mark.only_on("chromium")]


def put(page: Page, *, due_at: datetime) -> None:
    """A countdown stands in the page, as a fragment that arrives would bring it."""
    page.evaluate(
        """at => {
            const time = document.createElement("time");
            time.className = "countdown";
            time.dateTime = at;
            document.getElementById("main").append(time);
        }""",
        due_at.isoformat(),
    )


@pytest.mark.parametrize(
    ("due_in", "shown"),
    [
        (timedelta(hours=1, minutes=20, seconds=30), "1 h 20"),
        (timedelta(minutes=59, seconds=30), "59:2"),
        (timedelta(minutes=9, seconds=30), "09:2"),
        (timedelta(minutes=-2, seconds=-9), "−02:"),
        (timedelta(hours=-3, seconds=-9), "−3 h 00"),
        (timedelta(hours=-49), "−2 d 1"),
    ],
)
def test_what_is_left_is_told_in_few_figures(wide: Screen, due_in: timedelta, shown: str):
    page = wide.open()

    put(page, due_at=datetime.now(UTC) + due_in)

    expect(page.locator("#main > .countdown")).to_contain_text(shown)


def test_a_countdown_ticks_and_turns_late_by_itself(wide: Screen):
    page = wide.open()
    put(page, due_at=datetime.now(UTC) + timedelta(seconds=8))
    countdown = page.locator("#main > .countdown")

    expect(countdown).to_have_class("countdown soon")
    expect(countdown).to_contain_text("00:0")

    expect(countdown).to_have_class("countdown late")
    expect(countdown).to_contain_text("−00:0")


def test_a_reader_whose_clock_is_an_hour_wrong_sees_the_same(wide: Screen):
    wide.page.clock.install(time=datetime.now(UTC) + timedelta(hours=1))
    page = wide.open()

    put(page, due_at=datetime.now(UTC) + timedelta(minutes=10, seconds=30))
    page.clock.run_for(1500)

    expect(page.locator("#main > .countdown")).to_contain_text("10:2")
