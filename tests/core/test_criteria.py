"""Is a matrix read as it is meant, and is every mistake in one named by its key?"""

from __future__ import annotations

from typing import Any

import pytest

from tests.core.matrices import SMALL, small, written
from tests.core.standards import SMALL as STANDARD
from tocsin.core.hours import Calendar
from tocsin.core.policy import OFFICE, BadPolicy, Finding, lint, load

MATRIX = """\
[matrix]
otherwise = "P2"

[matrix.inputs.users]
title = "users"
question = "Who is hit?"
scale = { one = "one", all = "all" }
assumed = "one"

[matrix.criteria]
P1 = [{ users = "all" }]

"""


def mistakes(section: Any, **more: Any) -> list[str]:
    with pytest.raises(BadPolicy) as error:
        written(section, **more)
    return [each.partition(": ")[2] for each in str(error.value).splitlines()]


def with_test(test: dict[str, Any]) -> dict[str, Any]:
    return small(criteria={"P1": [test]})


def with_input(**changes: Any) -> dict[str, Any]:
    return small(inputs={**SMALL["inputs"], "users": {**SMALL["inputs"]["users"], **changes}})


def with_cells(**cells: Any) -> dict[str, Any]:
    return small(tables={"grid": {"rows": "users", "columns": "impact", "cells": cells}})


NAMES = "did you mean 'users'?"
NO_KEY = "There is no such key here"
USERS, FIRST = "matrix.inputs.users", "matrix.criteria.P1[1]"
FALLS = "is less severe than a cell above it or to its left: a table never falls."


MISTAKES = [
    (small(otherwise="P4"), "matrix.otherwise: 'P4' is no priority: it is one of P1, P2, P3."),
    (small(colour="red"), f"matrix.colour: {NO_KEY}: it is one of otherwise, inputs, criteria, tables, weighed_by."),
    (small(criteria={}), "matrix: Nothing is decided: give criteria, or a table."),
    (small(criteria={"P9": []}), "matrix.criteria.P9: The priority 'P9' is not declared: it is one of P1, P2, P3."),
    (with_input(assumed="two"), f"{USERS}.assumed: 'two' is no answer of its scale: it is one of one, many."),
    (with_input(scale={"one": "one"}), f"{USERS}.scale: A scale has at least two answers, the mildest first."),
    (with_test({"usres": "many"}), f"{FIRST}.usres: {NO_KEY}: {NAMES}"),
    (with_test({"users": "mnay"}), f"{FIRST}.users: 'mnay' is no answer to users: did you mean 'many'?"),
    (
        with_test({"users": "one"}),
        "matrix.criteria.P1[1].users: 'one' is the mildest answer, so this always holds: leave the test out.",
    ),
    (
        with_test({"users": "many", "impact": "down"}),
        "matrix.criteria.P1[1]: A test is one input and its answer, such as { users = 'all' }, or a group. "
        "These are 2: group them with all_of or any_of.",
    ),
    (with_test({"any_of": [{"users": "many"}]}), "matrix.criteria.P1[1].any_of: A group has at least two tests."),
    (
        with_test({"workaround": "none"}),
        "matrix.criteria.P1[1]: workaround counts only beside another: put it into an all_of with one.",
    ),
    (
        with_test({"any_of": [{"users": "many"}, {"workaround": "none"}]}),
        "matrix.criteria.P1[1]: workaround counts only beside another: put it into an all_of with one.",
    ),
    (
        with_cells(one=["P3", "P3", "P2"]),
        "matrix.tables.grid.cells: The row 'many' is missing: give 3 priorities, for none, some, down.",
    ),
    (
        with_cells(one=["P3", "P3"], many=["P3", "P2", "P1"]),
        "matrix.tables.grid.cells.one: A row is a list of 3 priorities, for none, some, down.",
    ),
    (
        with_cells(one=["P3", "P2", "P3"], many=["P2", "P2", "P1"]),
        f"matrix.tables.grid.cells.one: P3 {FALLS}",
    ),
    (
        with_cells(one=["P3", "P2", "P1"], many=["P2", "P3", "P1"]),
        f"matrix.tables.grid.cells.many: P3 {FALLS}",
    ),
]


