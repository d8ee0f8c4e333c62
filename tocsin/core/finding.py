"""Which of the promises can its ladders, pages and rules not keep?

A standard that reads well may still promise what it cannot do. Times are compared from the opening of support hours on
a Monday, everybody at work: what cannot fit then fits never. (R2.10)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from tocsin.core.document import Document
from tocsin.core.fitting import ladders, levels, pages, promises, raises, thresholds, words
from tocsin.core.fitting.kinds import KINDS, Level
from tocsin.core.fitting.scene import Found, Scene
from tocsin.core.place import Path
from tocsin.core.terms import Terms

LOOKS: Final[tuple[Callable[[Scene], Found], ...]] = (
    promises.calendars,
    promises.answers,
    promises.severity,
    promises.unpromised,
    promises.guarantees,
    levels.in_time,
    levels.climbing,
    levels.leading,
    pages.in_time,
    ladders.order,
    ladders.acts,
    ladders.in_time,
    ladders.overtaken,
    ladders.held,
    raises.rules,
    thresholds.collisions,
    thresholds.escalations,
    words.roles,
    words.calendars,
    words.messages,
    words.waits,
    words.corrections,
    words.facts,
)


@dataclass(frozen=True)
class Finding:
    """Something to put right (error) or to know about (warning); `where` is file:line: key, of the path in it.

    `kind` is its word in core.fitting.kinds.
    """

    level: Level
    where: str
    sentence: str
    path: Path = field(default=(), compare=False)
    kind: str = field(default="", compare=False)

    def __str__(self) -> str:
        return f"{self.where}: {self.level}: {self.sentence}"


def findings(terms: Terms, document: Document) -> list[Finding]:
    """Everything found in these terms, which were read from the document, errors first."""
    scene = Scene(terms, document.content)
    found = [
        Finding(KINDS[kind].level, document.where(path), sentence, path, kind)
        for look in LOOKS
        for kind, path, sentence in look(scene)
    ]
    return sorted(dict.fromkeys(found), key=lambda finding: finding.level)
