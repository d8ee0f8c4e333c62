"""What does a standard's document look like, for a program that checks or writes one?

JSON Schema 2020-12, made of `core.keys`, from which the reader works too. What no schema can say is left to the reader:
that a name is declared, that a calendar is open, that a target can be kept. A name says in `x-names` of what it is one,
and in `x-always` which are there undeclared. (R16.1)
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any, Final

from tocsin.core.keys import KEYS
from tocsin.core.spec import NAME, Choice, Flag, Key, Map, Name, Number, Table, Tables, Text, Time, Type, Words
from tocsin.core.stage import ARTIFACTS, FACTS
from tocsin.core.stage import WORDS as FOR_CLIENTS
from tocsin.core.texts import shipped
from tocsin.core.wording import WANTED
from tocsin.core.written import DAYS

# The closed lists that stand elsewhere in the core.
LISTS: Final[Mapping[str, Callable[[], Collection[str]]]] = {
    "facts": lambda: FACTS,
    "artifacts": lambda: ARTIFACTS,
    "words for clients": lambda: FOR_CLIENTS,
    "days": lambda: DAYS,
    "sets of texts": shipped,
}
TESTS: Final = "matrix.criteria.*[]"  # its other keys are inputs of the matrix

_AMOUNT = r"[0-9]{1,9}s|[0-9]{1,8}m|[0-9]{1,6}h"
_ABOVE_ZERO = r"0*[1-9][0-9]*"
_ON = rf"( on {NAME})?"

Schema = dict[str, Any]


def schema() -> Schema:
    """The schema of the document; what a contract says besides is `#/$defs/overrides`."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "An operating standard",
        "description": "What a desk promises, who works, who is told, in which words: one TOML document.",
        **_section(""),
        # Whoever names no texts that ship writes every text that the desk sends by itself.
        "if": {"properties": {"standard": {"required": ["texts"]}}},
        "else": {"required": ["messages"], "properties": {"messages": {"required": list(WANTED)}}},
        "$defs": {_name(section): _section(section) for section in KEYS if section},
    }


def in_words(key: Key) -> str:
    """What may stand at the key, for a reader of docs/policy.md."""
    said = _said(key.is_a)
    if key.must:
        return f"{said}, needed"
    return f"{said}; `{_written(key.default)}` unless said" if key.default is not None else said


def _section(section: str) -> Schema:
    keys = KEYS[section]
    found: Schema = {
        "type": "object",
        "properties": {name: _key(key) for name, key in keys.items()},
        "additionalProperties": False,
    }
    needed = [name for name, key in keys.items() if key.must]
    if needed:
        found["required"] = needed
    if section == TESTS:
        found["additionalProperties"] = {
            "description": "an input of the matrix, and the mildest answer that passes",
            **_type(Name(("answers",))),
        }
        found |= {"minProperties": 1, "maxProperties": 2}
    if section == "messages.*":
        found["if"] = {"properties": {"audience": {"const": "client"}}, "required": ["audience"]}
        found["then"] = {"required": ["stage"]}
    return found


def _key(key: Key) -> Schema:
    default = {} if key.default is None else {"default": key.default}
    return {"description": key.says, **_type(key.is_a), **default}


def _type(of: Type) -> Schema:
    match of:
        case Text(_, pattern, most):
            found: Schema = {"type": "string", "pattern": _whole(pattern) if pattern else r"\S"}
            return {**found, "maxLength": most} if most else found
        case Flag():
            return {"type": "boolean"}
        case Number(low, high):
            return {"type": "integer", "minimum": low, "maximum": high}
        case Choice():
            return {"enum": [*_words(of)]}
        case Name(names, always):
            found = {"type": "string", "pattern": r"\S" if "answers" in names else _whole(NAME)}
            found["x-names"] = names[0] if len(names) == 1 else [*names]
            return {**found, "x-always": [*always]} if always else found
        case Time():
            return {"type": "string", "pattern": _time(of)}
        case Words(each, least, _):
            items = {"type": "string"} if each == Text() else _type(each)
            found = {"type": "array", "items": items}
            found |= {} if of.twice else {"uniqueItems": True}
            return {**found, "minItems": least} if least else found
        case Map(value, keys, least, pattern, _):
            found = {"type": "object", "additionalProperties": _type(value)}
            if keys is not None:
                found["propertyNames"] = _type(keys)
            elif pattern:
                found["propertyNames"] = {"pattern": _whole(pattern)}
            return {**found, "minProperties": least} if least else found
        case Table(section):
            return {"$ref": f"#/$defs/{_name(section)}"}
        case Tables(section, least):
            found = {"type": "array", "items": {"$ref": f"#/$defs/{_name(section)}"}}
            return {**found, "minItems": least} if least else found


def _time(of: Time) -> str:
    days = "" if of.plain else "|[0-9]{1,4}bd"
    amount = f"({_AMOUNT}{days})" if of.zero else f"({_ABOVE_ZERO}[smh]{'' if of.plain else f'|{_ABOVE_ZERO}bd'})"
    written = f"{amount}{'' if of.plain else _ON}"
    return _whole(f"none|at resolution|{written}" if of.none else written)


def _whole(pattern: str) -> str:
    return f"^(?:{pattern})$"


def _words(of: Choice) -> Collection[str]:
    return LISTS[of.of]() if of.of else of.words


def _name(section: str) -> str:
    """`clocks.*.thresholds[]` as it can stand in a reference: clocks-thresholds."""
    return section.replace(".*", "").replace("[]", "").replace(".", "-")


def _said(of: Type) -> str:
    match of:
        case Text(said):
            return said
        case Flag():
            return "true or false"
        case Number(low, high):
            return f"{low} to {high}"
        case Choice():
            return " or ".join(f"`{word}`" for word in _words(of)) if len(_words(of)) < 6 else f"one of the {of.of}"
        case Name(names, _):
            return f"one of the {' or '.join(names)}"
        case Time():
            return "a time" + (" or `none`" if of.none else "")
        case Words(each, _):
            return f"list of {_several(each)}"
        case Map(Table(), _, by=by):
            return f"tables by {by}"
        case Map(value, _, by=by):
            return f"{_several(value)} by {by}"
        case Table():
            return "table"
        case Tables():
            return "list of tables"


def _several(of: Type) -> str:
    """Of which there may be more than one: texts, spans, roles."""
    match of:
        case Text(said):
            return f"{said.removeprefix('a ')}s"
        case Name(names, _):
            return " or ".join(names)
        case Time():
            return "times"
        case Number():
            return f"{_said(of)}"
        case Words() | Tables():
            return f"lists of {_said(of).removeprefix('list of ')}"
        case _:
            return _said(of).removeprefix("one of the ")


def _written(default: str | int | bool | None) -> str:
    return str(default).lower() if isinstance(default, bool) else str(default)
