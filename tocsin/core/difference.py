"""What does one standard say otherwise than another?

Every key that differs is told, each in a sentence; comments, and the order of keys where it means nothing, are not
differences. (R16.1)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Final

from tocsin.core import tidings
from tocsin.core.document import dotted
from tocsin.core.policy import Policy

Content = Mapping[str, Any]
Path = tuple[str, ...]

# Tables whose order says something: which is more severe, which comes first.
ORDERED: Final = (("priorities",), ("levels",), ("stages",), ("matrix", "inputs", "*", "scale"))
# Arrays of tables, and the key by which an element is the same one before and after.
KEYED: Final = {
    ("ladders", "*", "steps"): "name",
    ("clocks", "*", "thresholds"): "percent",
    ("matrix", "criteria", "*"): "says",
}
# Where tables are named by the document: a name that comes or goes is one difference.
NAMED: Final = (
    *(("priorities",), ("kinds",), ("roles",), ("levels",), ("waits",), ("severities",), ("clocks",), ("raises",)),
    *(("ladders",), ("messages",), ("rules",), ("services",), ("stages",), ("raci",), ("approvals",), ("decisions",)),
    *(("calendars",), ("closing",), ("standard",), ("clocks", "*", "targets"), ("clocks", "*", "thresholds")),
    *(("ladders", "*", "steps"), ("matrix", "inputs"), ("matrix", "tables"), ("matrix", "criteria")),
    *(("ladders", "*", "steps", "*", each) for each in ("after", "accept", "within")),
    *(("rules", "acknowledgement_lasts"), ("services", "*", "targets"), ("services", "*")),
)


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing said otherwise: where (`path`), what stood there `before` and `after` (None: nothing), in a sentence.

    A step is at ladders.management.steps.director, a threshold at clocks.resolution.thresholds.75. `priorities` are
    those it is about; empty where it may touch any ticket.
    """

    path: str
    before: Any
    after: Any
    sentence: str
    priorities: tuple[str, ...] = ()


def differences(old: Policy | Content, new: Policy | Content) -> list[Difference]:
    """What `new` says otherwise than `old`, in the order of the document; nothing where they say the same.

    Either may be the content of a document with a client's differences laid over it (`merged`).
    """
    before, after = _content(old), _content(new)
    words = tidings.Words(before, after)
    return [
        Difference(dotted(path), was, now, words.of(path, was, now), _priorities(path, was, now, words))
        for path, was, now in _walk((), before, after)
    ]


def merged(policy: Policy | Content, overrides: Content, *, service: str | None = None) -> dict[str, Any]:
    """The document's content with a contract's differences laid over it: the client's, then those of the service."""
    content: dict[str, Any] = deepcopy(dict(_content(policy)))
    own = overrides.get("services", {}).get(service, {}) if service else {}
    for given in (overrides, own):
        for clock, targets in given.get("targets", {}).items():
            if clock in content.get("clocks", {}):
                content["clocks"][clock].setdefault("targets", {}).update(targets)
        besides = {key: value for key, value in given.items() if key not in ("targets", "services")}
        if besides:
            agreed = content.setdefault("agreed", {})
            agreed |= deepcopy(besides)
    return content


def _content(given: Policy | Content) -> Content:
    return given.document.content if isinstance(given, Policy) else given


def _walk(path: Path, before: Any, after: Any) -> Iterator[tuple[Path, Any, Any]]:
    if before == after and type(before) is type(after) and not isinstance(before, Mapping | list):
        return
    shape = _shape(path)
    if shape in KEYED:
        before, after = _keyed(before, KEYED[shape]), _keyed(after, KEYED[shape])
    if shape in NAMED:
        before, after = ({} if each is None else each for each in (before, after))
    if not isinstance(before, Mapping) or not isinstance(after, Mapping):
        if before != after or type(before) is not type(after):
            yield path, before, after
        return
    if (shape in ORDERED or shape in KEYED) and (order := _order(before, after)):
        yield (*path, "order"), *order
    for key in (*after, *(key for key in before if key not in after)):
        yield from _walk((*path, str(key)), before.get(key), after.get(key))


def _shape(path: Path) -> Path:
    """The path with `*` for every name that the document gives."""
    for known in (*KEYED, *NAMED, *ORDERED):
        if len(known) == len(path) and all(is_ in ("*", said) for is_, said in zip(known, path, strict=True)):
            return known
    return path


def _keyed(elements: Any, key: str) -> Any:
    if not isinstance(elements, list) or not all(isinstance(each, Mapping) for each in elements):
        return elements
    keyed = {str(each.get(key, place)): each for place, each in enumerate(elements)}
    return keyed if len(keyed) == len(elements) else elements


def _order(before: Content, after: Content) -> tuple[list[str], list[str]] | None:
    """How those that both have are ordered, before and after, if otherwise."""
    were = [key for key in before if key in after]
    are = [key for key in after if key in before]
    return (were, are) if were != are else None


def _priorities(path: Path, before: Any, after: Any, words: tidings.Words) -> tuple[str, ...]:
    """The priorities a difference is about: the one its path ends in, or those which what came or went names."""
    known = words.priorities
    if path[0] in ("priorities", "clocks", "ladders", "rules", "services"):
        if named := [key for key in path[1:] if key in known]:
            return (named[-1],)
        if path[0] == "ladders" and len(path) == 4:
            return tuple(key for key in known if any(key in _after(each) for each in (before, after)))
    if path[0] == "raises":
        rules: Sequence[Any] = [each for each in (before, after) if isinstance(each, Mapping)]
        named = [words.rule(path[1], "from")] if not rules else [str(each.get("from", "")) for each in rules]
        return tuple(dict.fromkeys(each for each in named if each in known))
    return ()


def _after(step: Any) -> Content:
    after = step.get("after", {}) if isinstance(step, Mapping) else {}
    return after if isinstance(after, Mapping) else {}
