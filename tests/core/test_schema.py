"""Does the published schema say what the reader knows: the same keys, needed or not, and the same kinds of values?"""

from __future__ import annotations

import copy
import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.core.everything import EVERYTHING
from tests.core.standards import SMALL
from tests.core.validator import faults
from tocsin.core.document import Document
from tocsin.core.keys import KEYS
from tocsin.core.policy import OFFICE, BadPolicy, load
from tocsin.core.schema import schema
from tocsin.core.spec import Choice, Map, Name, Table, Tables, Type, Words

ROOT = Path(__file__).parents[2]
SCHEMA = schema()
PRESETS = sorted((ROOT / "tocsin" / "policies").glob("*.toml"))
WHOLE: dict[str, Any] = tomllib.loads(EVERYTHING)
POLICY = load(EVERYTHING)
# A sentence that says that a value is of the wrong kind, whatever it names.
OF_KIND = re.compile(r"^This is .+, not |There is no such key here|The key '\w+' is missing")


def against(content: dict[str, Any]) -> list[str]:
    return list(faults(content, SCHEMA, SCHEMA))


def mistakes(content: dict[str, Any]) -> list[str]:
    """What the reader says against it."""
    try:
        replace(POLICY, document=Document("policy.toml", content)).terms(hours=OFFICE)
    except BadPolicy as error:
        return [mistake.sentence for mistake in error.mistakes]
    return []


def test_the_file_is_the_schema_as_it_is_made():
    kept = (ROOT / "docs" / "policy.schema.json").read_text("utf-8")

    assert json.loads(kept) == SCHEMA, "run: tocsin policy schema > docs/policy.schema.json"


@pytest.mark.parametrize("file", PRESETS, ids=lambda file: file.stem)
def test_every_standard_that_ships_is_as_the_schema_says(file):
    assert against(tomllib.loads(file.read_text("utf-8"))) == []


def test_a_standard_that_writes_its_own_texts_and_one_that_says_everything_are_too():
    assert against(tomllib.loads(SMALL)) == []
    assert against(WHOLE) == []
    assert mistakes(WHOLE) == []


@pytest.mark.parametrize("section", KEYS)
def test_every_key_is_in_the_schema_with_what_it_means(section):
    name = section.replace(".*", "").replace("[]", "").replace(".", "-")
    said = SCHEMA if not section else SCHEMA["$defs"][name]

    assert {key: about["description"] for key, about in said["properties"].items()} == {
        key: about.says for key, about in KEYS[section].items()
    }


def types(of: Type) -> Iterator[Type]:
    yield of
    if isinstance(of, Words):
        yield from types(of.each)
    if isinstance(of, Map):
        yield from types(of.value)
        if of.keys is not None:
            yield of.keys


def test_what_is_a_name_says_of_what():
    every = [each for keys in KEYS.values() for key in keys.values() for each in types(key.is_a)]
    said = json.dumps(SCHEMA)

    for each in every:
        assert not isinstance(each, Choice) or bool(each.words) != bool(each.of)
        if isinstance(each, Name):
            names = each.of[0] if len(each.of) == 1 else list(each.of)
            assert f'"x-names": {json.dumps(names)}' in said


def walk(content: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    yield path
    inside = content.items() if isinstance(content, dict) else enumerate(content) if isinstance(content, list) else ()
    for key, value in inside:
        yield from walk(value, (*path, key))


def with_(path: tuple[str | int, ...], value: Any) -> dict[str, Any]:
    """Everything, with this value at the path; None takes what stands there out."""
    content = copy.deepcopy(WHOLE)
    at: Any = content
    for key in path[:-1]:
        at = at[key]
    if value is None:
        del at[path[-1]]
    else:
        at[path[-1]] = value
    return content


PATHS = [path for path in walk(WHOLE) if path]


def value_at(path: tuple[str | int, ...]) -> Any:
    at: Any = WHOLE
    for key in path:
        at = at[key]
    return at


def section_of(path: tuple[str | int, ...]) -> str | None:
    """The section of `core.keys` whose table stands there, where there is one."""
    reached: Any = Table("")
    for key in path:
        if isinstance(reached, Table):
            if key not in KEYS[reached.section]:
                return None
            reached = KEYS[reached.section][str(key)].is_a
        elif isinstance(reached, Map):
            reached = reached.value
        elif isinstance(reached, Tables):
            reached = Table(reached.section)
        else:
            return None
    return reached.section if isinstance(reached, Table) else None


def test_it_says_everything():
    seen = {section: set() for section in KEYS if "overrides" not in section}
    for path in [(), *PATHS]:
        section = section_of(path)
        if section is not None:
            seen[section] |= {key for key in value_at(path) if key in KEYS[section]}

    assert seen == {section: set(KEYS[section]) for section in seen}


WRONG = (7, 1.5, True, "?", [], {}, [7], {"x": 7})


@pytest.mark.parametrize("turn", [0, 3])
def test_a_value_of_another_kind_is_refused_by_both(turn):
    refused = 0
    for place, path in enumerate(PATHS):
        wrong = WRONG[(place + turn) % len(WRONG)]
        if type(value_at(path)) is type(wrong):
            continue
        content = with_(path, wrong)
        of_kind = [sentence for sentence in mistakes(content) if OF_KIND.search(sentence)]
        assert not of_kind or against(content), (path, of_kind)
        refused += bool(of_kind)
    assert refused > len(PATHS) / 2


def test_what_is_needed_is_needed_by_both_and_nothing_else_is():
    for path in PATHS:
        section = section_of(path[:-1])
        if section is None or not isinstance(path[-1], str):
            continue
        content = with_(path, None)
        refused = f"The key {path[-1]!r} is missing." in mistakes(content)
        if refused:
            assert against(content), path
        if section in KEYS and path[-1] in KEYS[section]:
            told = section == "messages.*" and path[-1] == "stage" and value_at(path[:-1]).get("audience") == "client"
            needed = KEYS[section][path[-1]].must or told
            assert any(f"required {path[-1]}" in fault for fault in against(content)) == needed, path
            assert not needed or mistakes(content), path


def test_a_key_that_nobody_knows_is_refused_by_both():
    for path in [(), *PATHS]:
        section = section_of(path)
        if section is None or section == "matrix.criteria.*[]":
            continue
        content = with_((*path, "strange"), "x")
        assert any("There is no such key here" in sentence for sentence in mistakes(content)), path
        assert any("additionalProperties" in fault for fault in against(content)), path
