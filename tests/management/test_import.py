"""Does the shell say what an import came to?"""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import pytest

from tocsin.__main__ import run
from tocsin.desk.ticket import Ticket
from tocsin.imports import load

SLICE = Path(__file__).resolve().parents[1] / "imports/uci498_slice.csv"

pytestmark = pytest.mark.django_db


def test_an_import_says_what_was_added_and_a_second_one_that_nothing_is_new(capsys):
    first = run(["import", "uci498", str(SLICE)])
    said = capsys.readouterr().out
    second = run(["import", "uci498", str(SLICE)])
    again = capsys.readouterr().out

    assert (first, second) == (0, 0)
    assert said.startswith("60 incidents added, 0 gone on, 0 here already; 550 events put on record")
    assert "taken as UTC" in said
    assert "first response: that is not recorded" in said
    assert again.startswith("Nothing new: 60 incidents were here already")


def test_lines_left_out_are_named_with_their_reason(capsys, tmp_path):
    lines = SLICE.read_text("utf-8").splitlines()
    number, _, *rest = lines[9].split(",")
    lines[7] = lines[7].replace(",Phone,", ",", 1)
    lines[9] = ",".join([number, "Asleep", *rest])
    file = tmp_path / "log.csv"
    file.write_text("\n".join(lines), "utf-8")

    code = run(["import", "uci498", str(file)])

    said = capsys.readouterr().err
    assert code == 0
    assert "Left out, lines: 2\n" in said
    assert "line 8: has 35 columns, the header has 36" in said
    assert "line 10: incident_state is 'Asleep'" in said


@pytest.mark.parametrize("dry", [[], ["--dry-run"]])
@pytest.mark.parametrize("stamp", ["1/1/9999 10:00", "1/1/2101 10:00", "31/12/1969 23:59", "1/1/0001 00:00"])
@pytest.mark.parametrize("column", ["opened_at", "sys_updated_at"])
def test_a_stamp_of_an_impossible_year_costs_its_own_line_and_no_other(capsys, tmp_path, column, stamp, dry):
    header, *lines = SLICE.read_text("utf-8").splitlines()
    cells = lines[8].split(",")
    cells[header.split(",").index(column)] = stamp
    lines[8] = ",".join(cells)
    file = tmp_path / "log.csv"
    file.write_text("\n".join([header, *lines]), "utf-8")

    code = run(["import", "uci498", str(file), *dry])

    said = capsys.readouterr()
    assert code == 0
    assert said.out.startswith("60 incidents")
    assert f"line 10: {column} is {stamp!r}: its year is one from 1970 to 2100" in said.err
    assert Ticket.objects.count() == (0 if dry else 60)


def test_the_first_and_the_last_year_that_is_taken_can_be_told(capsys, tmp_path):
    header, *lines = SLICE.read_text("utf-8").splitlines()
    columns = header.split(",")
    cells = lines[8].split(",")
    cells[columns.index("opened_at")], cells[columns.index("sys_updated_at")] = "1/1/1970 00:00", "31/12/2100 23:59"
    file = tmp_path / "log.csv"
    file.write_text("\n".join([header, ",".join(cells)]), "utf-8")

    code = run(["import", "uci498", str(file)])

    assert (code, capsys.readouterr().err) == (0, "")
    assert Ticket.objects.count() == 1


def test_a_dry_run_stores_nothing(capsys):
    code = run(["import", "uci498", str(SLICE), "--dry-run"])

    assert code == 0
    assert capsys.readouterr().out.startswith("60 incidents, 550 events; nothing was stored.")
    assert not Ticket.objects.exists()


def test_an_import_stopped_in_the_middle_says_how_far_it_came_and_goes_on_later(capsys, monkeypatch):
    reads = load.load

    def until_ctrl_c(*given, **more):
        yield from islice(reads(*given, **more, size=20), 2)
        raise KeyboardInterrupt

    with monkeypatch.context() as impatient:
        impatient.setattr(load, "load", until_ctrl_c)
        code = run(["import", "uci498", str(SLICE)])
    said = capsys.readouterr().err
    again = run(["import", "uci498", str(SLICE)])

    assert (code, again) == (130, 0)
    assert "stopped with 40 of 60 incidents on record" in said
    assert capsys.readouterr().out.startswith("20 incidents added, 0 gone on, 40 here already")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"", "is empty"), (b"PK\x03\x04", "is a zip archive"), (b"id,title\n1,x\n", "its header lacks number")],
)
def test_another_file_is_refused_with_a_sentence(capsys, tmp_path, content, sentence):
    file = tmp_path / "log.csv"
    file.write_bytes(content)

    code = run(["import", "uci498", str(file)])

    said = capsys.readouterr().err
    assert code == 1
    assert said.startswith(f"tocsin import: {file} ")
    assert sentence in said
    assert not Ticket.objects.exists()


def test_an_unknown_origin_is_answered_with_those_there_are(capsys):
    with pytest.raises(SystemExit) as end:
        run(["import", "uci499", str(SLICE)])

    assert end.value.code == 2
    assert "uci498" in capsys.readouterr().err


def test_attainment_of_an_empty_desk_is_no_data(capsys):
    assert run(["attainment"]) == 0
    assert capsys.readouterr().out == "no data\n"


def test_attainment_shows_resolution_and_says_that_a_response_is_not_recorded(capsys):
    run(["import", "uci498", str(SLICE)])
    capsys.readouterr()

    assert run(["attainment", "--client", "uci498"]) == 0

    said = capsys.readouterr().out.splitlines()
    assert said[1].split() == ["P1", "response", "target", "not", "recorded"]
    assert said[2].split() == ["P1", "resolution", "guarantee", "0", "6", "0", "0.0", "%", "119.2", "h", "528.1", "h"]


def test_attainment_of_nobody_is_refused_with_who_there_is(capsys):
    run(["import", "uci498", str(SLICE)])
    capsys.readouterr()

    assert run(["attainment", "--client", "acme"]) == 1
    assert capsys.readouterr().err == "tocsin attainment: There is no client 'acme'; there is uci498.\n"


@pytest.mark.parametrize("how", [[], ["--dry-run"]])
def test_a_file_of_a_header_alone_is_said_to_have_no_rows(capsys, tmp_path, how):
    file = tmp_path / "log.csv"
    file.write_text(SLICE.read_text("utf-8").splitlines()[0] + "\n", "utf-8")

    code = run(["import", "uci498", str(file), *how])

    assert code == 0
    assert capsys.readouterr().out.startswith(f"{file} has no rows, only a header.\n0 incidents")
