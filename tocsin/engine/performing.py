"""What does the engine do about an obligation?

One function a kind. Each puts the obligation on record under its key, and says who is to hear of it; none of them sends
anything or looks at the time. (semantics 10)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tocsin.core.event import Closed, Escalated, Fired, PriorityChanged, Resumed
from tocsin.core.ladder import Ladder, Step
from tocsin.core.performed import escalation, escalation_key
from tocsin.core.plan import Obligation
from tocsin.desk import raci
from tocsin.directory.contact import Contact
from tocsin.directory.person import Person
from tocsin.engine.others import SERVICE_DESK_MANAGER
from tocsin.engine.working import ANOTHER, Telling, Working

PAPER = {"resend": "acceptance-again", "again": "again"}  # the message of a question that is asked once more


def perform(due: Obligation, work: Working) -> bool:
    """The obligation is done, or drafted to be; returns whether it changed what the plan rests on."""
    work.lateness.append((work.now - due.effective_at).total_seconds())
    return PERFORM[due.kind](due, work)


def _put_on_record(due: Obligation, work: Working, **data: Any) -> None:
    moot = {"moot": True} if due.moot else {}
    holes = (work.hole(telling.role) for telling in work.tellings if telling.obligation is due)
    if hole := next(filter(None, holes), None):
        until = hole.until
        data["hole"] = {"roster": hole.roster.name, "until": until and until.isoformat(timespec="minutes")}
    standard = f"{work.terms.policy} {work.terms.version}"
    work.put(Fired(due.effective_at, key=due.key), kind=due.kind, why=due.reason, standard=standard, **moot, **data)


def _tell(
    due: Obligation,
    work: Working,
    role: str,
    template: str,
    *,
    by: tuple[str, ...] = (),
    instead_of: str = "",
    missing: str = "",
) -> list[str]:
    """The first who holds the role hears of it; returns how the log names them.

    A contact of the client's reads what is written for clients, and nothing else.
    """
    ours = work.message(template).audience == "staff"
    found = [who for who in work.holders(role) if isinstance(who, Person) or not ours][:1]
    work.tellings.extend(Telling(who, role, template, due, by, instead_of, missing) for who in found)
    return [who.actor for who in found]


def _tell_ours(due: Obligation, work: Working, role: str, template: str, *, missing: str = "") -> list[str]:
    """As _tell; where nobody holds the role somebody else of ours hears of it, for nothing waits in silence."""
    told = _tell(due, work, role, template, missing=missing)
    return told or _tell_another(due, work, template, instead_of=role, missing=missing)


def _tell_another(due: Obligation, work: Working, template: str, *, instead_of: str, missing: str = "") -> list[str]:
    who = work.another()
    if who is None:
        return []
    work.tellings.append(Telling(who, ANOTHER, template, due, instead_of=instead_of, missing=missing))
    return [who.actor]


def _threshold(due: Obligation, work: Working) -> bool:
    action = work.terms.threshold(due.subject, due.percent)
    if due.moot or action is None:
        _put_on_record(due, work)
        return False
    template = "update-due" if due.subject == "next_update" else "threshold"
    told = _tell_ours(due, work, action.tell, template)
    _put_on_record(due, work, told=told, role=action.tell)
    return _escalate(due, work)


def _escalate(due: Obligation, work: Working) -> bool:
    """Ask for a level, unless it or a higher one has the ticket: then it informs and moves nothing. (R2.16)"""
    level = escalation(due, work.terms, work.standing)
    if level is None:
        return False
    work.put(
        Escalated(due.effective_at, level, key=escalation_key(due)),
        frm=work.ticket.level,
        reason="about to exceed",
        trigger=f"{due.percent} % used",
        **work.ticket.hands,
        **raci.frozen(work.ticket, work.terms, work.roster, at=work.now),
    )
    return True


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
    told = _tell_ours(due, work, role, template) if role else []
    _put_on_record(due, work, told=told, role=role)
    return False


def _wait(due: Obligation, work: Working) -> bool:
    told = [] if due.moot else _tell_ours(due, work, "worker", "wait-over")
    work.put(Resumed(due.effective_at, key=due.key), reason=due.reason, told=told)
    return True


def _raise(due: Obligation, work: Working) -> bool:
    if due.moot:
        _put_on_record(due, work)
        return False
    told = _tell_ours(due, work, "owner", "raised")
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


def _ask(
    due: Obligation, work: Working, ladder: Ladder, step: Step, *, template: str = ""
) -> tuple[list[str], dict[str, Any]]:
    """Whoever holds the step's role is asked; where nobody does, the holder of the next step, and the owner is told.

    A step that asks for a call to the client asks one of our own people to make it. (semantics 3, R6.2)
    """
    template = template or step.template or "step"
    told = _tell(due, work, step.to, template, by=step.by)
    if told:
        asked = _tell_ours(due, work, "worker", "call") if _is_a_call(step, work) else []
        return told, {"asked": asked} if asked else {}
    for later in ladder.steps[ladder.steps.index(step) + 1 :]:
        if work.ticket.priority in later.after and (
            told := _tell(due, work, later.to, template, by=later.by, instead_of=step.to)
        ):
            break
    owner = _tell_ours(due, work, ladder.owner, "empty-step", missing=step.to)
    return [*told, *(who for who in owner if who not in told)], {"empty": step.to}


def _is_a_call(step: Step, work: Working) -> bool:
    """Whether somebody of ours is to call whoever the step tells."""
    return step.act and "phone" in step.by and any(isinstance(who, Contact) for who in work.holders(step.to)[:1])


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
        **work.ticket.hands,
        **raci.frozen(work.ticket, work.terms, work.roster, at=work.now),
    )
    return True


def _question(due: Obligation, work: Working) -> bool:
    """The level that was asked hears of it: at once, and once more if it does not accept.

    Paged again for a step that tells the client is whoever of ours was to act on it.
    """
    if due.moot or due.step is None:
        _put_on_record(due, work)
        return False
    template = PAPER.get(due.kind, "")
    if due.kind == "again" and due.step.to in work.terms.client_roles:
        _put_on_record(due, work, role="worker", told=_tell_ours(due, work, "worker", template))
        return False
    if due.kind == "ask" and _because_nobody_accepted(due, work):
        template = "not-accepted"
    told, instead = _ask(due, work, work.terms.ladders[due.subject], due.step, template=template)
    _put_on_record(due, work, role=due.step.to, told=told, **instead)
    return False


def _because_nobody_accepted(due: Obligation, work: Working) -> bool:
    return any(event.seq == due.anchor and (event.key or "").startswith("unaccepted/") for event in work.story)


def _missed(due: Obligation, work: Working) -> bool:
    """By name: the step, and whoever was to do it. (semantics 3)"""
    assert due.step is not None
    role = "worker" if _is_a_call(due.step, work) else due.step.to
    asked = [who.actor for who in work.holders(role)[:1]]
    told = [] if due.moot else _tell_ours(due, work, SERVICE_DESK_MANAGER, "missed-act", missing=role)
    _put_on_record(due, work, step=due.step.name, role=due.step.to, asked=asked, told=told)
    return False


def _exhausted(due: Obligation, work: Working) -> bool:
    told: list[str] = []
    if not due.moot:
        for role in dict.fromkeys((due.to, SERVICE_DESK_MANAGER)):
            told += _tell(due, work, role, "exhausted")
        told = told or _tell_another(due, work, "exhausted", instead_of=due.to)
    _put_on_record(due, work, told=told)
    return False


def _close(due: Obligation, work: Working) -> bool:
    if due.moot:
        _put_on_record(due, work)
        return False
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
