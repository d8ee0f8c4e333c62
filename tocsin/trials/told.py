"""Who would have heard of it, by which ways, had every role been held?"""

from __future__ import annotations

from collections.abc import Iterator

from tocsin.core.ladder import Ladder
from tocsin.core.plan import Obligation
from tocsin.core.terms import Terms

DESK = "service-desk-manager"
Told = tuple[str, tuple[str, ...]]


def told(due: Obligation, terms: Terms) -> Iterator[Told]:
    """The roles that hear of an obligation, each with the ways of its step; as the engine tells them. (R6)"""
    ladder = terms.ladders.get(due.subject)
    if due.kind == "threshold":
        action = terms.threshold(due.subject, due.percent)
        if action is not None:
            yield action.tell, ()
    elif due.kind == "breach":
        if terms.clocks[due.subject].repeats:
            role = due.to
        else:
            action = terms.threshold(due.subject, 100)
            role = action.tell if action else DESK
        if role:
            yield role, ()
    elif due.kind == "wait":
        yield "worker", ()
    elif due.kind == "raise":
        yield "owner", ()
    elif due.kind in ("step", "ask", "resend", "again"):
        yield from _asked(due, terms, ladder)
    elif due.kind == "missed":
        yield DESK, ()
    elif due.kind == "exhausted":
        yield from ((role, ()) for role in dict.fromkeys((due.to, DESK)))


def _asked(due: Obligation, terms: Terms, ladder: Ladder | None) -> Iterator[Told]:
    if due.step is None or (due.kind == "step" and ladder is not None and ladder.counts_from == "level"):
        return  # an escalation by time: whoever is asked hears of it by the asking
    if due.kind == "again" and due.step.to in terms.client_roles:
        yield "worker", ()
        return
    yield due.step.to, due.step.by
    if due.step.act and "phone" in due.step.by and due.step.to in terms.client_roles:
        yield "worker", ()
