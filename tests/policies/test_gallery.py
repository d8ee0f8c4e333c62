"""Does the page show truly how the standards that ship differ, and where they rank the same thing differently?"""

from __future__ import annotations

from pathlib import Path

from tocsin.core.gallery import Row, compare, rank
from tocsin.standard import presets

PAGE = (Path(__file__).parents[2] / "docs" / "presets.md").read_text()
POLICIES = [presets.read(name) for name in presets.NAMES]
ROWS = {row.what: row for row in compare(POLICIES)}


def table(rows: list[Row], first: str) -> str:
    """The rows as the page writes them; what all say alike stands once."""
    lines = [f"| {first} | {' | '.join(presets.NAMES)} |", f"| --- |{' --- |' * len(presets.NAMES)}"]
    return "\n".join([*lines, *(f"| {row.what} | {' | '.join(row.cells)} |" for row in rows)]) + "\n"


def cells(what: str) -> dict[str, str]:
    return dict(zip(presets.NAMES, ROWS[what].cells, strict=True))


def test_the_page_has_the_table_of_what_they_say_side_by_side():
    assert table(compare(POLICIES), "") in PAGE


def test_the_page_has_the_table_of_what_they_make_of_the_same_examples():
    assert table(rank(POLICIES, presets.examples()), "what happens") in PAGE


def test_targets_are_those_of_three_practices():
    assert cells("first response") == {
        "field-guide": "15m / 30m / 2h / 8h",
        "severity-tiers": "15m / 30m / 2h / 8h",
        "operating-standard": "15m / 30m / 2h / 8h",
        "three-tier": "30m / 30m / 30m",
        "sla-guard": "15m / 1h / 4h / 8h",
    }
    assert cells("resolution") == {
        "field-guide": "4h / 8h / 24h / 5bd",
        "severity-tiers": "4h / 8h / 24h / 5bd",
        "operating-standard": "4h / 8h / 24h / 5bd",
        "three-tier": "2h / 4h / 8h",
        "sla-guard": "4h / 8h / 24h / 72h",
    }


def test_they_wait_for_whom_their_practice_waits_for():
    assert cells("resolution waits for") == {
        "field-guide": "client",
        "severity-tiers": "client",
        "operating-standard": "client",
        "three-tier": "client, parts, vendor",
        "sla-guard": "client, vendor",
    }


def test_only_the_field_guide_guarantees_when_it_is_solved():
    assert set(cells("resolution is a").items()) >= {("field-guide", "guarantee"), ("sla-guard", "target")}
    assert list(cells("resolution is a").values()).count("guarantee") == 1


def test_only_what_is_critical_is_worked_on_round_the_clock_in_three_tiers():
    assert cells("round the clock")["three-tier"] == "P1"
    assert cells("round the clock")["field-guide"] == "P1, P2"


def test_what_is_critical_skips_the_first_line_and_ends_at_a_decision_of_management():
    assert cells("each passes it on after")["severity-tiers"].startswith("to Senior specialist 0m / 30m / 2h / —; ")
    assert cells("how it ends")["severity-tiers"] == "Management decision: Service desk manager"


def test_half_three_quarters_and_nine_tenths_warn_bring_a_senior_and_bring_management():
    assert cells("on the way to resolution")["sla-guard"] == (
        "50 % Owner of the ticket, 75 % Owner of the ticket and to Senior technician, "
        "90 % Service delivery manager and to Management, 100 % Service desk manager"
    )


def test_every_example_is_answered_under_every_standard_and_ranked_by_its_matrix():
    for example in presets.examples():
        assert set(example.facts) == set(presets.NAMES)
    assert all("—" not in row.cells for row in rank(POLICIES, presets.examples()))


def test_the_same_example_ranks_differently_in_different_sets():
    ranked = {row.what: row.cells for row in rank(POLICIES, presets.examples())}

    assert ranked["The disk of one workstation has failed"] == ("P3", "S3", "P3", "P2", "P3")
    assert ranked["E-mail is out for everybody; the webmail still works"] == ("P1", "S2", "P1", "P2", "P1")
    assert ranked["The CRM cannot be reached, and nobody needs it before next week"] == ("P2", "S3", "P3", "P1", "P2")


def test_a_row_says_whether_the_standards_differ_in_it():
    assert ROWS["resolution"].differs
    assert not ROWS["a complaint"].differs


def test_a_standard_without_a_matrix_or_without_answers_ranks_nothing():
    example = presets.examples()[0]
    (row,) = rank([presets.read("field-guide")], [type(example)("Something else", {})])

    assert row.cells == ("—",)
