"""Which standards could somebody write, by the published schema alone?

Drawn by docs/policy.schema.json and a seed: every key that may stand somewhere stands there now and then. A name that
is to be declared is taken from those that are. What no schema can say, and the reader refuses, is struck out line by
line until it can be read; so what remains is a standard that somebody could have written.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from random import Random
from typing import Any

from tocsin.core.policy import BadPolicy, Policy, load

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "policy.schema.json").read_text())
OF_CONTRACTS = ("overrides", "overrides-services", "overrides-matrix")
STRIKES = 400

ANSWERS = ("low", "mid", "high")
POOLS = {
    "priorities": ("P1", "P2", "P3", "now"),
    "kinds": ("complaint", "request"),
    "roles": ("owner", "lead", "boss", "second", "contact", "sponsor"),
    "levels": ("L1", "L2", "L3", "top"),
    "waits": ("client", "vendor", "parts"),
    "calendars": ("shop", "night"),
    "inputs": ("impact", "users", "data"),
    "clocks": ("response", "resolution", "client_notified", "next_update", "own"),
    "ladders": ("page", "functional", "management", "complaint"),
    "raises": ("up", "further"),
    "stages": ("triage", "diagnose", "review"),
    "approvals": ("change", "visit"),
    "messages": ("own-words", "for-clients", "step", "client-step"),
    "services": ("mail", "files"),
    "raci": ("restore", "tell"),
    "decisions": ("purchase",),
    "tables": ("both",),
    "severities": ("critical", "warning"),
}
FITTING = (
    *(
        "15m",
        "5m",
        "30m",
        "1h",
        "2h",
        "4h",
        "8h",
        "24h",
        "90s",
        "0m",
        "1bd on support",
        "2bd on support",
        "3h on always",
    ),
    *("none", "at resolution", "45m on shop", "1h on night", "5bd on support"),
    *(
        "09:00-17:00",
        "18:00-24:00",
        "07:30-12:00",
        "2026-12-25",
        "2026-03-09",
        "#d63939",
        "AUD",
        "25",
        "4.50",
    ),
    *("5%", "20%", "99.9", "Europe/Berlin", "client", "America/Chicago"),
)
TO_STAFF, TO_CLIENTS = "{person}: {why}", "{title} {impact} {next_step} {next_update_at} {follow_up}"
CLIENTS = ("contact", "sponsor")


def drawn(seed: int) -> tuple[dict[str, Any], Policy]:
    """A document and what it says; the same for the same seed."""
    document = _Drawing(Random(seed)).document()
    for _ in range(STRIKES):
        try:
            return document, load(written(document), name="drawn")
        except BadPolicy as mistakes:
            _strike(document, str(mistakes))
    raise AssertionError(f"after {STRIKES} strikes seed {seed} cannot be read")


def written(document: dict[str, Any]) -> str:
    """The document as TOML, a section a line."""
    return "\n".join(f"{json.dumps(key)} = {_said(value)}" for key, value in document.items())


def keys_in(value: Any, schema: dict[str, Any]) -> set[tuple[str, str]]:
    """Every (section of the schema, key) that stands in the document."""
    found: set[tuple[str, str]] = set()
    _walk(value, schema, "", found)
    return found


def every_key() -> set[tuple[str, str]]:
    """Every (section, key) that the schema knows."""
    sections = {"": SCHEMA, **{name: each for name, each in SCHEMA["$defs"].items() if name not in OF_CONTRACTS}}
    return {(name, key) for name, each in sections.items() for key in each["properties"]}


def _walk(value: Any, schema: dict[str, Any], section: str, found: set[tuple[str, str]]) -> None:
    if "$ref" in schema:
        section = schema["$ref"].rpartition("/")[2]
        schema = SCHEMA["$defs"][section]
    if isinstance(value, dict):
        for key, each in value.items():
            own = schema.get("properties", {}).get(key)
            if own is not None:
                found.add((section, key))
            _walk(each, own or schema.get("additionalProperties") or {}, section, found)
    elif isinstance(value, list):
        for each in value:
            _walk(each, schema.get("items", {}), section, found)


def _said(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{json.dumps(key)} = {_said(each)}" for key, each in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(_said, value)) + "]"
    return json.dumps(value)


# -- what the reader refuses is struck out

_PLACE = re.compile(r"^drawn:\d+: (?P<path>[^:]+): (?P<sentence>.*)$")
_PART = re.compile(r"([^.\[\]]+)|\[(\d+)\]")


def _strike(document: dict[str, Any], mistakes: str) -> None:
    """The first mistake's place is gone, and where something is missing, the table that misses it."""
    found = _PLACE.match(mistakes.splitlines()[0])
    assert found, f"a mistake that names no key: {mistakes.splitlines()[0]}"
    path = [int(place) - 1 if place else name for name, place in _PART.findall(found["path"])]
    inside: Any = document
    for step in path[:-1]:
        inside = inside[step]
    if isinstance(inside, dict) and path[-1] not in inside and len(path) > 1:
        path = path[:-1]
        inside = document
        for step in path[:-1]:
            inside = inside[step]
    del inside[path[-1]]


