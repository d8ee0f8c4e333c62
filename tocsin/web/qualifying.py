"""By which facts does a standard decide on a priority, in words somebody can read through?"""

from __future__ import annotations

from dataclasses import dataclass

from tocsin.core.matrix import AllOf, AtLeast, Matrix, Table, Test


@dataclass(frozen=True, slots=True)
class Fact:
    """What is asked, its answers from the mildest on, and what is assumed."""

    question: str
    answers: list[str]
    assumed: str


@dataclass(frozen=True, slots=True)
class Grid:
    """A priority for each pair of answers: `lines` has each row's answer and its priorities."""

    title: str
    columns: list[str]
    lines: list[tuple[str, list[str]]]


@dataclass(frozen=True, slots=True)
class Qualifying:
    """The matrix as it is read: the facts, what qualifies for each priority, the tables, and what is left."""

    facts: list[Fact]
    priorities: list[tuple[str, list[tuple[str, str]]]]
    grids: list[Grid]
    otherwise: str


def qualifying(matrix: Matrix | None) -> Qualifying | None:
    """None where the standard asks for no facts."""
    if matrix is None:
        return None
    inputs = matrix.inputs.values()
    found = [(name, _criteria(matrix, name)) for name in matrix.priorities]
    return Qualifying(
        [Fact(each.question, list(each.scale.values()), each.scale[each.assumed]) for each in inputs],
        [(name, criteria) for name, criteria in found if criteria],
        [_grid(matrix, table) for table in matrix.tables],
        matrix.otherwise,
    )


def _criteria(matrix: Matrix, priority: str) -> list[tuple[str, str]]:
    """What qualifies, as the standard says it, and by which facts."""
    return [(each.says, words(matrix, each.test)) for each in matrix.criteria if each.priority == priority]


def words(matrix: Matrix, test: Test, *, inside: bool = False) -> str:
    """users: more than a fifth or worse, and impact: the business is down."""
    if isinstance(test, AtLeast):
        one = matrix.inputs[test.input]
        worst = one.place(test.answer) == len(one.scale) - 1
        return f"{one.title}: {one.scale[test.answer]}{'' if worst else ' or worse'}"
    every = isinstance(test, AllOf)
    said = (", and " if every else ", or ").join(words(matrix, each, inside=True) for each in test.tests)
    return f"({said})" if inside else said


def _grid(matrix: Matrix, table: Table) -> Grid:
    rows, columns = matrix.inputs[table.rows], matrix.inputs[table.columns]
    lines = [(title, [table.cells[row, column] for column in columns.scale]) for row, title in rows.scale.items()]
    return Grid(f"{rows.title} and {columns.title}", list(columns.scale.values()), lines)
