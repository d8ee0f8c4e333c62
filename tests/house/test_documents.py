"""Is everything one can set or call described, and does nothing name the machine it was written on?"""

import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.management import load_command_class

from tocsin import __main__ as shell
from tocsin import settings
from tocsin.engine.health import metrics

ROOT = Path(__file__).parents[2]
OPERATE = (ROOT / "docs" / "operate.md").read_text()
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "examples").rglob("*.md")])
COMMANDS = sorted(file.stem for file in (ROOT / "tocsin/management/commands").glob("*.py") if file.stem != "__init__")


def first_cells(heading: str) -> list[str]:
    """The names in the first column of the table under this heading."""
    section = OPERATE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return re.findall(r"^\| `([^`]+)` \|", section, re.MULTILINE)


def test_every_setting_is_described_and_no_other():
    read = sorted(name for name in settings.KNOWN if not name.endswith("_FILE"))

    assert sorted(first_cells("Settings")) == read


def test_every_setting_that_may_come_from_a_file_is_marked_secret():
    from_files = {name.removesuffix("_FILE") for name in settings.KNOWN if name.endswith("_FILE")}

    marked = set(re.findall(r"^\| `(TOCSIN_\w+)` \|[^|]*\| \*secret\*", OPERATE, re.MULTILINE))

    assert marked == from_files


def test_every_command_is_described_and_taught_by_tocsin_alone():
    described = {name.removeprefix("tocsin ") for name in first_cells("Commands")}

    assert set(COMMANDS) <= set(shell.COMMANDS)
    assert described == {*shell.COMMANDS, shell.FOR_DEVELOPERS}
    assert all(f"tocsin {name}" in shell.lesson() for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_every_command_teaches_by_example(name: str):
    text = load_command_class("tocsin", name).create_parser("tocsin", name).format_help()

    assert re.search(rf"For example:\n(?:.*\n)*?.*tocsin {name}\b", text)
    assert "--pythonpath" not in text


@pytest.mark.django_db
def test_every_metric_is_described_and_no_other():
    told = re.findall(r"^# TYPE (\w+)", metrics(datetime.now(UTC)).decode(), re.MULTILINE)

    assert sorted(first_cells("Metrics")) == sorted(told)


def test_every_file_the_tour_names_is_there_and_every_room_is_in_it():
    tour = (ROOT / "docs" / "tour.md").read_text()
    named = re.findall(r"`((?:tocsin|tests|docs)/[\w./-]*)`", tour)
    rooms = {folder.name for folder in (ROOT / "tocsin").iterdir() if any(folder.glob("*.py"))}

    assert [name for name in named if not (ROOT / name).exists()] == []
    assert {room for room in rooms if f"`{room}`" not in tour} == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_what_a_page_links_to_is_there(page: Path):
    links = re.findall(r"\]\(([^)#:\s]+)[^):]*\)", page.read_text())

    assert [link for link in links if not (page.parent / link).exists()] == []


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:  # an unpacked archive
        return [file for file in ROOT.rglob("*") if file.is_file() and not {".venv", "var", ".git"} & set(file.parts)]
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def test_nothing_names_a_path_of_somebodys_machine():
    private = re.compile(rb"(?<![\w.])/(?:home/[a-z]|root/|Users/[A-Za-z]|work/|opt/)|\.\./shared\b|\.pyenv\b")

    named = [
        f"{file.relative_to(ROOT)}:{number}: {line.strip()[:80].decode(errors='replace')}"
        for file in tracked()
        if file != Path(__file__) and file.suffix not in (".gz", ".png", ".woff2")
        for number, line in enumerate(file.read_bytes().splitlines(), 1)
        if private.search(line)
    ]

    assert named == []


def test_no_lock_names_a_host():
    locks = sorted((ROOT / "requirements").glob("*.txt"))

    assert [lock.name for lock in locks] == ["base.txt", "bench.txt", "dev.txt"]
    for lock in locks:
        text = lock.read_text()
        assert not re.search(r"://|index-url|find-links|trusted-host", text)
        assert all("--hash=sha256:" in entry for entry in re.split(r"\n(?=[A-Za-z0-9])", text) if "==" in entry)


def test_the_package_asks_for_what_the_lock_was_made_from():
    wanted = (ROOT / "requirements" / "base.in").read_text()

    asked = re.search(r"dependencies = \[(.*?)\]\n", (ROOT / "pyproject.toml").read_text(), re.DOTALL)

    assert asked
    names = [line for line in wanted.splitlines() if line and not line.startswith(("#", "flit_core"))]
    assert re.findall(r'"([^"]+)"', asked[1]) == names
