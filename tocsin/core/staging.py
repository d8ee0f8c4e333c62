"""Through which stages does the work go, by the words of a standard?"""

from __future__ import annotations

from tocsin.core.document import Part
from tocsin.core.stage import ARTIFACTS, FACTS, WORDS, Stage


def stages(top: Part, priorities: tuple[str, ...]) -> tuple[Stage, ...]:
    """The stages in their order; the word that the client reads never goes back on the way."""
    found: list[Stage] = []
    for name, part in top.named("stages", "stages.*").items():
        stage = Stage(
            name,
            part.text("title"),
            part.one_of("status", WORDS, what="status"),
            part.words("priorities", priorities, what="priority"),
            part.words("entry", FACTS, what="fact"),
            part.words("artifacts", ARTIFACTS, what="artifact"),
            part.words("exit", FACTS, what="fact"),
        )
        before = next((each for each in reversed(found) if _share(each, stage, priorities)), None)
        if before and {before.status, stage.status} <= set(WORDS) and _place(stage) < _place(before):
            part.note("status", f"{stage.status} comes before {before.status}, and {before.name} says that already.")
        found.append(stage)
    return tuple(found)


def _share(one: Stage, other: Stage, priorities: tuple[str, ...]) -> bool:
    return any(one.is_for(priority) and other.is_for(priority) for priority in priorities)


def _place(stage: Stage) -> int:
    return WORDS.index(stage.status)
