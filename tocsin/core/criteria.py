"""Which facts qualify for which priority, by the words of a standard and a contract?

The section `matrix`, read strictly: each function notes what will not do, and what it returns is right only if nothing
was noted. (R1.2, R1.3, R1.10, R1.12)
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from tocsin.core.document import Part, nearest
from tocsin.core.keys import KEYS
from tocsin.core.matrix import STOPPED, AllOf, AnyOf, AtLeast, Criterion, Input, Matrix, Override, Table, Test, named

GROUPS: dict[str, type[AllOf] | type[AnyOf]] = {"all_of": AllOf, "any_of": AnyOf}
WORDS = (*GROUPS, "says")


def matrix(top: Part, priorities: tuple[str, ...]) -> Matrix | None:
    """The standard's matrix; None where it has none."""
    if not top.has("matrix"):
        return None
    part = top.part("matrix", "matrix")
    otherwise = part.one_of("otherwise", priorities, what="priority")
    inputs = {name: _input(name, each) for name, each in part.named("inputs", "matrix.inputs.*").items()}
    if not inputs:
        part.note(None, "Nothing is asked: declare at least one input, such as [matrix.inputs.users].")
    criteria = _criteria(part, inputs, priorities)
    tables = [_table(each, inputs, priorities) for each in part.named("tables", "matrix.tables.*").values()]
    if not criteria and not tables:
        part.note(None, "Nothing is decided: give criteria, or a table.")
    weighed_by = part.one_of("weighed_by", inputs, "", what="input")
    return Matrix(
        priorities,
        otherwise,
        inputs,
        criteria,
        tuple(each for each in tables if each is not None),
        weighed_by=weighed_by,
    )


def agreed(found: Matrix | None, given: Part, *, service: str | None) -> tuple[Override, ...]:
    """What a contract (`given`) differs in, the service's first; every service is read, the one asked for applies."""
    overrides = []
    places = [(name, part) for name, part in given.named("services", "overrides.services.*").items()]
    for name, part in [*places, (None, given)]:
        if not part.has("matrix"):
            continue
        if found is None:
            part.note("matrix", "The standard has no matrix that this could differ from.")
            continue
        override = _override(found, part.part("matrix", "overrides.matrix"), f"client for {name}" if name else "client")
        if name in (None, service):
            overrides.append(override)
    return tuple(overrides)


def _override(found: Matrix, part: Part, source: str) -> Override:
    table = part.part("assumed")
    assumed = {}
    for name in table.content:
        if name not in found.inputs:
            table.note(name, f"{name!r} is no input: {nearest(name, found.inputs)}")
        else:
            assumed[name] = table.one_of(name, found.inputs[name].scale, what=f"answer to {name}")
    starts_on, ends_on = _day(part, "starts_on"), _day(part, "ends_on")
    if starts_on and ends_on and ends_on < starts_on:
        part.note("ends_on", f"It ends on {ends_on}, before it starts on {starts_on}.")
    return Override(source, assumed, _criteria(part, found.inputs, found.priorities), starts_on, ends_on)


def _day(part: Part, key: str) -> date | None:
    said = part.text(key, "")
    try:
        day = date.fromisoformat(said) if said else None
    except ValueError:
        day = None
    if said and (day is None or day.isoformat() != said):
        part.note(key, f"{said!r} is no date: write year, month and day, such as 2026-12-25.")
    return day


def _input(name: str, part: Part) -> Input:
    if name in (*WORDS, STOPPED):
        part.note(None, f"{name!r} has a meaning of its own: give the input another name.")
    words = part.part("scale")
    scale = {answer: words.text(answer) for answer in words.content if answer.strip()}
    if len(scale) < len(words.content):
        words.note("", "An answer is missing here: a blank is what nobody answered.")
    if len(scale) < 2:
        part.note("scale" if part.has("scale") else None, "A scale has at least two answers, the mildest first.")
    title = part.text("title")
    assumed = part.one_of("assumed", scale, what="answer of its scale")
    return Input(name, title, scale, assumed, part.text("question", title), part.flag("beside"))


