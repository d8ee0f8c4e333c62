"""What becomes of a ticket when its facts are answered anew?

Somebody has found out more: the matrix is asked again. What turns out more severe raises at once, by rule; what turns
out less severe is only proposed, and a person decides. (semantics 5, R1.5)
"""

from __future__ import annotations

from datetime import datetime

from tocsin.core.event import Noted, PriorityChanged
from tocsin.core.matrix import Answer
from tocsin.desk import record, severity, tickets
from tocsin.desk.refusal import Refusal
from tocsin.desk.severity import Facts, Severity
from tocsin.desk.telling import tell
from tocsin.desk.ticket import Ticket
from tocsin.desk.timeline import Act, act
from tocsin.directory.person import Person


def answer(ticket: Ticket, facts: Facts, *, by: Person, now: datetime) -> Severity:
    """The facts are on record; those not given stay as they were answered, one that is None or blank is not known.

    The ticket is raised where they turn out more severe than what was known before, and than the priority it has.
    """
    with act(ticket, by=by.actor, now=now) as done:
        tickets.live(done)
        if tickets.own_times(ticket.kind, done.terms):
            raise Refusal(f"{ticket.number} is a {ticket.kind}: it has times of its own, and no priority to decide.")
        matrix = severity.matrix_of(done.terms)
        before = severity.severity_of(done.ticket, done.terms)
        on = severity.day_of(done.ticket.client, done.ticket.opened_at)
        known = {**before.facts, **facts}
        found = severity.ask(matrix, known, on=on, stopped=before.stopped)
        after = matrix.known(known)
        changed = sorted(name for name in {*after, *before.facts} if after.get(name) != before.facts.get(name))
        if not changed:
            raise Refusal("That is what is known already: answer at least one fact otherwise than before.")
        grown = (
            matrix.more_severe(found.priority, before.answer.priority)
            if before.answer is not None
            else any(name in after for name in found.decided_by)
        )
        raises = grown and matrix.more_severe(found.priority, done.ticket.priority)
        proposes = {} if raises or found.priority == done.ticket.priority else {"proposes": found.priority}
        done.record(
            Noted(done.now),
            kind=severity.ANSWERED,
            facts=after,
            changed=changed,
            matrix=severity.said(found),
            **proposes,
        )
        if raises:
            _raise(done, found)
    return severity.severity_of(ticket, done.terms)


def _raise(done: Act, found: Answer) -> None:
    """The rule raises, not whoever answered; the owner and the worker hear of it."""
    ticket, reason = done.ticket, severity.reason_of(found)
    key = f"matrix/{ticket.head_seq + len(done.drafts)}"
    event = PriorityChanged(done.now, found.priority, key=key)
    raised = record.draft(event, actor=severity.RULE, was=ticket.priority, reason=reason, rule="matrix")
    done.drafts.append(raised)
    for who in dict.fromkeys(each for each in (ticket.owner, ticket.worker) if each is not None):
        tell(
            done,
            who,
            subject=f"{found.priority} {ticket.client}: {ticket.number} was raised: {ticket.title}",
            body=(
                f"{who}, {ticket.number} is {found.priority} now, and was {ticket.priority}: {reason}.\n\n"
                f"See that it goes on as a {found.priority} should, and tell the client.\n\n"
                "Why you: it is yours, and somebody has answered its facts anew."
            ),
        )
