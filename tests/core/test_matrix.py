"""How severe is it, why, and what was only assumed?"""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from datetime import date

import pytest

from tests.core.matrices import small, written
from tocsin.core.matrix import STOPPED, BadFacts

TRADING = {"assumed": {"impact": "down"}, "starts_on": "2026-03-01", "ends_on": "2026-08-31"}
GRID = {
    "rows": "impact",
    "columns": "users",
    "cells": {"none": ["P3", "P3"], "some": ["P3", "P2"], "down": ["P2", "P1"]},
}


def test_it_says_the_priority_and_the_facts_that_decide():
    answer = written(small()).ask({"users": "many"})

    assert answer.priority == "P2"
    assert answer.because == ("P2, because users: more than a fifth (answered) and workaround: none (assumed)",)
    assert answer.decided_by == ("users", "workaround")


def test_what_nobody_answered_is_listed_with_what_is_assumed():
    answer = written(small()).ask({"users": "many"})

    assert dict(answer.assumed) == {"impact": "some", "workaround": "none"}


def test_the_most_severe_wins_and_the_losers_are_named():
    answer = written(small()).ask({"users": "many", "impact": "down"})

    assert answer.because == ("P1, because impact: down (answered)",)
    assert answer.losers == ("P2, because users: more than a fifth (answered) and workaround: none (assumed)",)


def test_each_fact_is_named_once_however_many_tests_it_passes():
    three = {"users": "many"}, {"impact": "down"}, {"workaround": "none"}
    either = [{"all_of": [three[0], three[1]]}, three[0]]
    shared = [{"all_of": [three[0], three[1]]}, {"all_of": [three[0], three[2]]}]
    facts = {"users": "many", "impact": "down", "workaround": "none"}

    alone = written(small(criteria={"P1": either})).ask(facts)
    joined = written(small(criteria={"P1": shared})).ask(facts)

    assert alone.because == ("P1, because users: more than a fifth (answered)",), "that is enough"
    assert joined.because == (
        "P1, because users: more than a fifth (answered) and impact: down (answered) and workaround: none (answered)",
    )


def test_where_nothing_qualifies_it_says_so_and_no_input_decides():
    answer = written(small()).ask({})

    assert (answer.priority, answer.decided_by) == ("P3", ())
    assert answer.because == ("P3, because nothing that is known or assumed qualifies for more",)


def test_an_answer_and_every_more_severe_one_pass_a_test():
    matrix = written(small(criteria={"P1": [{"impact": "some"}]}))

    assert [matrix.ask({"impact": each}).priority for each in ("none", "some", "down")] == ["P3", "P1", "P1"]


def test_tests_are_alternatives_unless_they_are_grouped():
    either, both = [{"users": "many"}, {"impact": "down"}], [{"all_of": [{"users": "many"}, {"impact": "down"}]}]
    facts = [{"users": "many"}, {"impact": "down"}, {"users": "many", "impact": "down"}, {}]

    assert [written(small(criteria={"P1": either})).ask(each).priority for each in facts] == ["P1", "P1", "P1", "P3"]
    assert [written(small(criteria={"P1": both})).ask(each).priority for each in facts] == ["P3", "P3", "P1", "P3"]


def test_of_alternatives_in_a_group_those_that_were_answered_are_named():
    group = {"all_of": [{"impact": "some"}, {"any_of": [{"users": "many"}, {"workaround": "none"}]}]}

    answer = written(small(criteria={"P2": [group]})).ask({"users": "many", "impact": "some"})

    assert answer.decided_by == ("users", "impact"), "no workaround was only assumed, and it holds without"


def test_no_workaround_counts_only_beside_another_test():
    matrix = written(small())

    assert matrix.ask({"users": "one", "workaround": "none"}).priority == "P3"
    assert matrix.ask({"users": "many", "workaround": "exists"}).priority == "P3"
    assert matrix.ask({"users": "many", "workaround": "none"}).priority == "P2"


def test_a_table_gives_a_priority_for_each_pair_of_answers():
    matrix = written(small(criteria={}, tables={"grid": GRID}))

    found = {
        row: [matrix.ask({"impact": row, "users": users}).priority for users in ("one", "many")]
        for row in GRID["cells"]
    }

    assert found == GRID["cells"]
    assert matrix.ask({"impact": "down"}).decided_by == ("users", "impact")


def test_a_service_counts_as_was_agreed_with_the_client_in_the_days_it_was_agreed_for():
    matrix = written(small(), contract={"services": {"trading": {"matrix": TRADING}}}, service="trading")

    assert matrix.ask({}, on=date(2026, 2, 28)).priority == "P3"
    assert matrix.ask({}, on=date(2026, 3, 1)).priority == "P1"
    assert matrix.ask({}, on=date(2026, 8, 31)).because == (
        "P1, because impact: down (assumed, as agreed with the client for trading since 2026-03-01 until 2026-08-31)",
    )
    assert matrix.ask({}, on=date(2026, 9, 1)).priority == "P3"


def test_what_was_agreed_for_another_service_does_not_count():
    matrix = written(small(), contract={"services": {"trading": {"matrix": TRADING}}}, service="files")

    assert matrix.ask({}).priority == "P3"


def test_an_assumption_for_the_service_wins_over_the_clients_and_an_answer_over_both():
    contract = {
        "matrix": {"assumed": {"impact": "down"}},
        "services": {"wiki": {"matrix": {"assumed": {"impact": "none"}}}},
    }

    assert written(small(), contract=contract).ask({}).priority == "P1"
    assert written(small(), contract=contract, service="wiki").ask({}).priority == "P3"
    assert written(small(), contract=contract, service="wiki").ask({"impact": "down"}).priority == "P1"


def test_what_a_client_agreed_is_severe_besides_and_makes_nothing_less_severe():
    contract = {"matrix": {"criteria": {"P1": [{"users": "many"}], "P3": [{"impact": "down"}]}}}
    matrix = written(small(), contract=contract)

    assert matrix.ask({"users": "many"}).because == (
        "P1, because users: more than a fifth (answered), as agreed with the client",
    )
    assert matrix.ask({"impact": "down"}).priority == "P1"


def test_a_stopped_line_is_the_most_severe_whatever_the_facts_say():
    answer = written(small()).ask({"users": "many"}, stopped=["Ransomware is spreading"])

    assert answer.because == ("P1, because the line was stopped: Ransomware is spreading",)
    assert answer.decided_by == (STOPPED,)
    assert answer.losers == ("P2, because users: more than a fifth (answered) and workaround: none (assumed)",)


def test_a_blank_answer_is_none():
    matrix = written(small())

    assert matrix.ask({"users": "", "impact": None}) == matrix.ask({})


def test_what_is_no_fact_or_not_on_its_scale_is_refused_with_the_nearest_word():
    with pytest.raises(BadFacts) as error:
        written(small()).ask({"usres": "one", "impact": "dwon"})

    assert str(error.value) == (
        "'usres' is no fact of this standard: did you mean 'users'? "
        "impact: 'dwon' is not on its scale: did you mean 'down'?"
    )


def test_an_answer_cannot_be_changed():
    answer = written(small()).ask({})

    with pytest.raises(FrozenInstanceError):
        answer.priority = "P1"