# -- drawing


class _Drawing:
    """One document in the making, by one seed; `names` are those it declares."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.names = {kind: self._some(pool) for kind, pool in POOLS.items()}
        self.names |= {kind: POOLS[kind] for kind in ("roles", "messages", "inputs")}
        self.names["priorities"] = POOLS["priorities"][: random.randint(2, 4)]

    def _some(self, pool: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(name for name in pool if self.random.random() < 0.75) or pool[:1]

    def document(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, own in SCHEMA["properties"].items():
            if key in self.names or key in SCHEMA["required"] or self.random.random() < 0.8:
                found[key] = self._value(own, key, "")
        found["standard"]["texts"] = "tocsin-1"
        for calendar in found["calendars"].values():
            calendar["week"] = {**calendar.get("week", {}), "mon": ["09:00-17:00"]}
        for name, role in found["roles"].items():
            role["side"] = "client" if name in CLIENTS else "staff"
        for ladder in found["ladders"].values():
            self._name_steps(ladder)
        for name, stage in zip(found["stages"], sorted(found["stages"].values(), key=_stands), strict=True):
            found["stages"][name] = stage
        for name, message in found["messages"].items():
            self._word(name, message)
        return found

    def _name_steps(self, ladder: dict[str, Any]) -> None:
        """On a ladder that counts from the level each step is one of the levels; a text is for who it goes to."""
        levels = self.random.sample(self.names["levels"], len(self.names["levels"]))
        if ladder.get("counts_from") == "level":
            ladder["steps"] = ladder["steps"][: len(levels)]
        for place, step in enumerate(ladder["steps"]):
            step["name"] = levels[place] if ladder.get("counts_from") == "level" else f"step-{place}"
            theirs = step["to"] in CLIENTS
            step["message"] = self.random.choice(("for-clients", "client-step") if theirs else ("own-words", "step"))
            if "phone" in step.get("by", ()):
                step["act"] = True

    def _word(self, name: str, message: dict[str, Any]) -> None:
        """What the reader wants of a text: the words for who it is for."""
        if name in ("for-clients", "client-step"):
            message |= {"audience": "client", "stage": "update", "subject": "{title}", "body": TO_CLIENTS}
        else:
            message |= {"audience": "staff", "subject": "{number}", "body": TO_STAFF}

    def _table(self, schema: dict[str, Any], section: str) -> dict[str, Any]:
        needed = {*schema.get("required", ()), *(("targets",) if section == "clocks" else ())}
        table = {}
        for key, own in schema.get("properties", {}).items():
            if key in needed or self.random.random() < 0.6:
                table[key] = self._value(own, key, section)
        if section == "matrix-criteria":
            return self._test(table)
        if section == "matrix-tables":
            table["rows"], table["columns"] = self.random.sample(self.names["inputs"], 2)
            table["cells"] = {answer: [self.names["priorities"][0]] * len(ANSWERS) for answer in ANSWERS}
        if section == "closing":
            table["needs"] = list(dict.fromkeys([*table["needs"], "verification"]))
        return table

    def _test(self, table: dict[str, Any]) -> dict[str, Any]:
        """A test of the matrix: one input, or a group of tests."""
        said = {"says": table["says"]} if "says" in table else {}
        group = self.random.choice(("all_of", "any_of", "", "", ""))
        if not group:
            return {**said, self.random.choice(self.names["inputs"]): self.random.choice(ANSWERS[1:])}
        both = self.random.sample(POOLS["inputs"], 2)
        return {**said, group: [{name: self.random.choice(ANSWERS[1:])} for name in both]}

    def _value(self, schema: dict[str, Any], key: str, section: str) -> Any:
        if "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            return self._table(SCHEMA["$defs"][name], name)
        if "enum" in schema:
            return self.random.choice(schema["enum"])
        kind = schema.get("type")
        if kind == "boolean":
            return self.random.random() < 0.5
        if kind == "integer":
            return self.random.randint(schema["minimum"], schema["maximum"])
        if kind == "array":
            return self._list(schema, key, section)
        if kind == "object":
            return self._map(schema, key, section)
        return self._text(schema, key)

    def _list(self, schema: dict[str, Any], key: str, section: str) -> list[Any]:
        if schema["items"].get("$ref") == "#/$defs/matrix-criteria" and section == "matrix-criteria":
            return []  # groups are made by _test
        count = self.random.randint(max(1, schema.get("minItems", 0)), 3)
        found = [self._value(schema["items"], key, section) for _ in range(count)]
        if schema.get("uniqueItems"):
            found = [each for place, each in enumerate(found) if each not in found[:place]]
        return found

    def _map(self, schema: dict[str, Any], key: str, section: str) -> dict[str, Any]:
        if key == "scale":
            return dict(zip(ANSWERS, ("mild", "middling", "bad"), strict=True))
        if section == "documentation":
            return {"cause": 40, "actions": 60}
        names = self._keys(schema.get("propertyNames", {}), key, schema.get("minProperties", 0))
        return {name: self._value(schema["additionalProperties"], name, section) for name in names}

    def _keys(self, schema: dict[str, Any], key: str, least: int) -> list[str]:
        if "enum" in schema:
            return [name for name in schema["enum"] if self.random.random() < 0.8] or schema["enum"][:1]
        if "x-names" in schema:
            known = self._known(schema)
            return [name for name in known if self.random.random() < 0.8] or list(known[: max(1, least)])
        if key in self.names:
            return list(self.names[key])
        return [each for each in FITTING if re.search(schema.get("pattern", ""), each)][:2]

    def _known(self, schema: dict[str, Any]) -> tuple[str, ...]:
        kinds = schema["x-names"] if isinstance(schema["x-names"], list) else [schema["x-names"]]
        known: list[str] = list(schema.get("x-always", ()))
        for kind in kinds:
            if kind == "answers":
                known += ANSWERS
            elif kind == "kinds of record":
                known += ["incident", *self.names["kinds"]]
            elif kind.startswith("roles of"):
                side = "client" if kind.endswith("client") else "staff"
                known += [name for name in self.names["roles"] if (name in CLIENTS) == (side == "client")]
            else:
                known += self.names[kind]
        return tuple(known)

    def _text(self, schema: dict[str, Any], key: str) -> str:
        if "x-names" in schema:
            return self.random.choice(self._known(schema))
        pattern = schema.get("pattern", "")
        if pattern in (r"\S", "", r"^(?:.*\S.*)$"):
            return (
                self.random.choice(("client", "Europe/Berlin"))
                if key == "zone"
                else f"{key} {self.random.randint(1, 99)}"
            )
        unknown = [f" on {name}" for name in POOLS["calendars"] if name not in self.names["calendars"]]
        fitting = [each for each in FITTING if re.search(pattern, each) and not each.endswith(tuple(unknown))]
        return self.random.choice(fitting) if fitting else f"a{self.random.randint(1, 99)}"


def _stands(stage: dict[str, Any]) -> int:
    """Where the client's word for the stage stands: it never goes back on the way."""
    return ("investigating", "identified", "monitoring", "resolved").index(stage["status"])
