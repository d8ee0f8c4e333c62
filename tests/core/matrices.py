"""A matrix small enough to read, and any that a standard may write."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import strategies as st

from tocsin.core import criteria
from tocsin.core.document import Document, Part
from tocsin.core.matrix import Matrix

THREE = ("P1", "P2", "P3")
SMALL: dict[str, Any] = {
    "otherwise": "P3",
    "inputs": {
        "users": {"title": "users", "scale": {"one": "one", "many": "more than a fifth"}, "assumed": "one"},
        "impact": {"title": "impact", "scale": {"none": "none", "some": "some", "down": "down"}, "assumed": "some"},
        "workaround": {
            "title": "workaround",
            "scale": {"exists": "exists", "none": "none"},
            "assumed": "none",
            "beside": True,
        },
    },
    "criteria": {
        "P1": [{"impact": "down"}],
        "P2": [{"all_of": [{"users": "many"}, {"workaround": "none"}]}],
    },
}


def written(section: Any, *, contract: Any = None, service: str | None = None, priorities: Any = THREE) -> Matrix:
    """The matrix that a section and a contract make. Raises BadPolicy."""
    document, given = Document("desk.toml", {"matrix": section}), Document("overrides", contract or {})
    found = criteria.matrix(Part(document, (), document.content), priorities)
    besides = criteria.agreed(found, Part(given, (), given.content, "overrides"), service=service)
    document.judge()
    given.judge()
    assert found is not None
    return Matrix(found.priorities, found.otherwise, found.inputs, found.criteria, found.tables, besides)


def small(**changes: Any) -> dict[str, Any]:
    """The small one, some of its keys changed."""
    return {**copy.deepcopy(SMALL), **changes}


SCALE = ("a", "b", "c", "d")


@st.composite
def inputs(draw: Any) -> dict[str, Any]:
    found = {}
    for name in ("x", "y", "z", "w")[: draw(st.integers(2, 4))]:
        scale = SCALE[: draw(st.integers(2, 4))]
        found[name] = {"title": name, "scale": {each: each for each in scale}, "assumed": draw(st.sampled_from(scale))}
    return found


def tests(asked: dict[str, Any]) -> Any:
    """Tests of these inputs, grouped or not."""
    one = st.sampled_from(sorted(asked)).flatmap(
        lambda name: st.sampled_from(list(asked[name]["scale"])[1:]).map(lambda answer: {name: answer})
    )
    return st.recursive(
        one,
        lambda inner: st.builds(
            lambda how, parts: {how: parts},
            st.sampled_from(["all_of", "any_of"]),
            st.lists(inner, min_size=2, max_size=3),
        ),
        max_leaves=5,
    )


@st.composite
def tables(draw: Any, asked: dict[str, Any], priorities: Any) -> dict[str, Any]:
    """A table that never falls: a cell is as severe as the worse of its row's and its column's."""
    rows, columns = draw(st.permutations(sorted(asked)))[:2]
    lines = [list(asked[name]["scale"]) for name in (rows, columns)]
    down, right = (
        sorted(
            draw(st.lists(st.integers(0, len(priorities) - 1), min_size=len(line), max_size=len(line))), reverse=True
        )
        for line in lines
    )
    cells = {row: [priorities[min(one, other)] for other in right] for row, one in zip(lines[0], down, strict=True)}
    return {"rows": rows, "columns": columns, "cells": cells}


@st.composite
def agreements(draw: Any, asked: dict[str, Any], priorities: Any) -> dict[str, Any]:
    """What a contract may say besides."""
    names = draw(st.sets(st.sampled_from(sorted(asked))))
    said: dict[str, Any] = {
        "assumed": {name: draw(st.sampled_from(list(asked[name]["scale"]))) for name in sorted(names)},
        "criteria": {draw(st.sampled_from(priorities)): draw(st.lists(tests(asked), min_size=1, max_size=2))},
    }
    if draw(st.booleans()):
        said["starts_on"] = draw(st.sampled_from(["2026-01-01", "2026-06-01"]))
    if draw(st.booleans()):
        said["ends_on"] = draw(st.sampled_from(["2026-06-01", "2026-12-31"]))
    return said


@st.composite
def sections(draw: Any, priorities: Any = THREE) -> dict[str, Any]:
    asked = draw(inputs())
    several = st.lists(tests(asked), min_size=1, max_size=3)
    found = {"inputs": asked, "otherwise": draw(st.sampled_from(priorities))}
    found["criteria"] = draw(st.dictionaries(st.sampled_from(priorities), several, min_size=1))
    if draw(st.booleans()):
        found["tables"] = {"one": draw(tables(asked, priorities))}
    return found


def facts(asked: dict[str, Any]) -> Any:
    """Some of the inputs answered."""
    answers = {name: st.sampled_from(list(each["scale"])) for name, each in asked.items()}
    return st.fixed_dictionaries({}, optional=answers)
