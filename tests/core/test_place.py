"""Is every key of a document found on its line, whatever stands around it?"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.core.place import line_of, places

PRESETS = sorted((Path(__file__).parents[2] / "tocsin" / "policies").glob("*.toml"))


def paths(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Every path in a parsed document, found by walking what tomllib made of it."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in pairs:
        yield (*path, key)
        yield from paths(inner, (*path, key))


def test_keys_tables_and_elements_stand_on_their_lines():
    text = "[a]\nb = 1\nc.d = 2\n\n[[e]]\nf = 1\n[[e]]\n[e.g]\nh = [\n  1,\n  2,\n]\n"

    lines = places(text)

    assert lines["a", "b"] == 2
    assert lines["a", "c", "d"] == 3
    assert (lines[("e",)], lines["e", 0], lines["e", 1]) == (5, 5, 7)
    assert lines["e", 1, "g", "h"] == 9
    assert lines["e", 1, "g", "h", 1] == 11


def test_an_inline_table_has_its_keys_on_the_line_it_stands_on():
    assert places('\nx = { y = { "z" = 1 } }')["x", "y", "z"] == 2


@pytest.mark.parametrize(
    "before",
    [
        '# k = 1 "',
        'a = "# \\" = ["',
        "a = '\\'",
        'a = """\nk = 1\n# x\n\\"""\n[t]\n"""',
        "a = '''\nk = 1\n'' '''",
        'a = ["]", "#", { b = "}" }]',
        'a = """x"""" # one quote before the end',
        '"k.k"."#" = 1',
        "a = 2026-11-21T10:00:00Z # a date",
        "a = 1_000.5e3",
        "[t] # [k]\n[[u]]\n['k k']",
    ],
)
def test_what_looks_like_a_key_and_is_none_moves_no_line(before):
    text = f"{before}\nk = 1\n"
    tomllib.loads(text)

    found = {path[-1]: line for path, line in places(text).items()}

    assert found["k"] == text.count("\n")


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.stem)
def test_every_key_of_a_preset_has_a_line_which_names_it(preset):
    text = preset.read_text()

    lines = places(text)

    assert set(lines) == set(paths(tomllib.loads(text)))
    for path, line in lines.items():
        if isinstance(path[-1], str):
            assert path[-1] in text.splitlines()[line - 1]


@given(
    st.recursive(
        st.integers() | st.booleans() | st.text("ab#'\"[]{},.=\\\n", max_size=6),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab.#\"' ", max_size=3), inner, max_size=3),
        max_leaves=12,
    )
)
def test_every_path_tomllib_reads_has_a_line(value):
    text = f"top = {toml(value)}"

    assert set(places(text)) == set(paths(tomllib.loads(text)))


def toml(value: object) -> str:
    """A value as TOML: tables inline, every array over several lines, comments in between."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
    if isinstance(value, list):
        return "[ # ]\n" + "".join(f"{toml(element)}, # {{\n" for element in value) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{toml(key)} = {toml(inner)}" for key, inner in value.items()) + "}"
    return str(value)


def test_a_path_that_is_not_there_stands_where_it_would():
    lines = places("a = 1\n[b]\nc = 2\n")

    assert line_of(lines, ("b", "c", "d", 3)) == 3
    assert line_of(lines, ("z",)) == 1