def _criteria(part: Part, inputs: Mapping[str, Input], priorities: tuple[str, ...]) -> tuple[Criterion, ...]:
    table = part.part("criteria")
    found = []
    for priority in table.content:
        if priority not in priorities:
            table.note(priority, f"The priority {priority!r} is not declared: {nearest(priority, priorities)}")
        for each in table.parts(priority, "test"):
            test = _test(each, inputs)
            if test is None:
                continue
            if _alone(test, inputs):
                each.note(None, f"{_beside(test, inputs)} counts only beside another: put it into an all_of with one.")
            found.append(Criterion(priority, test, each.text("says", "")))
    return tuple(found)


def _test(part: Part, inputs: Mapping[str, Input]) -> Test | None:
    """An input and the mildest answer that passes, or a group of tests."""
    known = [*inputs, *KEYS["matrix.criteria.*[]"]]
    for key in part.content:
        if key not in known:
            part.note(key, f"There is no such key here: {nearest(key, known)}")
    keys = [key for key in part.content if key in known and key != "says"]
    if len(keys) != 1:
        said = f"These are {len(keys)}: group them with all_of or any_of." if keys else "This one is empty."
        if all(key in known for key in part.content):
            part.note(None, f"A test is one input and its answer, such as {{ users = 'all' }}, or a group. {said}")
        return None
    key = keys[0]
    if key in GROUPS:
        tests = [_test(each, inputs) for each in part.parts(key, "test")]
        if len(part.parts(key, "test")) < 2:
            part.note(key, "A group has at least two tests.")
        return GROUPS[key](tuple(each for each in tests if each is not None))
    answer = part.one_of(key, inputs[key].scale, what=f"answer to {key}")
    if answer == next(iter(inputs[key].scale), None):
        part.note(key, f"{answer!r} is the mildest answer, so this always holds: leave the test out.")
    return AtLeast(key, answer)


def _alone(test: Test, inputs: Mapping[str, Input]) -> bool:
    """Whether it can hold by inputs alone that count only beside another."""
    if isinstance(test, AtLeast):
        return inputs[test.input].beside
    alone = [_alone(each, inputs) for each in test.tests]
    return all(alone) if isinstance(test, AllOf) else any(alone)


def _beside(test: Test, inputs: Mapping[str, Input]) -> str:
    return " and ".join(dict.fromkeys(name for name in named(test) if inputs[name].beside))


def _table(part: Part, inputs: Mapping[str, Input], priorities: tuple[str, ...]) -> Table | None:
    """A priority for each row and column, none less severe than one above it or to its left."""
    rows, columns = (part.one_of(key, inputs, what="input") for key in ("rows", "columns"))
    if rows not in inputs or columns not in inputs:
        return None
    if rows == columns or (inputs[rows].beside and inputs[columns].beside):
        part.note("columns", f"{columns} would decide alone: a table has two inputs, one of them not beside another.")
        return None
    cells: dict[tuple[str, str], str] = {}
    table = part.part("cells")
    for row in table.content:
        if row not in inputs[rows].scale:
            table.note(row, f"{row!r} is no answer to {rows}: {nearest(row, inputs[rows].scale)}")
    above: list[str] = []
    for row in inputs[rows].scale:
        here = _row(table, row, list(inputs[columns].scale), priorities)
        if here is None:
            return None
        for place, priority in enumerate(here):
            milder = [*here[max(0, place - 1) : place], *above[place : place + 1]]
            if any(priorities.index(each) < priorities.index(priority) for each in milder):
                table.note(row, f"{priority} is less severe than a cell above it or to its left: a table never falls.")
        cells |= {(row, column): priority for column, priority in zip(inputs[columns].scale, here, strict=True)}
        above = here
    return Table(rows, columns, cells)


def _row(table: Part, row: str, columns: list[str], priorities: tuple[str, ...]) -> list[str] | None:
    """The priorities of a row, column by column."""
    if not table.has(row):
        table.note(None, f"The row {row!r} is missing: give {len(columns)} priorities, for {', '.join(columns)}.")
        return None
    found = table.content[row]
    if not isinstance(found, list) or len(found) != len(columns):
        table.note(row, f"A row is a list of {len(columns)} priorities, for {', '.join(columns)}.")
        return None
    wrong = [each for each in found if each not in priorities]
    for each in wrong:
        table.note(row, f"{each!r} is no priority: {nearest(str(each), priorities)}")
    return None if wrong else found
