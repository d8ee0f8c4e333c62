"""What does each gate ask for, and where does the work stand?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tocsin.core.event import Moved, Noted, Opened, PriorityChanged, Reopened, Solved, StageEntered
from tocsin.core.stage import BadStage, Lack, Left, Stage, Visit, following, gate, path, place, solving, walk

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)

TRIAGE = Stage("triage", "Triage", exit=("prioritised", "owned"))
CONTAIN = Stage("contain", "Contain", priorities=("P1",), entry=("assigned",), exit=("contained",))
DIAGNOSE = Stage("diagnose", "Diagnose", artifacts=("log",), exit=("cause_known",))
RECOVER = Stage("recover", "Recover", "monitoring", entry=("fixed",), exit=("verified",))
REVIEW = Stage("review", "Review", "resolved", exit=("reviewed",))
STAGES = (TRIAGE, CONTAIN, DIAGNOSE, RECOVER, REVIEW)


def minutes(count):
    return NINE + timedelta(minutes=count)


def test_a_stage_that_is_for_one_priority_is_not_on_the_way_of_another():
    assert [stage.name for stage in path(STAGES, "P1")] == ["triage", "contain", "diagnose", "recover", "review"]
    assert [stage.name for stage in path(STAGES, "P3")] == ["triage", "diagnose", "recover", "review"]


def test_a_gate_names_what_the_stage_left_and_the_stage_entered_ask_for():
    found = gate(STAGES, "triage", "contain", "P1", left=Left({"prioritised"}))

    assert not found.open
    assert found.lacking == (Lack("triage", "exit", "owned"), Lack("contain", "entry", "assigned"))
    assert [str(lack) for lack in found.lacking] == [
        "triage ends only when it has an owner",
        "contain begins only when somebody works on it",
    ]


def test_a_gate_is_open_once_everything_is_so():
    found = gate(STAGES, "triage", "contain", "P1", left=Left({"prioritised", "owned", "assigned"}))

    assert found.open
    assert found.lacking == found.bypassed == ()


def test_an_artifact_counts_for_the_stage_it_is_filed_under():
    known = {"cause_known", "fixed"}

    assert not gate(STAGES, "diagnose", "recover", "P3", left=Left(known, {("triage", "log")})).open
    assert gate(STAGES, "diagnose", "recover", "P3", left=Left(known, {("diagnose", "log")})).open


def test_whoever_passes_stages_by_is_asked_for_what_all_of_them_ask():
    found = gate(STAGES, "triage", "recover", "P1", left=Left({"prioritised", "owned", "assigned"}))

    assert [(lack.stage, lack.word) for lack in found.lacking] == [
        ("contain", "contained"),
        ("diagnose", "cause_known"),
        ("diagnose", "log"),
        ("recover", "fixed"),
    ]


def test_a_reason_bypasses_what_is_lacking_and_it_is_remembered():
    found = gate(STAGES, "diagnose", "recover", "P3", left=Left({"fixed"}), reason="The log is on the dead disk")

    assert found.open
    assert found.lacking == ()
    assert [lack.word for lack in found.bypassed] == ["cause_known", "log"]


def test_a_blank_reason_bypasses_nothing():
    assert not gate(STAGES, "diagnose", "recover", "P3", reason="  ").open


def test_no_reason_bypasses_the_verification():
    found = gate(STAGES, "recover", "review", "P3", reason="The client is asleep")

    assert not found.open
    assert found.final == (Lack("recover", "exit", "verified"),)


def test_going_back_needs_a_reason_and_nothing_else():
    assert not gate(STAGES, "recover", "diagnose", "P3").open
    back = gate(STAGES, "recover", "diagnose", "P3", reason="It broke again")
    assert back.open and back.back and back.bypassed == ()


def test_beginning_a_stage_anew_needs_a_reason():
    assert not gate(STAGES, "diagnose", "diagnose", "P3").open
    assert gate(STAGES, "diagnose", "diagnose", "P3", reason="Another cause").open


@pytest.mark.parametrize(
    ("at", "to", "sentence"),
    [
        ("triage", "dignose", "P3 has no stage 'dignose': did you mean 'diagnose'?"),
        ("triage", "contain", "P3 has no stage 'contain': it is one of triage, diagnose, recover, review."),
        ("contain", "review", "P3 has no stage 'contain': it is one of triage, diagnose, recover, review."),
    ],
    ids=["mistyped", "of-another-priority", "left-behind"],
)
def test_a_stage_the_priority_does_not_have_is_refused_by_name(at, to, sentence):
    with pytest.raises(BadStage) as refused:
        gate(STAGES, at, to, "P3")
    assert str(refused.value) == sentence


def test_a_raise_keeps_the_place_and_a_lowering_steps_back_to_the_last_stage_there_is():
    story = [Opened(NINE, priority="P3", seq=1)]
    assert walk(STAGES, story).at == "triage"

    story += [StageEntered(minutes(5), "diagnose", seq=2), PriorityChanged(minutes(6), "P1", seq=3)]
    assert walk(STAGES, story).at == "diagnose"

    story += [StageEntered(minutes(7), "contain", reason="It spreads", seq=4)]
    assert walk(STAGES, story).at == "contain"

    story += [PriorityChanged(minutes(8), "P3", seq=5)]
    assert walk(STAGES, story).at == "triage"


def test_a_priority_without_stages_stands_in_none_and_comes_back_to_where_it_was():
    stages = (Stage("triage", "Triage", priorities=("P1", "P2")), Stage("resolve", "Resolve", priorities=("P1",)))
    story = [
        Opened(NINE, priority="P1", seq=1),
        StageEntered(minutes(1), "resolve", seq=2),
        PriorityChanged(minutes(2), "P4", seq=3),
    ]
    assert place(stages, "resolve", "P4") is None
    assert walk(stages, story).at == ""
    assert walk(stages, [*story, PriorityChanged(minutes(3), "P1", seq=4)]).at == "resolve"
    assert walk(stages, [*story, PriorityChanged(minutes(3), "P2", seq=4)]).at == "triage"


def test_the_walk_remembers_each_stay_and_what_was_bypassed():
    story = [
        Opened(NINE, priority="P3", seq=1),
        Noted(minutes(1), seq=2),
        StageEntered(minutes(2), "diagnose", ("owned",), "Nobody is free", seq=3),
        StageEntered(minutes(9), "triage", (), "Not ours", seq=7),
    ]

    walked = walk(STAGES, story)

    assert walked.visits == (
        Visit("triage", 1),
        Visit("diagnose", 3, ("owned",), "Nobody is free"),
        Visit("triage", 7, (), "Not ours"),
    )
    assert walked.bypasses == 1


def test_an_entry_into_a_stage_of_another_standard_is_passed_over():
    story = [Opened(NINE, priority="P3", seq=1), StageEntered(minutes(1), "analysis", seq=2)]

    assert walk(STAGES, story).at == "triage"
    assert walk((), story).at == ""


def test_a_ticket_that_was_moved_goes_the_way_of_what_its_priority_is_called_now():
    story = [
        Opened(NINE, priority="S1", seq=1),
        Moved(minutes(1), priorities=(("S1", "critical"),), seq=2),
        Moved(minutes(2), priorities=(("critical", "P1"),), seq=3),
        StageEntered(minutes(3), "contain", seq=4),
    ]
    assert walk(STAGES, story[:3]).at == "triage"
    assert walk(STAGES, story).at == "contain"

    story += [PriorityChanged(minutes(4), "P3", seq=5)]
    assert walk(STAGES, story).at == "triage"


def test_solving_enters_the_resolved_stage_and_reopening_goes_back_to_where_it_was():
    story = [Opened(NINE, priority="P3", seq=1), StageEntered(minutes(1), "diagnose", seq=2)]
    story += [Solved(minutes(5), answers=False, seq=3)]
    assert walk(STAGES, story).at == "review"

    story += [Reopened(minutes(9), seq=4)]
    assert walk(STAGES, story).at == "diagnose"
    assert [visit.anchor for visit in walk(STAGES, story).visits] == [1, 2, 3, 4]


def test_solving_without_a_resolved_stage_moves_nothing():
    story = [Opened(NINE, priority="P3", seq=1), Solved(minutes(5), seq=2), Reopened(minutes(9), seq=3)]
    assert walk(STAGES[:3], story).at == "triage"


def test_whoever_marks_it_solved_enters_the_stage_whose_word_is_resolved():
    assert solving(STAGES, "triage", "P3") == REVIEW
    assert solving(STAGES, "review", "P3") is None
    assert solving(STAGES[:3], "triage", "P3") is None
    assert solving(STAGES, "", "P3") is None


def test_the_next_stage_is_the_one_the_priority_has_next():
    assert following(STAGES, "triage", "P1") == CONTAIN
    assert following(STAGES, "triage", "P3") == DIAGNOSE
    assert following(STAGES, "review", "P3") is None
