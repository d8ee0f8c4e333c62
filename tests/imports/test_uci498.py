"""Does the imported history say what the log says, no more and no less?"""

from __future__ import annotations

import gzip
import hashlib
import json
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.imports import oracle_uci498
from tocsin.core import metrics
from tocsin.imports import uci498
from tocsin.imports.sheet import Fault, Unreadable

ROOT = Path(__file__).resolve().parents[2]
YEAR = ROOT / "examples/uci498/incident_event_log.csv.gz"
SLICE = Path(__file__).with_name("uci498_slice.csv")
ORACLE = Path(__file__).with_name("oracle_uci498.py")


def stamp(text):
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=UTC)


def row(state="New", at="2016-03-01 10:00", *, line=2, **changes):
    blank = uci498.Row(
        line=line, number="INC1", state=state, priority="P3", opened_at=stamp("2016-03-01 09:00"),
        updated_at=stamp(at), opened_by="8", updated_by="21", group="70", person=None, created_at=None,
        facts=(None,) * len(uci498.FACTS), afterwards=(None,) * len(uci498.AFTERWARDS),
    )  # fmt: skip
    return blank._replace(**changes)


def happenings(acts):
    return [happening for act in acts for happening in act.happenings]


def kinds(*rows):
    return [happening.kind for happening in happenings(uci498.history(rows))]


@pytest.fixture(scope="module")
def part():
    rows, _ = uci498.incidents(uci498.read(SLICE))
    return {number: uci498.history(found) for number, found in rows.items()}


def figures(histories):
    """What the oracle counts, counted from the acts alone."""
    counts, times = Counter(incidents=len(histories)), {}
    for acts in histories.values():
        story = happenings(acts)
        priority, waiting, state, solved, parties = None, None, "live", None, set()
        for happening in story:
            match happening.kind:
                case "opened":
                    priority = happening.data["priority"]
                case "priority_changed":
                    counts["priority_changes"] += 1
                    counts["raises" if happening.data["to"] < priority else "downgrades"] += 1
                    priority = happening.data["to"]
                case "assigned":
                    counts["reassigned_rows"] += 1
                case "paused":
                    waiting = happening.data["on"]
                    parties.add(waiting)
                    counts["born_waiting"] += happening.data["line"] == story[0].data["line"]
                case "resumed":
                    waiting = None
                case "solved":
                    by_closing = happening.data.get("by_closing", False)
                    counts["closed_while_live"] += by_closing
                    counts["waiting_to_resolved"] += bool(waiting) and not by_closing
                    counts["born_resolved"] += happening.data["line"] == story[0].data["line"]
                    waiting, state, solved = None, "resolved", happening.effective_at
                case "reopened":
                    counts[f"reopened_from_{state}"] += 1
                    state = "live"
                case "closed":
                    state = "closed"
                case "noted":
                    counts["hidden_states"] += happening.data.get("state") == "-100"
                    state = "closed" if happening.data.get("state") == "Closed" else state
        counts["closed"] += state == "closed"
        for party in parties:
            counts[f"waited_{party}"] += 1
        times.setdefault(priority, []).append(solved - story[0].effective_at)
    return counts, times


def assert_agree(histories, file):
    """What history() says and what the script that knows no Tocsin says of the same file are one."""
    told = subprocess.run([sys.executable, ORACLE, file, "--json"], capture_output=True, text=True, check=True).stdout
    oracle = json.loads(told)
    counts, times = figures(histories)
    not_in_acts = {"rows", "group_changes"}
    assert {name: counts[name] for name in oracle["counts"].keys() - not_in_acts} == {
        name: count for name, count in oracle["counts"].items() if name not in not_in_acts
    }
    assert {
        priority: {
            "count": len(took),
            "median_hours": round(metrics.median(took).total_seconds() / 3600, 4),
            "p90_hours": round(metrics.percentile(took, 90).total_seconds() / 3600, 4),
        }
        for priority, took in sorted(times.items())
    } == oracle["open_to_solved_by_state"]
    return oracle


