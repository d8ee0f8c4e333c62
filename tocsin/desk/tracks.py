"""How far has each ladder of this ticket been climbed?

One track a ladder: what is done, what comes next and when, what was skipped and why, what was missed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from tocsin.core.agenda import title
from tocsin.core.ladder import Ladder, Step
from tocsin.core.plan import Coming, Plan
from tocsin.core.terms import Terms
from tocsin.desk.board import LIVE
from tocsin.desk.names import Names
from tocsin.desk.ticket import Ticket
from tocsin.log.event import Event

State = Literal["done", "next", "later", "skipped", "missed", "ended"]
TITLES = {
    "functional": "Who works",
    "management": "Who manages",
    "client": "Who is told",
    "complaint": "Complaint",
    "page": "Who is paged",
}
RAN = ("step", "missed", "acknowledged", "done", "exhausted", "escalated", "accepted", "sent_back")


@dataclass(frozen=True, slots=True)
class Mark:
    """One step of a track: when it was or will be, and what became of it. `key` names it; `act`: it asks for one.

    One that has `ended` will not come any more, and need not.
    """

    name: str
    state: State
    at: datetime | None
    says: str
    key: str = ""
    act: bool = False


@dataclass(frozen=True, slots=True)
class Track:
    """One ladder as it stands; `out` where it has run out."""

    name: str
    title: str
    marks: tuple[Mark, ...]
    out: bool = False


def tracks(ticket: Ticket, terms: Terms, planned: Plan, rows: Iterable[Event]) -> list[Track]:
    """The ladders that the ticket climbs, or has begun to, in the order of TITLES."""
    ran = [(row, row.data) for row in rows if row.kind in RAN]
    names = Names([row.actor for row, _ in ran] + [who for _, data in ran for who in data.get("told") or ()])
    found = []
    for name in sorted(terms.ladders, key=lambda name: list(TITLES).index(name) if name in TITLES else 99):
        ladder = terms.ladders[name]
        if ladder.counts_from == "level":
            marks = tuple(_levels(ticket, terms, ladder, planned, ran))
        else:
            marks = tuple(_steps(ticket, terms, ladder, planned, ran, names))
        if marks:
            out = any(row.kind == "exhausted" and (row.key or "").startswith(f"exhausted/{name}@") for row, _ in ran)
            found.append(Track(name, TITLES.get(name, name.capitalize()), marks, out))
    return found


Ran = Sequence[tuple[Event, dict[str, Any]]]


def _steps(ticket: Ticket, terms: Terms, ladder: Ladder, planned: Plan, ran: Ran, names: Names) -> Iterator[Mark]:
    fired = {_step_of(row.key): (row, data) for row, data in ran if _is(row, "step", ladder)}
    missed = {_step_of(row.key): row for row, _ in ran if _is(row, "missed", ladder)}
    answered = {data["of"]: row for row, data in ran if row.kind in ("acknowledged", "done")}
    ahead = {coming.step.name: coming for coming in planned.ahead if coming.kind == "step" and _on(coming, ladder)}
    first = min(ahead.values(), key=lambda coming: coming.at, default=None)
    over = _over(ticket) or _heard(ladder, ran)
    for step in ladder.steps:
        if ticket.priority not in step.after and step.name not in fired:
            continue
        whom = step.title or title(step.to, terms)
        if step.name in fired:
            row, data = fired[step.name]
            yield _fired(whom, step, row, data, missed.get(step.name), answered.get(row.key or ""), names)
        elif step.name in ahead:
            coming = ahead[step.name]
            wait = step.after[ticket.priority][0]
            yield Mark(
                whom, "next" if coming is first else "later", coming.at, f"after {wait}" if wait.amount else "at once"
            )
        elif over:
            yield Mark(whom, "ended", None, over)
        else:
            yield Mark(whom, "later", None, f"after {step.after[ticket.priority][0]}")


def _over(ticket: Ticket) -> str:
    """Why no step comes any more, whichever ladder it is of; "" while the ticket is open."""
    if ticket.status in LIVE:
        return ""
    return "ended: solved" if ticket.solved_at is not None else f"ended: {ticket.status}"


def _heard(ladder: Ladder, ran: Ran) -> str:
    """Why nobody further is paged: somebody has acknowledged, on a ladder which that ends."""
    if not ladder.until_acknowledged:
        return ""
    pages = [data["of"].partition("/")[2] for row, data in ran if row.kind == "acknowledged"]
    return "not needed: acknowledged" if any(page.startswith(f"{ladder.name}@") for page in pages) else ""


def _fired(
    whom: str, step: Step, row: Event, data: dict[str, Any], missed: Event | None, answer: Event | None, names: Names
) -> Mark:
    at, key = row.effective_at, row.key or ""
    if answer is not None:
        verb = "acknowledged" if answer.kind == "acknowledged" else "done"
        return Mark(whom, "done", answer.effective_at, f"{verb} by {names(answer.actor)}", key)
    if missed is not None:
        return Mark(whom, "missed", at, "not done in time", key, act=step.act)
    if data.get("moot"):
        return Mark(whom, "skipped", at, "came too late to tell anybody", key)
    if data.get("empty"):
        told = names.all(data.get("told") or ())
        return Mark(whom, "skipped", at, f"nobody holds it; told {told}", key)
    says = f"told {names.all(data['told'])}" if data.get("told") else "nobody was told"
    return Mark(whom, "done", at, f"{says}; to be done" if step.act else says, key, act=step.act)


def _levels(ticket: Ticket, terms: Terms, ladder: Ladder, planned: Plan, ran: Ran) -> Iterator[Mark]:
    levels = [terms.first_level, *(step.name for step in ladder.steps)]
    have = levels.index(ticket.level) if ticket.level in levels else 0
    coming = next((each for each in planned.ahead if each.kind == "step" and _on(each, ladder)), None)
    answer = min((each.at for each in planned.ahead if each.kind in ("resend", "unaccepted")), default=None)
    over, jumped = _over(ticket), _jumped(levels, ran)
    asked = levels.index(ticket.asked_level) if ticket.asked_level in levels else have
    for place, level in enumerate(levels):
        name = level if level[1:2].isdigit() else terms.titles.get(level, level)
        if place != have and place < max(have, asked) and level in jumped:
            yield Mark(name, "skipped", None, f"skipped: {jumped[level]}")
        elif place < have:
            yield Mark(name, "done", None, "had it")
        elif place == have and over:
            yield Mark(name, "done", None, f"{ticket.worker.name} had it" if ticket.worker else "had it")
        elif place == have:
            until = coming.at if coming is not None else None
            says = f"{ticket.worker.name} has it" if ticket.worker else f"waits for somebody of {name}"
            yield Mark(name, "done" if ticket.worker else "next", until, says + (", until" if until else ""))
        elif over:
            yield Mark(name, "ended", None, over)
        elif level == ticket.asked_level:
            yield Mark(name, "next", answer, "asked, and has not accepted yet")
        elif ticket.priority in ladder.step(level).after:
            yield Mark(name, "later", None, f"after {ladder.step(level).after[ticket.priority][0]} at the level before")


def _jumped(levels: Sequence[str], ran: Ran) -> dict[str, str]:
    """The levels that an escalation has left out and that never had it, and the reason it gave. (R4.4)"""
    found: dict[str, str] = {}
    for row, data in ran:
        if row.kind == "accepted":
            found.pop(data["level"], None)
        if row.kind == "escalated" and data["to"] in levels and data["frm"] in levels:
            found.pop(data["frm"], None)
            between = levels[levels.index(data["frm"]) + 1 : levels.index(data["to"])]
            found |= dict.fromkeys(between, data["reason"])
    return found


def _is(row: Event, kind: str, ladder: Ladder) -> bool:
    return row.kind == kind and (row.key or "").startswith(f"{kind}/{ladder.name}@")


def _on(coming: Coming, ladder: Ladder) -> bool:
    return coming.subject == ladder.name and coming.step is not None


def _step_of(key: str | None) -> str:
    return (key or "").rpartition("/")[2]
