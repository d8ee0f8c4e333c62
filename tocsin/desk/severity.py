"""How severe is this ticket, and why?

The facts people answered of it, what the standard's matrix makes of them, and why it has the priority it has.
(semantics 5)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from tocsin.core.matrix import Answer, BadFacts, Matrix
from tocsin.core.terms import Terms
from tocsin.desk.refusal import Refusal
from tocsin.desk.ticket import Ticket
from tocsin.directory.client import Client
from tocsin.log.event import Event

ANSWERED, RULE = "facts_answered", "rule/matrix"
KINDS = ("opened", ANSWERED, "priority_changed", "line_stopped")

Facts = Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Severity:
    """What is known of a ticket and what follows.

    because: why it has its priority, in sentences. facts: what was answered. answer: what the matrix makes of that;
    None where nobody answered. proposes: the priority the answers would give, where the ticket has another. assumed:
    input → answer, of those that nobody answered. taken: the same in words. stopped: on which conditions the line is
    stopped, which count as long as it is.
    """

    because: tuple[str, ...]
    facts: Mapping[str, str]
    answer: Answer | None = None
    proposes: str = ""
    assumed: Mapping[str, str] = field(default_factory=dict)
    taken: tuple[str, ...] = ()
    stopped: tuple[str, ...] = ()


def matrix_of(terms: Terms) -> Matrix:
    """The matrix of these terms; Refusal where the standard has none."""
    if terms.matrix is None:
        raise Refusal(f"The standard {terms.policy} {terms.version} asks for no facts: give a priority.")
    return terms.matrix


def day_of(client: Client, at: datetime) -> date:
    """The client's day on which a ticket was opened: what is agreed for it counts, then and later."""
    return at.astimezone(ZoneInfo(client.zone)).date()


def ask(matrix: Matrix, facts: Facts, *, on: date, stopped: Sequence[str] = ()) -> Answer:
    """What the matrix makes of the facts, and of a stopped line; those that make no sense are a Refusal."""
    try:
        return matrix.ask(facts, on=on, stopped=stopped)
    except BadFacts as error:
        raise Refusal(str(error)) from error


def judged(
    terms: Terms, facts: Facts | None, priority: str | None, *, on: date, differs_because: str = ""
) -> tuple[str, dict[str, Any]]:
    """The priority of a new ticket, and what goes on record of why: facts, what the matrix gave, why not that.

    Somebody may choose another priority than the matrix gives, with a reason; else it is a Refusal. Where nobody said
    anything, neither facts nor a priority, what was assumed of every input is on record. (semantics 5, R1.12)
    """
    if not any((facts or {}).values()):
        if priority or terms.matrix is None:
            return priority or terms.default_priority, {}
        return terms.default_priority, {"assumed": terms.matrix.assumed(on=on)}
    matrix = matrix_of(terms)
    answer = ask(matrix, facts or {}, on=on)
    data = {"facts": matrix.known(facts or {}), "matrix": said(answer)}
    if priority in (None, "", answer.priority):
        return answer.priority, data
    if not differs_because.strip():
        why = "; ".join(answer.because)
        raise Refusal(f"By the facts it is {why}. Say why it is {priority} instead.")
    return str(priority), {**data, "differs_because": differs_because.strip()}


def said(answer: Answer) -> dict[str, Any]:
    """The answer as it goes on record."""
    return {
        "priority": answer.priority,
        "because": list(answer.because),
        "decided_by": list(answer.decided_by),
        "assumed": dict(answer.assumed),
    }


def reason_of(answer: Answer) -> str:
    """What a change to the answer's priority gives as its reason."""
    return "; ".join(each.removeprefix(f"{answer.priority}, because ") for each in answer.because)


def severity_of(ticket: Ticket, terms: Terms, rows: Iterable[Event] | None = None) -> Severity:
    """What is known of the ticket; `rows` is what is on record, where the caller has read it."""
    if rows is None:
        rows = Event.objects.filter(stream=ticket.stream_name, kind__in=KINDS).order_by("seq")
    facts: Mapping[str, str] = {}
    because: tuple[str, ...] = ()
    assumed: Mapping[str, str] = {}
    stopped: tuple[str, ...] = ()
    for row in rows:
        if row.kind not in KINDS:
            continue
        data = row.data
        facts = data.get("facts", facts)
        if row.kind == "opened":
            because, assumed = _as_opened(data), data.get("assumed", {})
        elif row.kind == "priority_changed":
            because = (f"{data['to']}, because {data.get('reason') or 'somebody said so'}",)
        elif row.kind == "line_stopped":
            stopped = tuple(data["conditions"]) if ticket.stopped_at is not None else ()
            because = (f"{ticket.priority}, because the line was stopped: {'; '.join(data['conditions'])}",)
    answer = None
    if facts and terms.matrix is not None:
        answer = ask(terms.matrix, facts, on=day_of(ticket.client, ticket.opened_at), stopped=stopped)
        assumed = answer.assumed
    proposes = answer.priority if answer is not None and answer.priority != ticket.priority else ""
    return Severity(because, facts, answer, proposes, assumed, _in_words(assumed, terms), stopped)


def _in_words(assumed: Mapping[str, str], terms: Terms) -> tuple[str, ...]:
    inputs = terms.matrix.inputs if terms.matrix is not None else {}
    known = ((inputs[name], answer) for name, answer in assumed.items() if name in inputs)
    return tuple(f"{one.title}: {one.scale.get(answer, answer)}" for one, answer in known)


def _as_opened(data: Mapping[str, Any]) -> tuple[str, ...]:
    priority, gave = data["priority"], data.get("matrix")
    if gave is None:
        return (f"{priority}, as it was opened{': ' + data['because'] if data.get('because') else ''}",)
    if data.get("differs_because"):
        return (f"{priority} and not {gave['priority']}, because {data['differs_because']}",)
    return tuple(gave["because"])