@pytest.mark.slow
def test_the_whole_year_is_told_as_its_readme_counts_it():
    rows, faults = uci498.incidents(uci498.read(YEAR))
    histories = {number: uci498.history(found) for number, found in rows.items()}

    oracle = assert_agree(histories, YEAR)

    assert faults == []
    counts, times = figures(histories)
    assert (counts["incidents"], counts["closed"]) == (24_918, 24_918)
    assert (counts["priority_changes"], counts["raises"], counts["downgrades"]) == (436, 313, 123)
    assert [counts[f"waited_{party}"] for party in ("client", "vendor", "problem", "evidence")] == [5_471, 259, 247, 21]
    assert (counts["reopened_from_resolved"], counts["reopened_from_closed"]) == (320, 12)
    assert counts["waiting_to_resolved"] == 5_020
    assert {priority: len(took) for priority, took in times.items()} == {"P1": 270, "P2": 408, "P3": 23_466, "P4": 774}
    # The README beside the file gives both medians; the second is by the column that was written afterwards.
    readme = (YEAR.parent / "README.md").read_text("utf-8")
    for name in ("open_to_solved_by_state", "open_to_resolved_at"):
        for figure in ("median_hours", "p90_hours"):
            cells = " | ".join(f"{oracle[name][priority][figure]:.1f}" for priority in ("P1", "P2", "P3", "P4"))
            assert f" | {cells} |" in readme


def test_the_slice_is_told_as_the_script_without_tocsin_counts_it(part):
    oracle = assert_agree(part, SLICE)

    assert oracle["counts"]["incidents"] == len(part) == 60
    assert min(oracle["counts"].values()) > 0


def test_the_slice_is_part_of_the_year_row_by_row():
    whole = set(gzip.decompress(YEAR.read_bytes()).splitlines())

    assert set(SLICE.read_bytes().splitlines()) <= whole


def test_the_file_carried_here_is_the_one_its_readme_names():
    readme = (YEAR.parent / "README.md").read_text("utf-8")

    assert hashlib.sha256(YEAR.read_bytes()).hexdigest() in readme
    for name in (YEAR.parent / "README.md", SLICE.with_name("README.md")):
        assert "https://doi.org/10.24432/C57S4H" in name.read_text("utf-8")
        assert "https://creativecommons.org/licenses/by/4.0/" in name.read_text("utf-8")


def test_incidents_whose_rows_are_scattered_are_told_the_same(part):
    rows = [found for found in uci498.read(SLICE) if not isinstance(found, Fault)]
    places = sorted(range(len(rows)), key=lambda place: (place % 7, place))

    scattered, _ = uci498.incidents(rows[place] for place in places)

    # Within a minute the file's order counts, and this changed it: put each incident's rows back by their line.
    again = {number: uci498.history(sorted(found)) for number, found in scattered.items()}
    assert again == part


def test_no_response_is_ever_made_up(part):
    told = {happening.kind for acts in part.values() for happening in happenings(acts)}

    assert told == {
        "opened", "assigned", "noted", "priority_changed", "paused", "resumed", "solved", "reopened", "closed",
    }  # fmt: skip


def test_every_row_is_in_the_history(part):
    lines = {happening.data["line"] for acts in part.values() for happening in happenings(acts)}

    assert lines == set(range(2, 2 + 497))


def test_the_record_never_goes_back_and_nothing_is_so_before_the_opening(part):
    for acts in part.values():
        recorded = [act.recorded_at for act in acts]
        assert recorded == sorted(set(recorded))
        opened, *later = happenings(acts)
        assert opened.kind == "opened"
        assert all(happening.effective_at >= opened.effective_at for happening in later)


def test_a_log_that_grew_says_the_same_and_then_more():
    rows, _ = uci498.incidents(uci498.read(SLICE))
    grown = [sorted(found, key=lambda row: row.updated_at) for found in rows.values()]
    for found in grown:
        whole = happenings(uci498.history(found))
        taken_back = {told.data["line"] for told in whole if told.data.get("state") == "Closed"}
        for length in range(1, len(found)):
            begun = happenings(uci498.history(found[:length]))
            if not any(told.kind == "closed" and told.data["line"] in taken_back for told in begun):
                assert whole[: len(begun)] == begun


def test_a_closing_the_log_takes_back_is_a_note_and_the_last_one_closes():
    resolved, closed = row("Resolved", "2016-03-01 11:00"), row("Closed", "2016-03-06 11:00")
    again = row("Active", "2016-03-07 11:00")

    assert kinds(row(), resolved, closed, again) == ["opened", "solved", "noted", "reopened"]
    assert kinds(row(), resolved, closed, closed, again, row("Closed", "2016-03-12 11:00")) == [
        "opened", "solved", "noted", "noted", "reopened", "solved", "closed",
    ]  # fmt: skip


