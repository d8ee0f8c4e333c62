"""Does `tocsin policy lint` answer people and programs, with this desk and without it?"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.core.standards import SMALL, broken, line_of
from tests.world import World
from tocsin.__main__ import run
from tocsin.directory.person import Holding
from tocsin.standard import presets


@pytest.fixture
def lint(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def linted(text, *options):
        Path("desk.toml").write_text(text)
        code = run(["policy", "lint", "desk.toml", *options])
        said = capsys.readouterr()
        return code, said.out, said.err.strip()

    return linted


@pytest.fixture
def world(db: None) -> World:
    return World()


def test_a_program_reads_every_mistake_by_its_line(lint):
    text = broken(('P1 = "15m"', 'P1 = "15"'))

    code, out, _ = lint(text, "--json")

    assert code == 1
    (mistake,) = json.loads(out)["found"]
    assert (mistake["level"], mistake["line"]) == ("mistake", line_of(text, 'P1 = "15"'))
    assert mistake["key"] == "clocks.response.targets.P1"


def test_a_program_reads_every_finding_with_its_kind_and_exit_code_0_where_there_is_no_error(lint):
    text = broken(('backdating_by = ["boss"]\n', ""))

    code, out, err = lint(text, "--json")

    assert (code, err) == (0, "")
    assert json.loads(out) == {
        "file": "desk.toml",
        "standard": "small",
        "found": [
            {
                "level": "warning",
                "kind": "uncorrected",
                "line": line_of(text, "[rules]"),
                "key": "rules.backdating_by",
                "sentence": "Acts may be dated back by 15m, and nobody may approve a correction: name a role.",
            }
        ],
    }


def test_without_the_desk_nobody_asks_a_database(lint):
    code, out, _ = lint(SMALL)  # the test has none, and asking it would fail

    assert (code, out) == (0, "A small desk can be kept, with no warnings.\n")


def test_the_desk_is_asked_who_is_there(lint, world):
    Holding.objects.filter(role="director").delete()

    code, out, err = lint(presets.text("field-guide"), "--desk")

    assert code == 1
    assert "steps[4].to: error: Nobody holds director for Acme: give it to somebody, and to a backup." in out
    assert err.startswith("tocsin policy: 16 errors and 2 warnings")
    code, out, _ = lint(presets.text("field-guide"), "--desk", "--json")
    desk = json.loads(out)["desk"]
    assert (code, desk["clients"]) == (1, ["Acme"])
    assert [each["clients"] for each in desk["found"] if each["kind"] == "empty-role"] == [["Acme"]]


def test_a_client_that_is_to_work_by_it_is_named_by_its_address(lint, world):
    code, out, _ = lint(presets.text("sla-guard"), "--client", "acme")

    assert code in (0, 1)
    assert "for Acme" in out
    code, _, err = lint(presets.text("sla-guard"), "--client", "acmee")
    assert code == 1
    assert "There is no client 'acmee': did you mean 'acme'?" in err
