"""Does the shell say what was promised, how sure that is, and write it down?"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.core.offices import weekdays
from tests.core.past import FIELD_GUIDE, past
from tocsin.__main__ import run
from tocsin.core.policy import load
from tocsin.imports.answers import SHEET

SLICE = Path(__file__).resolve().parents[1] / "imports/uci498_slice.csv"


@pytest.fixture(scope="module")
def sheet(tmp_path_factory) -> Path:
    """A desk's tickets in a plain sheet, two hundred of them under the field guide in London."""
    terms = load(FIELD_GUIDE.read_text("utf-8")).terms(hours=weekdays("Europe/London", "08:00", "18:00"))
    lines = [",".join(SHEET)]
    for each in past(terms, "resolution", seed=4, count=200):
        stops = [each.stops[stop].isoformat() for stop in ("responded", "solved", "closed")]
        waits = "; ".join(f"{party} {a.isoformat()} to {b.isoformat()}" for party, a, b in each.waits)
        cells = [each.number, each.priority, each.opened_at.isoformat(), *stops, waits, "yes" if each.kept else "no"]
        lines.append(",".join(cells))
    file = tmp_path_factory.mktemp("sheet") / "tickets.csv"
    file.write_text("\n".join(lines) + "\n", "utf-8")
    return file


def test_it_says_what_was_promised_and_writes_a_draft_that_can_be_read(sheet, tmp_path, capsys):
    out = tmp_path / "draft.toml"

    code = run(["policy", "infer", str(sheet), "--zone", "Europe/London", "--out", str(out)])

    said = capsys.readouterr().out
    policy = load(out.read_text("utf-8"))
    assert code == 0
    assert said.startswith("200 tickets with an answer")
    assert "held by these waits: client." in said
    assert "What else could have stopped it" in said
    assert "Tickets that disagree: " in said
    assert f"tocsin policy lint {out}" in said
    assert [priority.name for priority in policy.priorities] == ["P1", "P2", "P3", "P4"]
    assert run(["policy", "lint", str(out)]) == 0


def test_programs_are_told_every_ticket_that_disagrees(sheet, capsys):
    code = run(["policy", "infer", str(sheet), "--zone", "Europe/London", "--json"])

    found = json.loads(capsys.readouterr().out)
    assert code == 0
    assert (found["tickets"], found["stop"], found["waits"]) == (200, "solved", ["client"])
    assert len(found["disagreeing"]) == found["disagree"] > 0
    assert {one["priority"] for one in found["priorities"]} == {"P1", "P2", "P3", "P4"}
    assert load(found["draft"]).name == "inferred"


def test_the_log_is_held_out_and_measured_beside_every_preset_and_the_commoner_answer(capsys):
    code = run(["policy", "infer", str(SLICE), "--format", "uci498", "--hold-out"])

    said = capsys.readouterr().out
    rows = said[said.index("answers explained on the held-out half") :].splitlines()[2:]
    assert code == 0
    assert [row.split(" %  ")[-1].split(":")[0].strip() for row in rows] == [
        "inferred", "field-guide", "severity-tiers", "operating-standard", "three-tier", "sla-guard",
        "always the commoner answer",
    ]  # fmt: skip


def test_the_log_of_closings_is_told_and_its_draft_says_what_a_clock_here_cannot(tmp_path, capsys):
    out = tmp_path / "draft.toml"

    code = run(["policy", "infer", str(SLICE), "--format", "uci498", "--out", str(out)])

    said, text = capsys.readouterr().out, out.read_text("utf-8")
    assert code == 0
    assert "Stopped by the closing, held by these waits: none." in said
    assert "stamps are taken as UTC" in said
    assert "cannot be told" in said
    assert "No clock of this" in text and load(text).name == "inferred"


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (["--zone", "Europe/Londno"], "No time zone is called 'Europe/Londno': did you mean 'Europe/London'?"),
        (["--out", "draft.toml", "--hold-out"], "--hold-out measures and writes no draft"),
        (["--format", "uci498"], "is not the table expected: its header lacks"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(sheet, capsys, more, sentence):
    code = run(["policy", "infer", str(sheet), *more])

    assert code == 1
    assert sentence in capsys.readouterr().err


def test_a_draft_never_overwrites_a_file(sheet, tmp_path, capsys):
    out = tmp_path / "desk.toml"
    out.write_text("mine", "utf-8")

    code = run(["policy", "infer", str(sheet), "--out", str(out)])

    assert code == 1
    assert "is there already" in capsys.readouterr().err
    assert out.read_text("utf-8") == "mine"


def test_a_sheet_without_an_answer_is_refused_and_its_lines_named(tmp_path, capsys):
    file = tmp_path / "tickets.csv"
    file.write_text(f"{','.join(SHEET)}\nT1,P1,2026-01-05T09:00,,2026-01-05T10:00,,,perhaps\n", "utf-8")

    code = run(["policy", "infer", str(file)])

    said = capsys.readouterr().err
    assert code == 1
    assert "line 2: kept is 'perhaps'" in said
    assert "has no ticket that is over and says whether its promise was kept" in said
