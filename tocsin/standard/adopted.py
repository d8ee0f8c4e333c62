"""Which standards does the desk work by, since when, and by whose hand?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from tocsin.core.policy import Policy as Document
from tocsin.core.policy import load
from tocsin.log.event import Event
from tocsin.standard.standing import everywhere
from tocsin.standard.version import Policy, PolicyVersion


@dataclass(frozen=True, slots=True)
class Adopted:
    """One version of a standard: `by` whom it was adopted (an actor of the log, "" where none is on record)."""

    name: str
    number: int
    adopted_at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class InForce:
    """The version of a standard in force where nothing else was chosen, what it says, and the others, newest first."""

    newest: Adopted
    document: Document
    text: str
    earlier: tuple[Adopted, ...]


def names() -> list[str]:
    """The standards that were ever adopted, by name."""
    return list(Policy.objects.filter(versions__isnull=False).distinct().values_list("name", flat=True))


def in_force(name: str) -> InForce | None:
    """The version that whoever was promised the standard works by, unless one of their own; None: never adopted."""
    versions = list(PolicyVersion.objects.filter(policy__name=name).select_related("policy").order_by("-number"))
    if not versions:
        return None
    general = everywhere(name)
    current = next((each for each in versions if general and each.pk == general.version_id), versions[0])
    actors = dict(
        Event.objects.filter(stream=current.policy.stream_name, kind="policy_adopted").values_list("key", "actor")
    )
    adopted = {v.pk: Adopted(name, v.number, v.adopted_at, actors.get(f"adopt/{v.number}", "")) for v in versions}
    newest = adopted.pop(current.pk)
    return InForce(newest, _document(current.text, str(current)), current.text, tuple(adopted.values()))


def version(name: str, number: int | None = None) -> PolicyVersion | None:
    """That version of the standard, or its newest; None where there is none such."""
    found = PolicyVersion.objects.select_related("policy").filter(policy__name=name).order_by("-number")
    return (found if number is None else found.filter(number=number)).first()


def current(name: str) -> PolicyVersion | None:
    """The version in force where nothing else was chosen; None where the standard was never adopted."""
    general = everywhere(name)
    return version(name, general.version.number) if general and general.version else version(name)


def read(version: PolicyVersion) -> Document:
    """What it says; a process reads it once."""
    return _document(version.text, str(version))


@lru_cache(maxsize=16)
def _document(text: str, name: str) -> Document:
    return load(text, name=name)
