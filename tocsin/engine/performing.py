"""What does the engine do about an obligation?

One function a kind. Each puts the obligation on record under its key, and says who is to hear of it; none of them sends
anything or looks at the time. (semantics 10)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tocsin.core.event import Closed, Escalated, Fired, PriorityChanged, Resumed
from tocsin.core.ladder import Ladder, Step
from tocsin.core.plan import Obligation
from tocsin.engine.working import Telling, Working

SERVICE_DESK_MANAGER = "service-desk-manager"


def perform(due: Obligation, work: Working) -> bool:
    """The obligation is done, or drafted to be; returns whether it changed what the plan rests on."""
    work.lateness.append((work.now - due.effective_at).total_seconds())
    return PERFORM[due.kind](due, work)


def _put_on_record(due: Obligation, work: Working, **data: Any) -> None:
    moot = {"moot": True} if due.moot else {}
    work.put(Fired(due.effective_at, key=due.key), kind=due.kind, why=due.reason, **moot, **data)


def _tell(due: Obligation, work: Working, role: str, template: str, *, by: tuple[str, ...] = ()) -> list[str]:
    """The first who holds the role hears of it; returns how the log names them."""
    found = work.holders(role)[:1]
    work.tellings.extend(Telling(who, role, template, due, by) for who in found)
    return [who.actor for who in found]


def _threshold(due: Obligation, work: Working) -> bool:
    action = work.terms.threshold(due.subject, due.percent)
    if due.moot or action is None:
        _put_on_record(due, work)
        return False
    template = "update-due" if due.subject == "next_update" else "threshold"
    told = _tell(due, work, action.tell, template)
    _put_on_record(due, work, told=told, role=action.tell)
    return action.escalate is not None and _escalate(due, work, action.escalate, why=f"{due.percent} % used")


def _escalate(due: Obligation, work: Working, level: str, *, why: str, key: str | None = None) -> bool:
    """Ask for a level, unless it or a higher one has the ticket: then it informs and moves nothing."""
    ladder = work.terms.ladders.get("functional")
    names = [step.name for step in ladder.steps] if ladder else []
    have = work.ticket.asked_level or work.ticket.level
    if level in names and (have not in names or names.index(have) < names.index(level)):
        work.put(
            Escalated(due.effective_at, level, key=key), frm=work.ticket.level, reason="time exceeded", trigger=why
        )
        work.ticket.asked_level = level
        return True
    return False


def _breach(due: Obligation, work: Working) -> bool:
    if due.moot:
        _put_on_record(due, work)
        return False
    if work.terms.clocks[due.subject].repeats:
        role = due.to
        template = "update-missed"
    else:
        action = work.terms.threshold(due.subject, 100)
        role = action.tell if action else SERVICE_DESK_MANAGER
        template = "breach"
    told = _tell(due, work, role, template) if role else []
    _put_on_record(due, work, told=told, role=role)
    return False


def _wait(due: Obligation, work: Working) -> bool:
    told = _tell(due, work, "worker", "wait-over")
    work.put(Resumed(due.effective_at, key=due.key), reason=due.reason, told=told)
    return True


def _raise(due: Obligation, work: Working) -> bool:
    if due.moot:
        _put_on_record(due, work)
        return False
    told = _tell(due, work, "owner", "raised")
    work.put(
        PriorityChanged(due.effective_at, due.to, key=due.key),
        reason=due.reason,
        was=work.ticket.priority,
        rule=due.subject,
        by_age=True,
        told=told,
    )
    work.ticket.priority = due.to
    return True


def _step(due: Obligation, work: Working) -> bool:
    assert due.step is not None
    ladder = work.terms.ladders[due.subject]
    if ladder.counts_from == "level":
        return _move_up(due, work)
    if due.moot:
        _put_on_record(due, work, step=due.step.name)
        return False
    told, instead = _ask(due, work, ladder, due.step)
    _put_on_record(due, work, step=due.step.name, role=due.step.to, told=told, **instead)
    return False


def _ask(due: Obligation, work: Working, ladder: Ladder, step: Step) -> tuple[list[str], dict[str, Any]]:
    """Whoever holds the step's role is asked; where nobody does, the holder of the next step, and the owner is told."""
    told = _tell(due, work, step.to, step.template or "step", by=step.by)
    if told:
        return told, {}
    for later in ladder.steps[ladder.steps.index(step) + 1 :]:
        if work.ticket.priority in later.after and (told := _tell(due, work, later.to, "empty-step", by=later.by)):
            break
    owner = _tell(due, work, ladder.owner, "empty-step")
    return [*told, *(who for who in owner if who not in told)], {"empty": step.to}


def _move_up(due: Obligation, work: Working) -> bool:
    assert due.step is not None
    if due.moot:
        _put_on_record(due, work, step=due.step.name)
        return False
    work.put(
        Escalated(due.effective_at, due.step.name, key=due.key),
        frm=work.ticket.level,
        reason="not accepted" if due.kind == "unaccepted" else "time exceeded",
        trigger=due.reason,
    )
    return True


def _question(due: Obligation, work: Working) -> bool:
    """The level that was asked hears of it: at once, and once more if it does not accept."""
    if due.moot or due.step is None:
        _put_on_record(due, work)
        return False
    ladder = work.terms.ladders[due.subject]
    told, instead = _ask(due, work, ladder, due.step)
    _put_on_record(due, work, role=due.step.to, told=told, **instead)
    return False


def _missed(due: Obligation, work: Working) -> bool:
    assert due.step is not None
    told = [] if due.moot else _tell(due, work, SERVICE_DESK_MANAGER, "missed-act")
    _put_on_record(due, work, step=due.step.name, role=due.step.to, told=told)
    return False


def _exhausted(due: Obligation, work: Working) -> bool:
    told: list[str] = []
    if not due.moot:
        for role in dict.fromkeys((due.to, SERVICE_DESK_MANAGER)):
            told += _tell(due, work, role, "exhausted")
    _put_on_record(due, work, told=told)
    return False


def _close(due: Obligation, work: Working) -> bool:
    work.put(Closed(due.effective_at, key=due.key), reason=due.reason)
    return True


PERFORM: dict[str, Callable[[Obligation, Working], bool]] = {
    "threshold": _threshold,
    "breach": _breach,
    "wait": _wait,
    "raise": _raise,
    "step": _step,
    "ask": _question,
    "resend": _question,
    "again": _question,
    "unaccepted": _move_up,
    "missed": _missed,
    "exhausted": _exhausted,
    "close": _close,
}
