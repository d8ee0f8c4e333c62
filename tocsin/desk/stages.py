"""How does the work go from one stage to the next, and what is left at each?

Verbs, as in tickets.py. A gate that is not open is a Refusal that names everything lacking and how to make it good; a
reason bypasses it, on record, and nothing bypasses the verification. (R9.1, R8.17)
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tocsin.core.document import nearest
from tocsin.core.event import Noted, StageEntered
from tocsin.core.stage import ARTIFACTS, FACTS, BadStage, Gate, Lack, Left, Stage, gate, solving, walk
from tocsin.desk.refusal import Refusal
from tocsin.desk.staged import ENTERED, LEFT, STATABLE, STATED, TOLD, on_record
from tocsin.desk.ticket import Ticket
from tocsin.desk.timeline import Act, act
from tocsin.directory.person import Person

OVER = ("closed", "cancelled", "merged")
LIMIT = 2000


def enter(ticket: Ticket, to: str, *, reason: str = "", by: Person, now: datetime) -> None:
    """The work is in the stage `to`. Back, or past what is lacking, needs a reason.

    The stage that means resolved is entered by solving, and left by reopening.
    """
    with act(ticket, by=by.actor, now=now) as done:
        _goes_on(done)
        at = walk(done.terms.stages, done.story).at
        if not at:
            raise Refusal(f"{_standard(done)} has no stages for {ticket.priority}.")
        stages = {stage.name: stage for stage in done.terms.stages}
        if to in stages and stages[to].status == "resolved" and done.ticket.status != "solved":
            raise Refusal(f"Mark {ticket.number} solved: that enters {stages[to].title}.")
        if to in stages and stages[to].status != "resolved" and done.ticket.status == "solved":
            raise Refusal(f"{ticket.number} is solved: reopen it, and the work goes on.")
        try:
            found = gate(
                done.terms.stages, at, to, done.ticket.priority, left=on_record(done.ticket).left, reason=reason
            )
        except BadStage as unknown:
            raise Refusal(f"{unknown}") from unknown
        if found.back and not found.open:
            again = "Begin it anew" if at == to else f"Go back to {stages[to].title}"
            raise Refusal(f"{again}? Say why: the timeline keeps it.")
        _open_or_refused(found, stages)
        _entered(done, found, stages, at=done.now, reason=reason)


def state(ticket: Ticket, fact: str, said: str, *, by: Person, now: datetime) -> None:
    """The fact is so, in these words, until the ticket is reopened."""
    said = said.strip()
    with act(ticket, by=by.actor, now=now) as done:
        _goes_on(done)
        if fact in TOLD:
            raise Refusal(f"Nobody states that {FACTS[fact]}: the record tells it by itself.")
        if fact not in STATABLE:
            raise Refusal(f"{fact!r} is nothing to state: {nearest(fact, STATABLE)}")
        if not said:
            raise Refusal(f"Say in a sentence how {STATABLE[fact]}.")
        _fits(said)
        done.record(Noted(done.now), kind=STATED, fact=fact, said=said)


def leave(
    ticket: Ticket, artifact: str, where: str, *, note: str = "", stage: str = "", by: Person, now: datetime
) -> None:
    """What the work has left behind is filed under a stage (default: the one it is in): a link, or where it is kept."""
    where = " ".join(where.split())
    with act(ticket, by=by.actor, now=now) as done:
        _goes_on(done)
        if artifact not in ARTIFACTS:
            raise Refusal(f"{artifact!r} is no kind of artifact: {nearest(artifact, ARTIFACTS)}")
        if not where:
            raise Refusal(f"Say where {ARTIFACTS[artifact]} is: a link, or the place it is kept at.")
        _fits(where)
        _fits(note)
        under = stage or walk(done.terms.stages, done.story).at
        names = [each.name for each in done.terms.stages]
        if under not in names:
            raise Refusal(f"There is no stage {under!r} here: {nearest(under, names)}")
        done.record(Noted(done.now), kind=LEFT, stage=under, artifact=artifact, where=where, note=note.strip())


def solved(done: Act, *, at: datetime, said: Mapping[str, str], bypass: str) -> None:
    """Whoever marks it solved enters the stage that means so, by its gate. `said` are the facts stated in that act.

    Raises Refusal where the gate is not open. Where the standard has no such stage nothing happens.
    """
    stages = done.terms.stages
    stands = walk(stages, done.story).at if stages else ""
    to = solving(stages, stands, done.ticket.priority) if stands else None
    if to is None:
        return
    left = on_record(done.ticket).left
    known = Left(frozenset(left.facts) | {fact for fact, words in said.items() if words.strip()}, left.artifacts)
    found = gate(stages, stands, to.name, done.ticket.priority, left=known, reason=bypass)
    titled = {stage.name: stage for stage in stages}
    _open_or_refused(found, titled)
    _entered(done, found, titled, at=at, reason=bypass if found.bypassed else "")


def _entered(done: Act, found: Gate, stages: Mapping[str, Stage], *, at: datetime, reason: str) -> None:
    lacking = [shown(lack, stages) for lack in found.bypassed]
    more: dict[str, Any] = {"title": stages[found.to].title, "lacking": lacking}
    bypassed = tuple(lack.word for lack in found.bypassed)
    done.record(StageEntered(at, found.to, bypassed, reason.strip()), kind=ENTERED, **more)


def _open_or_refused(found: Gate, stages: Mapping[str, Stage]) -> None:
    if found.open:
        return
    lacking = "; ".join(shown(lack, stages) for lack in found.lacking)
    if found.final:
        raise Refusal(f"{stages[found.to].title} is not open yet: {lacking}. No reason does instead of the check.")
    raise Refusal(f"{stages[found.to].title} is not open yet: {lacking}. Record it, or say why it goes without.")


def shown(lack: Lack, stages: Mapping[str, Stage]) -> str:
    """What is lacking, with the stage as people call it."""
    return str(lack).replace(lack.stage, stages[lack.stage].title, 1)


def _goes_on(done: Act) -> None:
    if done.ticket.status in OVER:
        raise Refusal(f"{done.ticket.number} is {done.ticket.status}: open a new one that follows it up.")


def _fits(text: str) -> None:
    if len(text) > LIMIT:
        raise Refusal(f"This is {len(text)} characters long; {LIMIT} fit. Put the rest in a note.")


def _standard(done: Act) -> str:
    return f"{done.terms.policy} {done.terms.version}"
