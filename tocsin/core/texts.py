"""In which words does a standard tell people?

Its own `[messages]`, and for those it does not write a set of texts that ships under a name. A set never changes once
shipped, so that a standard that was adopted keeps its words; other words are another set. (R14.1)
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType

from tocsin.core.document import Document, Part
from tocsin.core.terms import Message
from tocsin.core.wording import STAGES, WANTED, faults

_SETS = files("tocsin") / "policies" / "texts"


def shipped() -> tuple[str, ...]:
    """The names of the sets of texts that ship, in order."""
    return tuple(sorted(each.name.removesuffix(".toml") for each in _SETS.iterdir() if each.name.endswith(".toml")))


@lru_cache(maxsize=4)
def texts(name: str) -> Mapping[str, Message]:
    """The texts of a set that ships; BadPolicy where one of them could not be sent."""
    document = Document.read((_SETS / f"{name}.toml").read_text("utf-8"), name=f"{name}.toml")
    for key in document.content:
        if key != "messages":
            document.note((key,), "A set of texts has messages, and nothing else.")
    found = _written(document.top)
    document.judge()
    return MappingProxyType(found)


def messages(top: Part) -> dict[str, Message]:
    """The texts of a standard, its own before those of the set it names; what is in neither is noted."""
    standard = top.part("standard")
    name = standard.one_of("texts", shipped(), "", what="set of texts")
    if name and name not in shipped():
        name = shipped()[-1]  # the one mistake is said, and not a missing text for each that it has
    found = {**(texts(name) if name else {}), **_written(top)}
    for wanted, (audience, meaning) in WANTED.items():
        if wanted not in found:
            top.part("messages").note(None, f"The message {wanted!r} is missing, for {audience}: {meaning}.")
    return found


def _written(top: Part) -> dict[str, Message]:
    found = {}
    for name, part in top.named("messages", "messages.*").items():
        audience = part.choice("audience", what="audience")
        stage = part.one_of("stage", STAGES, "update" if audience == "staff" else None, what="stage")
        message = Message(name, part.text("subject"), part.text("body"), audience)
        if audience in ("staff", "client"):
            for key, sentence in faults(message.subject, message.body, audience=audience, stage=stage):
                part.note(key, sentence)
        if name in WANTED and audience != WANTED[name][0]:
            part.note("audience", f"{name!r} goes to {WANTED[name][0]}: {WANTED[name][1]}.")
        found[name] = message
    return found
