"""Do the import contracts hold, and does each of them fail when it is broken?"""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from configparser import ConfigParser
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CONTRACTS = ConfigParser()
CONTRACTS.read_string((ROOT / ".importlinter").read_text())

# contract -> the module that breaks it, what it imports, and what is said about it
BREACHES = {
    "floors": ("log/low.py", "tocsin.desk.ticket", "tocsin.log.low -> tocsin.desk.ticket"),
    "no-circles": ("desk/ticket.py", "tocsin.desk.tickets", "tocsin.desk"),
    "no-django": ("channels/pigeon.py", "django.db", "tocsin.channels.pigeon -> django"),
    "pure": ("core/guess.py", "random", "tocsin.core.guess -> random"),
    "channels-door": ("desk/tickets.py", "tocsin.channels.email", "tocsin.desk.tickets -> tocsin.channels.email"),
    "sources-door": ("desk/tickets.py", "tocsin.sources.generic", "tocsin.desk.tickets -> tocsin.sources.generic"),
    "models-door": ("management/door.py", "tocsin.models", "tocsin.management.door -> tocsin.models"),
    "channels-apart": (
        "channels/email.py",
        "tocsin.channels.terminal",
        "tocsin.channels.email -> tocsin.channels.terminal",
    ),
    "sources-apart": (
        "sources/generic.py",
        "tocsin.sources.alertmanager",
        "tocsin.sources.generic -> tocsin.sources.alertmanager",
    ),
}
SOUND = {
    "channels/base.py": [],
    "channels/email.py": ["tocsin.channels.base"],
    "channels/terminal.py": ["tocsin.channels.base"],
    "sources/base.py": ["tocsin.core"],
    "sources/generic.py": ["tocsin.sources.base"],
    "sources/alertmanager.py": ["tocsin.sources.base"],
    "desk/ticket.py": [],
    "desk/tickets.py": ["tocsin.desk.ticket", "tocsin.log"],
    "engine/deliveries.py": ["tocsin.channels.email", "tocsin.sources.generic"],
}


def floors() -> list[list[str]]:
    """The rooms from top to bottom; those on one floor together."""
    lines = CONTRACTS["importlinter:contract:floors"]["layers"].strip().splitlines()
    return [[room.strip(" ()") for room in line.split("|")] for line in lines]


def house(folder: Path, planted: Iterable[tuple[str, str]] = ()) -> Path:
    """A small house with every room of the contracts, and whatever imports are planted in it."""
    files: dict[str, list[str]] = {name: list(imports) for name, imports in SOUND.items()}
    for floor in floors():
        for room in floor:
            files[
                f"{room}.py" if room in ("__main__", "urls", "rsgi", "wsgi", "models") else f"{room}/__init__.py"
            ] = []
    for name, imported in planted:
        files.setdefault(name, []).append(imported)
    for name, imports in {**files, "__init__.py": []}.items():
        file = folder / "tocsin" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("".join(f"import {module}\n" for module in imports))
    shutil.copy(ROOT / ".importlinter", folder)
    return folder


def judge(folder: Path) -> tuple[dict[str, bool], str]:
    """contract's name -> kept?, and everything that was said."""
    said = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as lint; lint()", "--no-cache"],
        cwd=folder,
        env={"PYTHONPATH": str(folder), "COLUMNS": "300"},
        capture_output=True,
        text=True,
        check=False,
    )
    verdicts = re.findall(r"^(.+?) (KEPT|BROKEN)", said.stdout, re.MULTILINE)
    assert verdicts, said.stdout + said.stderr
    return {name: verdict == "KEPT" for name, verdict in verdicts}, said.stdout


def identifiers() -> list[str]:
    return [section.split(":")[2] for section in CONTRACTS.sections() if section.count(":") == 2]


def name_of(contract: str) -> str:
    return CONTRACTS[f"importlinter:contract:{contract}"]["name"]


def report(contract: str, said: str) -> str:
    """What was said about this broken contract: from its heading to the next one's."""
    headings = [re.escape(name_of(other)) + r"\n-+\n" for other in identifiers()]
    after = re.split(headings[identifiers().index(contract)], said)[1]
    return re.split("|".join(headings), after)[0]


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, bool], str]:
    """One house in which every contract is broken once."""
    return judge(house(tmp_path_factory.mktemp("broken"), [breach[:2] for breach in BREACHES.values()]))


def test_a_sound_house_keeps_every_contract(tmp_path: Path):
    kept, _ = judge(house(tmp_path))

    assert kept == {name_of(contract): True for contract in identifiers()}


@pytest.mark.parametrize("contract", identifiers())
def test_each_contract_fails_when_it_is_broken(contract: str, broken: tuple[dict[str, bool], str]):
    verdicts, said = broken

    assert verdicts[name_of(contract)] is False
    assert BREACHES[contract][2] in report(contract, said)


def test_no_room_may_look_up_by_a_single_floor(tmp_path: Path):
    stairs = [(above[0], below[0]) for above, below in zip(floors()[1:], floors()[2:], strict=False)]
    planted = [(f"{below}/up.py", f"tocsin.{above}") for above, below in stairs]

    _, said = judge(house(tmp_path, planted))

    missed = [
        f"{below} -> {above}"
        for above, below in stairs
        if f"tocsin.{below} is not allowed to import tocsin.{above}" not in said
    ]
    assert not missed


def test_rooms_of_one_floor_do_not_see_each_other(tmp_path: Path):
    neighbours = [(floor[0], floor[1]) for floor in floors()[2:] if len(floor) > 1]
    planted = [(f"{one}/aside.py", f"tocsin.{other}") for one, other in neighbours]

    _, said = judge(house(tmp_path, planted))

    missed = [
        f"{one} -> {other}"
        for one, other in neighbours
        if f"tocsin.{one} is not allowed to import tocsin.{other}" not in said
    ]
    assert not missed


def test_a_room_that_no_floor_names_is_refused(tmp_path: Path):
    (house(tmp_path) / "tocsin" / "utils").mkdir()
    (tmp_path / "tocsin" / "utils" / "__init__.py").touch()

    kept, said = judge(tmp_path)

    assert kept[name_of("floors")] is False
    assert "utils" in said
