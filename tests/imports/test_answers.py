"""Is another desk's answer read with what explains it?"""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest

from tocsin.core.hours import Calendar
from tocsin.core.infer.history import SOLVED
from tocsin.imports import answers, uci498

SLICE = Path(__file__).with_name("uci498_slice.csv")
ALWAYS = Calendar.always()
HEADER = ",".join(answers.SHEET)


@pytest.fixture
def read(tmp_path):
    def reading(*lines: str, zone: str = "UTC"):
        file = tmp_path / "tickets.csv"
        file.write_text("\n".join([HEADER, *lines]) + "\n", "utf-8")
        return answers.sheet(file, zone=zone)

    return reading


def utc(*when):
    return datetime(*when, tzinfo=UTC)


def test_a_line_of_a_sheet_is_a_ticket(read):
    wait = "client 2026-01-05T10:00 to 2026-01-05T12:00; parts 2026-01-05 13:00 to 2026-01-05 14:30"

    past = read(f"T1,P2,2026-01-05T09:00,2026-01-05T09:20,2026-01-05T16:00,2026-01-07T09:00,{wait},yes")

    (ticket,) = past.tickets
    assert (ticket.number, ticket.priority, ticket.kept, past.faults) == ("T1", "P2", True, [])
    assert ticket.opened_at == utc(2026, 1, 5, 9)
    assert ticket.stops == {
        "responded": utc(2026, 1, 5, 9, 20), "solved": utc(2026, 1, 5, 16), "closed": utc(2026, 1, 7, 9),
    }  # fmt: skip
    assert ticket.waits == (
        ("client", utc(2026, 1, 5, 10), utc(2026, 1, 5, 12)), ("parts", utc(2026, 1, 5, 13), utc(2026, 1, 5, 14, 30)),
    )  # fmt: skip


def test_a_stamp_without_an_offset_is_wall_time_of_the_zone_given(read):
    past = read("T1,P1,2026-07-01T09:00,,2026-07-01T10:00+00:00,,,no", zone="Europe/London")

    assert past.tickets[0].opened_at == utc(2026, 7, 1, 8)
    assert past.tickets[0].stops == {"solved": utc(2026, 7, 1, 10)}
    assert "wall time in Europe/London" in past.says


def test_a_solution_answers_too(read):
    past = read("T1,P1,2026-01-05T09:00,2026-01-05T12:00,2026-01-05T10:00,,,yes")

    assert past.tickets[0].stops["responded"] == utc(2026, 1, 5, 10)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (",P1,2026-01-05T09:00,,2026-01-05T10:00,,,yes", "has no number"),
        ("T1,1 - Critical,2026-01-05T09:00,,2026-01-05T10:00,,,yes", "priority is '1 - Critical'"),
        ("T1,P1,2026-01-05T09:00,,2026-01-05T10:00,,,maybe", "kept is 'maybe': write yes or no"),
        ("T1,P1,5.1.2026,,2026-01-05T10:00,,,yes", "opened_at is '5.1.2026': write it as 2026-01-05T10:00"),
        ("T1,P1,2226-01-05T09:00,,2226-01-05T10:00,,,yes", "its year is one from 1970 to 2100"),
        ("T1,P1,2026-01-05T09:00,,,,,yes", "it is not over"),
        ("T1,P1,2026-01-05T09:00,,2026-01-04T10:00,,,yes", "solved_at lies before opened_at"),
        ("T1,P1,2026-01-05T09:00,,2026-01-05T10:00,,client all day,yes", "waits has 'client all day'"),
        (
            "T1,P1,2026-01-05T09:00,,2026-01-05T19:00,,"
            "client 2026-01-05T10:00 to 2026-01-05T12:00; parts 2026-01-05T11:00 to 2026-01-05T13:00,yes",
            "two waits at the same time",
        ),
    ],
)
def test_a_line_that_cannot_be_read_is_named_with_its_reason(read, line, reason):
    past = read("T0,P1,2026-01-05T09:00,,2026-01-05T10:00,,,yes", line)

    assert [ticket.number for ticket in past.tickets] == ["T0"]
    assert [fault.line for fault in past.faults] == [3]
    assert reason in past.faults[0].reason


def test_a_ticket_on_two_lines_counts_once_and_is_named(read):
    line = "T1,P1,2026-01-05T09:00,,2026-01-05T10:00,,,yes"

    past = read(line, line)

    assert len(past.tickets) == 1
    assert "one line a ticket" in past.faults[0].reason


def test_every_incident_of_the_log_that_is_over_has_the_answer_of_its_last_row():
    past = answers.log_498(SLICE, zone="UTC")
    rows, _ = uci498.incidents(uci498.read(SLICE))

    last = {number: sorted(found, key=lambda row: row.updated_at)[-1] for number, found in rows.items()}
    assert {t.number: t.kept for t in past.tickets} == {
        number: row.facts[uci498.FACTS.index("made_sla")] == "true" for number, row in last.items()
    }
    assert {t.number: t.priority for t in past.tickets} == {number: row.priority for number, row in last.items()}
    assert all({"solved", "closed"} <= set(t.stops) for t in past.tickets)


def test_waits_of_the_log_never_overlap_and_a_reopened_incident_was_solved_in_between():
    past = answers.log_498(SLICE, zone="UTC")

    for ticket in past.tickets:
        assert all(until <= start for (_, _, until), (_, start, _) in pairwise(ticket.waits))
    reopened = [ticket for ticket in past.tickets if any(party == SOLVED for party, *_ in ticket.waits)]
    assert reopened
    for ticket in reopened:
        assert ticket.used("solved", (), ALWAYS) < ticket.stops["solved"] - ticket.opened_at
    assert {"client", "vendor", "problem", "evidence"} <= {w[0] for t in past.tickets for w in t.waits}
