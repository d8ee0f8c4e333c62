"""How are those called whom the log names?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tocsin.directory.contact import Contact
from tocsin.directory.person import Person


class Names:
    """How those are called whom the log names: person/5, contact/12, monitor/alertmanager, engine."""

    OTHERS = {"engine": "Tocsin", "rule": "Tocsin", "starter": "Tocsin", "demo": "Tocsin", "import": "The import"}

    def __init__(self, actors: Iterable[str]) -> None:
        wanted: dict[str, set[int]] = {"person": set(), "contact": set()}
        for actor in actors:
            kind, _, pk = actor.partition("/")
            if kind in wanted and pk.isdecimal():
                wanted[kind].add(int(pk))
        self._names: dict[str, str] = {}
        if wanted["person"]:
            people = Person.objects.filter(pk__in=wanted["person"]).values_list("pk", "name")
            self._names |= {f"person/{pk}": name for pk, name in people}
        if wanted["contact"]:
            contacts = Contact.objects.filter(pk__in=wanted["contact"]).values_list("pk", "name")
            self._names |= {f"contact/{pk}": name for pk, name in contacts}

    def __call__(self, actor: Any) -> str:
        if isinstance(actor, int):
            actor = f"person/{actor}"
        if not actor:
            return "nobody"
        kind, _, rest = str(actor).partition("/")
        if kind == "monitor":
            return f"Monitor ({rest})"
        return self._names.get(str(actor)) or self.OTHERS.get(kind, str(actor))

    def all(self, actors: Iterable[Any]) -> str:
        """Ann, Bob and Cem."""
        names = [self(actor) for actor in actors]
        return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names) if names else "nobody"
