"""Does what the README shows happen, to the word?"""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests.endtoend.desk import Desk, wait
from tocsin.__main__ import COMMANDS

README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
TITLE = "File server down, nobody can work"
BLOCKS = re.findall(r"^```\w*\n(.*?)^```", README, re.DOTALL | re.MULTILINE)


def block(begins: str) -> str:
    """The README's block that begins so."""
    (found,) = [text for text in BLOCKS if text.startswith(begins)]
    return found


def words(text: str) -> list[str]:
    """The words of a command, however its lines were broken and set in."""
    return text.replace("\\\n", " ").split()


def pages_about(title: str, console: str) -> list[str]:
    """The whole pages that the console has printed so far whose subject ends so."""
    pages = re.findall(r"┌[^┘]*┘", console)
    return [page for page in pages if re.search(rf"│ Subject .*: {re.escape(title)} +│", page)]


def without_times(page: str) -> list[str]:
    """The lines of a page, but not when it was: that is another hour each time, and a zone of summer or winter.

    Nor which number it has: how much of tonight has happened by then is another matter each time, too.
    """
    lines = [line for line in page.splitlines() if not re.match(r"│ (Since|Due): ", line)]
    return [re.sub(r"INC-\d{3}\b", "INC-178", line) for line in lines]


@pytest.mark.slow
def test_the_curl_of_the_readme_opens_a_critical_ticket_and_the_console_says_who_is_told_and_why(tmp_path: Path):
    desk = Desk(tmp_path, past=True)
    with desk.running():
        printed = re.search(r"^ *(curl .*?\}')$", desk.console, re.DOTALL | re.MULTILINE)
        assert printed, desk.console
        key = re.search(r"Bearer (\S+)'", printed[1])
        assert key
        curl = block("curl").replace("http://127.0.0.1:8000", desk.url).replace("Bearer KEY", f"Bearer {key[1]}")

        answer = subprocess.run(["bash", "-c", curl], capture_output=True, text=True, check=False)
        pages = wait(lambda: pages_about(TITLE, desk.console), lambda: f"nobody was told; it said: {desk.console}")
        page = pages[0]
        accepted = re.fullmatch(r'\{"accepted": (\d+)\}', answer.stdout.strip())
        assert accepted, answer.stdout + answer.stderr
        opened = desk.types("intake", "show", accepted[1])

    assert words(curl) == words(printed[1])
    number = re.search(r"INC-\d+", page)
    assert number and f"opened {number[0]}" in opened
    assert without_times(page) == without_times(block("┌"))
    assert "P1 Critical" in page
    assert "Why you:" in page


def test_the_readme_names_every_command():
    section = README.split("\n## Commands\n")[1].split("\n## ")[0]

    assert set(re.findall(r"`(\w+)`", section)) == set(COMMANDS)
