"""Which standards ship with Tocsin, and how do imported priorities meet theirs?"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final

from tocsin.core.gallery import Example
from tocsin.core.policy import Policy, load

# In the order in which they are shown: the first is what a desk begins with.
NAMES: Final = ("field-guide", "severity-tiers", "operating-standard", "three-tier", "sla-guard")


@cache
def text(name: str) -> str:
    """The document of the preset. Raises KeyError for a name that does not ship."""
    if name not in NAMES:
        raise KeyError(f"there is no preset {name!r}: {', '.join(NAMES)}")
    return _read(f"{name}.toml")


def read(name: str) -> Policy:
    """The preset, read."""
    return load(text(name), name=f"{name}.toml")


def met(name: str, *, origin: str = "uci498") -> Mapping[str, str]:
    """Each priority that tickets of an imported log have → the one of the preset that it meets."""
    found: Mapping[str, str] = _maps()[origin]["standards"][name]
    return found


def words(*, origin: str = "uci498") -> Mapping[str, str]:
    """Each of the log's own words for a priority → the one it was imported as."""
    found: Mapping[str, str] = _maps()[origin]["imported"]
    return found


@cache
def examples() -> tuple[Example, ...]:
    """What happens everywhere, and what somebody would answer of it under each preset. (R1.11)"""
    found = tomllib.loads(_read("about/examples.toml"))["examples"]
    return tuple(Example(each["says"], {name: each[name] for name in NAMES}) for each in found)


@cache
def _maps() -> Mapping[str, Mapping[str, Mapping[str, Mapping[str, str]]]]:
    return tomllib.loads(_read("about/maps.toml"))


def _read(file: str) -> str:
    return (files("tocsin") / "policies" / file).read_text("utf-8")
