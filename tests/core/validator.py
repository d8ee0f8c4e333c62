"""What does a JSON Schema say against a value? As much of 2020-12 as docs/policy.schema.json uses, and no more."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

Schema = Mapping[str, Any]
KINDS = {"object": dict, "array": list, "string": str, "boolean": bool, "integer": int}
SAID = {"$schema", "$defs", "title", "description", "default", "x-names", "x-always"}
KNOWN = {
    *SAID, "$ref", "type", "enum", "const", "pattern", "maxLength", "minimum", "maximum", "items", "minItems",
    "uniqueItems", "properties", "required", "additionalProperties", "propertyNames", "minProperties", "maxProperties",
    "if", "then", "else",
}  # fmt: skip


def faults(value: Any, schema: Schema, root: Schema, at: str = "") -> Iterator[str]:
    """Where the value is none that the schema allows, each as `path: keyword`."""
    assert set(schema) <= KNOWN, set(schema) - KNOWN
    if "$ref" in schema:
        yield from faults(value, root["$defs"][schema["$ref"].removeprefix("#/$defs/")], root, at)
    kind = KINDS.get(schema.get("type", ""))
    if kind and (not isinstance(value, kind) or (kind is int and isinstance(value, bool))):
        yield f"{at}: type"
        return
    if "enum" in schema and value not in schema["enum"]:
        yield f"{at}: enum"
    if "const" in schema and value != schema["const"]:
        yield f"{at}: const"
    if isinstance(value, str):
        if "pattern" in schema and not re.search(schema["pattern"], value):
            yield f"{at}: pattern"
        if len(value) > schema.get("maxLength", len(value)):
            yield f"{at}: maxLength"
    if isinstance(value, int) and not schema.get("minimum", value) <= value <= schema.get("maximum", value):
        yield f"{at}: minimum"
    if isinstance(value, list):
        yield from _of_list(value, schema, root, at)
    if isinstance(value, dict):
        yield from _of_table(value, schema, root, at)
    if "if" in schema:
        then = "else" if any(faults(value, schema["if"], root)) else "then"
        yield from faults(value, schema.get(then, {}), root, at)


def _of_list(value: list[Any], schema: Schema, root: Schema, at: str) -> Iterator[str]:
    if len(value) < schema.get("minItems", 0):
        yield f"{at}: minItems"
    if schema.get("uniqueItems") and any(each in value[:place] for place, each in enumerate(value)):
        yield f"{at}: uniqueItems"
    for place, each in enumerate(value):
        yield from faults(each, schema.get("items", {}), root, f"{at}/{place}")


def _of_table(value: dict[str, Any], schema: Schema, root: Schema, at: str) -> Iterator[str]:
    if not schema.get("minProperties", 0) <= len(value) <= schema.get("maxProperties", len(value)):
        yield f"{at}: minProperties"
    yield from (f"{at}: required {name}" for name in schema.get("required", ()) if name not in value)
    others = schema.get("additionalProperties", {})
    for name, each in value.items():
        yield from faults(name, schema.get("propertyNames", {}), root, f"{at}/{name} (its name)")
        own = schema.get("properties", {}).get(name, others)
        if own is False:
            yield f"{at}/{name}: additionalProperties"
        else:
            yield from faults(each, own, root, f"{at}/{name}")
