"""Does a standard that cannot keep its own promises say so, and a sound one say nothing?"""

from __future__ import annotations

import pytest

from tests.core.standards import SMALL, broken, line_of
from tocsin.core.hours import Calendar
from tocsin.core.policy import Finding, lint, load


def found(*changes: tuple[str, str], **agreed: object) -> list[Finding]:
    return lint(load(broken(*changes), name="small.toml"), **agreed)  # type: ignore[arg-type]


def at(said: str, key: str) -> str:
    return f"small.toml:{line_of(SMALL, said)}: {key}"


L2 = 'after = { P1 = "30m", P2 = "2h" }'


def test_a_standard_that_can_keep_its_promises_has_nothing_to_be_said():
    assert found() == []


def test_an_answer_promised_after_the_solution_is_an_error():
    assert found(('P1 = "15m", P2 = "2h"', 'P1 = "5h", P2 = "2h"'))[0] == Finding(
        "error",
        at('P1 = "15m", P2', "clocks.response.targets.P1"),
        "P1: response is promised in 5h, after resolution in 4h.",
    )


def test_a_level_that_gets_it_when_the_solution_is_due_is_an_error():
    assert found((L2, 'after = { P1 = "4h", P2 = "2h" }')) == [
        Finding(
            "error",
            at(L2, "ladders.functional.steps[1].after.P1"),
            "P1: L2 gets it after 4h at the earliest, and resolution is due in 4h.",
        )
    ]


def test_the_times_of_levels_add_up():
    third = '[[ladders.functional.steps]]\nname = "L3"\nto = "L3"\nafter = { P1 = "2h" }\nmessage = "acceptance"\n'

    findings = found(
        ("[ladders.client]", third + "[ladders.client]"),
        (L2, L2.replace("30m", "2h")),
        ('L2 = { title = "Second line" }', 'L2 = { title = "Second line" }\nL3 = { title = "Third line" }'),
    )

    assert [finding.sentence for finding in findings] == [
        "P1: L3 gets it after 2h + 2h at the earliest, and resolution is due in 4h."
    ]


def test_a_decision_asked_for_too_late_is_a_warning():
    findings = found(('to = "L2"', 'to = "boss"'), (L2, 'after = { P1 = "5h", P2 = "2h" }'))

    assert [finding.level for finding in findings] == ["warning"]


def test_a_level_is_compared_on_its_own_calendar():
    assert found((L2, 'after = { P1 = "30m", P2 = "4bd" }')) == []
    assert [f.sentence for f in found((L2, 'after = { P1 = "30m", P2 = "5bd" }'))] == [
        "P2: L2 gets it after 5bd at the earliest, and resolution is due in 5bd."
    ]


def test_a_second_person_paged_when_the_response_is_due_is_an_error():
    assert found(('after = { P1 = "5m" }\n', 'after = { P1 = "15m" }\n')) == [
        Finding(
            "error",
            at('after = { P1 = "5m" }\n', "ladders.page.steps[2].after.P1"),
            "P1: boss is paged after 15m, and response is due in 15m.",
        )
    ]


def test_a_page_path_of_one_person_is_warned_of():
    text = (
        SMALL[: SMALL.index('[[ladders.page.steps]]\nname = "second"')] + SMALL[SMALL.index("[ladders.functional]") :]
    )

    assert lint(load(text, name="small.toml")) == [
        Finding(
            "warning",
            at("[[ladders.page.steps]]", "ladders.page.steps[1]"),
            "P1: nobody is paged when duty does not acknowledge: add a second step.",
        )
    ]


def test_a_step_that_comes_before_the_one_above_it_is_an_error():
    assert found(('after = { P1 = "15m" }', 'after = { P1 = "2h" }')) == [
        Finding(
            "error",
            at('after = { P1 = "1h" }', "ladders.client.steps[2].after.P1"),
            "P1: called comes after 1h, before told which is written above it.",
        )
    ]


def test_a_call_nobody_would_miss_is_warned_of():
    assert found(('within = { P1 = "1h" }\n', "")) == [
        Finding(
            "warning",
            at('[[ladders.client.steps]]\nname = "called"', "ladders.client.steps[2]"),
            "P1: no step follows called, so nobody would miss it: say within when.",
        )
    ]


@pytest.mark.parametrize("on_raise", ["carry", "recalculate"])
def test_a_rule_that_raises_into_a_breach_is_an_error(on_raise):
    line = line_of(SMALL, 'after = "4h"') + 1

    assert found(('met_by = ["solved"]\n', f'met_by = ["solved"]\non_raise = "{on_raise}"\n'))[0] == Finding(
        "error",
        f"small.toml:{line}: raises.P2-P1.after",
        f"P1 would be broken at once: resolution is due in 4h, 4h are gone by then, and on_raise is {on_raise}.",
    )


@pytest.mark.parametrize("on_raise", ["earlier_of", "restart"])
def test_a_raise_that_grants_a_whole_new_time_is_none(on_raise):
    assert found(('met_by = ["solved"]\n', f'met_by = ["solved"]\non_raise = "{on_raise}"\n')) == []


def test_a_rule_that_raises_what_is_broken_already_is_warned_of():
    assert found(('P2 = "5bd"', 'P2 = "4h"')) == [
        Finding("warning", at('after = "4h"', "raises.P2-P1.after"), "P2 is broken by then: resolution is due in 4h.")
    ]


def test_a_threshold_and_a_step_for_one_person_at_one_instant_are_warned_of():
    rest = 'by = ["phone"]\nact = true\nafter = { P1 = "1h" }\nwithin = { P1 = "1h" }\n'
    call, ours = f'to = "contact"\n{rest}message = "client-step"', f'to = "boss"\n{rest}message = "step"'

    assert found(('percent = 50, tell = "duty"', 'percent = 25, tell = "boss"'), (call, ours)) == [
        Finding(
            "warning",
            at('after = { P1 = "1h" }', "ladders.client.steps[2].after.P1"),
            "P1: boss is told by called and by 25 % of resolution at the same instant.",
        )
    ]


def test_corrections_that_nobody_may_approve_are_warned_of():
    assert found(('backdating_by = ["boss"]\n', "")) == [
        Finding(
            "warning",
            at("[rules]", "rules.backdating_by"),
            "Acts may be dated back by 15m, and nobody may approve a correction: name a role.",
        )
    ]


def test_where_nothing_may_be_dated_back_nothing_is_to_be_approved():
    assert found(('backdating_by = ["boss"]', 'backdating_within = "none"')) == []


def test_what_a_client_agreed_is_judged_too():
    assert [f.sentence for f in found(overrides={"targets": {"resolution": {"P1": "30m"}}})] == [
        "P1: L2 gets it after 30m at the earliest, and resolution is due in 30m.",
        "P1: called comes after 1h, and resolution is due in 30m: by then it is broken.",
    ]


def test_support_hours_that_never_close_can_be_judged():
    assert found(hours=Calendar.always()) == []


def test_errors_come_first():
    findings = found(('within = { P1 = "1h" }\n', ""), ('after = { P1 = "5m" }\n', 'after = { P1 = "15m" }\n'))

    assert [finding.level for finding in findings] == ["error", "warning"]


def test_a_finding_says_where_and_how_bad():
    assert str(Finding("error", "a.toml:1: b", "No.")) == "a.toml:1: b: error: No."