@pytest.mark.parametrize(("section", "said"), MISTAKES, ids=[str(number) for number, _ in enumerate(MISTAKES, start=1)])
def test_a_mistake_is_named_by_its_key_with_the_remedy(section, said):
    assert said in mistakes(section)


def test_a_group_that_needs_more_than_the_workaround_is_no_mistake():
    written(with_test({"all_of": [{"workaround": "none"}, {"any_of": [{"users": "many"}, {"impact": "down"}]}]}))


@pytest.mark.parametrize(
    ("agreed", "said"),
    [
        ({"assumed": {"usres": "one"}}, f"matrix.assumed.usres: 'usres' is no input: {NAMES}"),
        (
            {"criteria": {"P1": [{"impact": "dwon"}]}},
            f"{FIRST}.impact: 'dwon' is no answer to impact: did you mean 'down'?",
        ),
        (
            {"starts_on": "March"},
            "matrix.starts_on: 'March' is no date: write year, month and day, such as 2026-12-25.",
        ),
        (
            {"starts_on": "2026-03-02", "ends_on": "2026-03-01"},
            "matrix.ends_on: It ends on 2026-03-01, before it starts on 2026-03-02.",
        ),
        ({"form": "x"}, "matrix.form: There is no such key here: it is one of assumed, criteria, starts_on, ends_on."),
    ],
)
def test_a_mistake_in_a_contract_is_named_for_the_client_and_for_every_service(agreed, said):
    assert mistakes(small(), contract={"matrix": agreed}) == [said]
    assert mistakes(small(), contract={"services": {"crm": {"matrix": agreed}}}) == [f"services.crm.{said}"]


def test_a_standard_says_it_with_line_and_key():
    text = STANDARD.replace("[waits]", MATRIX.replace('users = "all"', 'users = "al"') + "[waits]")
    line = text[: text.index("P1 = [{ users")].count("\n") + 1

    with pytest.raises(BadPolicy) as error:
        load(text, name="small.toml")

    assert str(error.value) == (
        f"small.toml:{line}: matrix.criteria.P1[1].users: 'al' is no answer to users: did you mean 'all'?"
    )


def test_a_standard_may_have_none_and_then_a_contract_cannot_differ_from_it():
    policy = load(STANDARD)

    assert policy.terms(hours=OFFICE).matrix is None
    with pytest.raises(BadPolicy, match=r"overrides: matrix: The standard has no matrix that this could differ from\."):
        policy.terms(hours=OFFICE, overrides={"matrix": {"assumed": {}}})


def test_the_terms_of_a_client_and_service_have_their_own():
    policy = load(STANDARD.replace("[waits]", MATRIX + "[waits]"))
    hours = Calendar("Australia/Sydney", {"mon": [("07:00", "18:00")]})
    overrides = {"services": {"crm": {"matrix": {"assumed": {"users": "all"}}}}}

    found = [policy.terms(hours=hours, service=each, overrides=overrides).matrix for each in ("crm", "files")]

    assert [matrix.ask({}).priority for matrix in found if matrix] == ["P1", "P2"]


def test_lint_names_a_priority_that_no_fact_gives_and_an_input_that_decides_nothing():
    idle = MATRIX.replace(
        "[matrix.criteria]",
        '[matrix.inputs.mood]\ntitle = "mood"\nscale = { a = "a", b = "b" }\nassumed = "a"\n\n[matrix.criteria]',
    )
    text = STANDARD.replace("[waits]", idle.replace('otherwise = "P2"', 'otherwise = "P1"') + "[waits]")

    found = lint(load(text, name="small.toml"))

    where = [text[: text.index(each)].count("\n") + 1 for each in ("[matrix]", "[matrix.inputs.mood]")]
    assert found == [
        Finding("warning", f"small.toml:{where[0]}: matrix", "No fact makes anything P2."),
        Finding("warning", f"small.toml:{where[1]}: matrix.inputs.mood", "No test asks for it: it decides nothing."),
    ]
