"""When does what a monitor says later raise or lower a ticket?

Only where the standard says so (`rules.alerts_raise`, `rules.alerts_lower`), and always as an event that names the rule
and keeps the reading that caused it. (semantics 5, R11.7)
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tocsin.core.event import PriorityChanged
from tocsin.core.terms import Terms
from tocsin.desk import record, tickets
from tocsin.desk.telling import tell
from tocsin.desk.timeline import Act
from tocsin.log.event import Event

RULE = "rule/alerts"
DECIDES = ("opened", "priority_changed", "facts_answered", "line_stopped")
OVER = ("solved", *tickets.ENDED)


def follow(done: Act, *, said: str, was: str, others: Iterable[str], again: bool, **reading: Any) -> str:
    """The priority follows what the ticket's open alerts say, where a rule has it so; returns what it became, or "".

    `said` is what this alert says by now ("": it is over), `was` what it said before, `again` whether it fires anew.
    One that got worse raises to what it says. One that got milder, or is over, lowers to the worst that it and the
    `others` still say: only while no person has decided the priority, the line is not stopped, and nobody has to
    approve it.
    """
    terms, ticket = done.terms, done.ticket
    if ticket.status in OVER or tickets.own_times(ticket.kind, terms):
        return ""
    if terms.alerts_raise and (again or _worse(terms, said, was)) and _worse_than(terms, said, ticket.priority):
        return _change(done, terms.severities[said], f"its monitor says {said} now", **reading)
    left = [each for each in (said, *others) if each in terms.severities]
    worst = min(left, key=lambda each: terms.severity(terms.severities[each]), default="")
    milder = worst and terms.severity(terms.severities[worst]) > terms.severity(ticket.priority)
    if terms.alerts_lower and milder and ticket.stopped_at is None and _is_the_monitors(done):
        if tickets.nearly_used(done):
            return ""
        return _change(done, terms.severities[worst], f"the worst its monitor still says is {worst}", **reading)
    return ""


def _worse(terms: Terms, said: str, was: str) -> bool:
    return was not in terms.severities or _worse_than(terms, said, terms.severities[was])


def _worse_than(terms: Terms, said: str, priority: str) -> bool:
    return said in terms.severities and terms.severity(terms.severities[said]) < terms.severity(priority)


def _is_the_monitors(done: Act) -> bool:
    """Whether its priority was last decided by a monitor or this rule: what a person has decided stands."""
    rows = Event.objects.filter(stream=done.ticket.stream_name, kind__in=DECIDES).order_by("-seq")
    last = rows.values_list("actor", flat=True).first() or ""
    return last == RULE or last.startswith("monitor/")


def _change(done: Act, to: str, reason: str, **reading: Any) -> str:
    ticket, was = done.ticket, done.ticket.priority
    event = PriorityChanged(done.now, to, key=f"alerts/{ticket.head_seq + len(done.drafts)}")
    done.drafts.append(record.draft(event, actor=RULE, was=was, reason=reason, rule="alerts", **reading))
    for who in dict.fromkeys(each for each in (ticket.owner, ticket.worker) if each is not None):
        tell(
            done,
            who,
            subject=f"{to} {ticket.client}: {ticket.number} is {to} now: {ticket.title}",
            body=(
                f"{who}, {ticket.number} is {to} now, and was {was}: {reason}.\n\n"
                f"See that it goes on as a {to} should.\n\n"
                "Why you: it is yours, and the standard has its alerts decide its priority."
            ),
        )
    return to