def test_an_incident_counts_from_its_reporting_and_is_recorded_with_its_first_row():
    acts = uci498.history([row(at="2016-03-01 10:00", opened_at=stamp("2016-03-01 09:53"))])

    assert acts[0].recorded_at == stamp("2016-03-01 10:00")
    assert acts[0].happenings[0].effective_at == stamp("2016-03-01 09:53")
    assert acts[0].happenings[0].actor == "user 8"


def test_a_first_row_from_before_the_opening_counts_at_the_opening():
    acts = uci498.history([row("Active", "2016-03-01 07:27"), row("Resolved", "2016-03-01 09:30")])

    assert [act.recorded_at for act in acts] == [stamp("2016-03-01 09:00"), stamp("2016-03-01 09:30")]


@pytest.mark.parametrize(
    ("state", "party"),
    [
        ("Awaiting User Info", "client"),
        ("Awaiting Vendor", "vendor"),
        ("Awaiting Problem", "problem"),
        ("Awaiting Evidence", "evidence"),
    ],
)
def test_each_waiting_state_is_a_wait_for_its_party(state, party):
    acts = uci498.history([row("Active"), row(state, "2016-03-01 11:00"), row("Active", "2016-03-01 12:00")])

    _, paused, resumed = happenings(acts)
    assert (paused.kind, paused.data["on"], paused.effective_at) == ("paused", party, stamp("2016-03-01 11:00"))
    assert (resumed.kind, resumed.effective_at) == ("resumed", stamp("2016-03-01 12:00"))


def test_a_wait_for_another_party_ends_the_first():
    rows = row("Active"), row("Awaiting Vendor", "2016-03-01 11:00"), row("Awaiting User Info", "2016-03-01 12:00")

    assert kinds(*rows) == ["opened", "paused", "resumed", "paused"]


def test_a_jump_from_waiting_to_resolved_needs_no_working_state_between():
    rows = row("Awaiting User Info"), row("Resolved", "2016-03-01 12:00"), row("Closed", "2016-03-06 12:00")

    assert kinds(*rows) == ["opened", "paused", "solved", "closed"]


def test_an_incident_born_resolved_is_opened_and_solved():
    assert kinds(row("Resolved", "2016-03-01 09:00")) == ["opened", "solved"]


def test_solved_is_when_the_state_became_so_and_a_later_save_is_a_note():
    acts = uci498.history([row(), row("Resolved", "2016-03-01 11:00"), row("Resolved", "2016-03-01 14:00")])

    assert [(act.recorded_at.hour, act.happenings[0].kind) for act in acts] == [
        (10, "opened"), (11, "solved"), (14, "noted"),
    ]  # fmt: skip


def test_an_incident_closed_while_live_is_solved_by_its_closing():
    acts = uci498.history([row(), row("Closed", "2016-03-06 12:00", afterwards=("6/3/2016 12:00", "5", None, "6"))])

    _, solved, closed = happenings(acts)
    assert (solved.kind, solved.data["by_closing"]) == ("solved", True)
    assert (closed.kind, closed.data["resolved_at"], closed.data["closed_code"]) == ("closed", "6/3/2016 12:00", "6")


def test_leaving_resolved_for_a_live_state_is_a_reopening():
    resolved = row("Resolved", "2016-03-01 11:00")

    assert kinds(row(), resolved, row("Active", "2016-03-01 12:00"))[2:] == ["reopened"]
    assert kinds(row(), resolved, row("Awaiting Vendor", "2016-03-01 12:00"))[2:] == ["reopened", "paused"]


def test_a_hidden_state_leaves_the_one_before_in_force():
    rows = row("Awaiting Vendor"), row("-100", "2016-03-01 11:00"), row("Awaiting Vendor", "2016-03-01 12:00")

    assert kinds(*rows) == ["opened", "paused", "noted", "noted"]


def test_rows_of_one_minute_are_one_act_in_the_order_of_the_file():
    acts = uci498.history(
        [
            row(),
            row("Active", "2016-03-01 11:00"),
            row("Awaiting Vendor", "2016-03-01 11:00"),
            row("Resolved", "2016-03-01 11:00"),
        ]
    )

    assert len(acts) == 2
    assert [happening.kind for happening in acts[1].happenings] == ["noted", "paused", "solved"]


