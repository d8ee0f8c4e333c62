"""Through which stages does the work go, and what comes at its end, by the words of a standard?"""

from __future__ import annotations

from collections.abc import Collection

from tocsin.core.agreed import SUPPORT, Agreement
from tocsin.core.document import Part, nearest
from tocsin.core.keys_of_practice import NEEDS, RECORDS
from tocsin.core.practice import Review
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


def closing(top: Part, kinds: Collection[str]) -> dict[str, tuple[str, ...]]:
    """What has to be on record before a ticket of this kind ends; the verification always. (R8.7, R8.17)"""
    found = {}
    known = list(dict.fromkeys((*RECORDS, *kinds)))
    for name, part in top.named("closing", "closing.*").items():
        if name not in known:
            part.note(None, f"{name!r} is no kind of record: {nearest(name, known)}")
        needs = part.words("needs", NEEDS, what="need")
        if "verification" not in needs:
            part.note("needs" if part.has("needs") else None, "Nothing ends without its verification: add it to needs.")
        found[name] = needs
    return found


def reviews(top: Part, agreed: Agreement, priorities: Collection[str]) -> dict[str, Review]:
    found: dict[str, Review] = {}
    if not top.has("reviews"):
        return found
    whole = top.part("reviews", "reviews")
    for name, part in whole.named("priorities", "reviews.priorities.*").items():
        if name not in priorities:
            part.note(None, f"The priority {name!r} is not declared: {nearest(name, priorities)}")
        within = agreed.time(part, "within", on=SUPPORT, least="The time for a review")
        depth = part.choice("depth", what="depth")
        if within is not None:
            found[name] = Review(within, depth)
    if not whole.part("priorities").content:
        whole.note(None, "No priority is reviewed: give one, such as priorities.P1, or leave the section out.")
    return found