def test_a_row_that_changes_much_writes_priority_first_and_the_stop_last():
    changed = row("Resolved", "2016-03-01 11:00", priority="P1", group="24", person="6")

    acts = uci498.history([row("Awaiting Vendor"), changed])

    assert [happening.kind for happening in acts[1].happenings] == ["priority_changed", "assigned", "solved"]
    assert acts[1].happenings[0].data["to"] == "P1"
    assert acts[1].happenings[1].data["group"] == "24"


def test_a_row_that_only_changes_a_fact_is_a_note_that_names_it():
    facts = tuple("42" if name == "category" else None for name in uci498.FACTS)

    acts = uci498.history([row(), row(at="2016-03-01 11:00", facts=facts)])

    assert acts[1].happenings[0].kind == "noted"
    assert acts[1].happenings[0].data["facts"] == {"category": "42"}


@pytest.mark.parametrize(
    ("column", "text", "reason"),
    [
        ("number", "?", "has no incident number"),
        ("number", "", "has no incident number"),
        ("incident_state", "Sleeping", "incident_state is 'Sleeping': it is one of New, Active"),
        ("priority", "5", "priority is '5': it is 1, 2, 3 or 4"),
        ("priority", "", "priority is '': it is 1, 2, 3 or 4"),
        ("priority", "12", "priority is '12': it is 1, 2, 3 or 4"),
        ("opened_at", "?", "opened_at is '?': it is a stamp such as"),
        ("sys_updated_at", "31/2/2016 10:00", "sys_updated_at is '31/2/2016 10:00': it is a stamp such as"),
        ("sys_updated_at", "2016-03-01 10:00", "sys_updated_at is '2016-03-01 10:00': it is a stamp such as"),
    ],
)
def test_a_bad_row_is_named_by_its_line_and_the_rest_is_read(tmp_path, column, text, reason):
    header, *lines = SLICE.read_text("utf-8").splitlines()
    cells = lines[4].split(",")
    cells[header.split(",").index(column)] = text
    lines[4] = ",".join(cells)
    file = tmp_path / "log.csv"
    file.write_text("\n".join([header, *lines]), "utf-8")

    rows, faults = uci498.incidents(uci498.read(file))

    assert [fault.line for fault in faults] == [6]
    assert faults[0].reason.startswith(reason)
    assert sum(map(len, rows.values())) == 496


def test_another_table_is_refused_with_the_columns_it_lacks(tmp_path):
    file = tmp_path / "tickets.csv"
    file.write_text("id,title\n1,printer on fire\n", "utf-8")

    with pytest.raises(Unreadable, match=r"lacks number, incident_state, priority.*; it has id, title"):
        list(uci498.read(file))


def test_the_labelled_copy_of_the_log_is_told_the_same(tmp_path, part):
    labels = {
        "caller_id": "Caller ", "opened_by": "Opened by  ", "sys_updated_by": "Updated by ", "assigned_to": "Resolver ",
        "assignment_group": "Group ", "location": "Location ", "category": "Category ", "closed_code": "code ",
    }  # fmt: skip
    grades = {"priority": {"1": "1 - Critical", "2": "2 - High", "3": "3 - Moderate", "4": "4 - Low"}}
    header, *lines = SLICE.read_text("utf-8").splitlines()
    names = header.split(",")
    labelled = [
        ",".join(
            grades[name][cell] if name in grades else labels.get(name, "") + cell if cell != "?" else cell
            for name, cell in zip(names, line.split(","), strict=True)
        )
        for line in lines
    ]
    file = tmp_path / "log.csv"
    file.write_text("\n".join([header, *labelled]), "utf-8")

    rows, faults = uci498.incidents(uci498.read(file))

    assert faults == []
    assert {number: uci498.history(found) for number, found in rows.items()} == part


def test_the_oracle_finds_the_solving_row_in_a_string_of_states():
    assert oracle_uci498.solved_in_row("naRRC") == 2
    assert oracle_uci498.solved_in_row("nRaURC") == 4
    assert oracle_uci498.solved_in_row("nUC") == 2
    assert oracle_uci498.solved_in_row("nRC" + "aa" + "RRCC") == 5
    assert oracle_uci498.solved_in_row("nR-RC") == 1
    assert oracle_uci498.solved_in_row("na") is None
