"""What may a text of the standard say, and what must it?

The placeholders are one closed list: whoever sends a message fills those its text uses. (R14.1, R14.6)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from tocsin.core.document import nearest
from tocsin.core.message import BadTemplate, fields_of

# What a text for a client may say. "next update" reads "at resolution" or "none promised" where that was agreed.
FOR_CLIENTS: Final[Mapping[str, str]] = {
    "number": "the ticket's number",
    "priority": "its priority, P1",
    "severity": "what the priority is called, Critical",
    "client": "the client's name",
    "service": "the service hit",
    "title": "what happened, in a line",
    "status": "investigating, identified, monitoring or resolved",
    "impact": "who is hit, and what they cannot do",
    "started_at": "since when, in the client's zone",
    "assigned": "the engineer who works on it",
    "next_update_at": "when the client hears next, in the client's zone",
    "actions": "what has been done and is being done",
    "next_step": "what happens next",
    "eta": "when it is expected to be solved",
    "cause": "the root cause, as far as known",
    "resolved_at": "when it was solved, in the client's zone",
    "duration": "how long it took",
    "verification": "how it was verified",
    "follow_up": "review date and monitoring",
    "update_number": "the number of this update, counted from 1",
    "contact": "the name of the person written to",
    "link": "where to look",
}

# What a text for our own people may say besides.
FOR_STAFF: Final[Mapping[str, str]] = {
    **FOR_CLIENTS,
    "why": "the rule, the clock and the version that sent this: why me?",
    "due_at": "until when, in the reader's zone",
    "owner": "whose ticket it is",
    "due_for": "what is due then: the response, or the solution",
    "role": "the role the reader has in this",
    "person": "the reader's name",
    "step": "the step of the ladder",
    "ladder": "the ladder",
    "level": "the level that has it or is asked",
    "clock": "what is promised: response time, resolution time, time to tell the client, time of the next update",
    "percent": "how much of the clock is used",
    "minutes_late": "how late it is, in minutes",
    "phone": "the number to call",
    "script": "what to say on the call",
    "reason": "the reason somebody gave",
    "bridge": "where the bridge is, or that none is open",
    "standard": "the standard and its version",
}

KNOWN: Final[Mapping[str, Mapping[str, str]]] = {"client": FOR_CLIENTS, "staff": FOR_STAFF}

STAGES: Final = ("outage", "update", "resolved")

# R14.6: each group must be named, by any of its placeholders.
_FOUR: Final = (
    ("the event", ("title",)),
    ("what it touches", ("impact", "service")),
    ("the next move", ("next_step",)),
)
_NEXT: Final = ("the time of the next update", ("next_update_at",))
_AFTER: Final = ("the follow-up", ("follow_up",))

# The texts the desk sends by itself, and to whom: every standard has them.
WANTED: Final[Mapping[str, tuple[str, str]]] = {
    "outage": ("client", "the first word to the client"),
    "update": ("client", "every word after it"),
    "resolved": ("client", "the last word"),
    "client-step": ("client", "a step of the client ladder"),
    "page": ("staff", "a call for one person to act now"),
    "step": ("staff", "a step of a ladder has come"),
    "call": ("staff", "somebody is to be called, with the number and what to say"),
    "briefing": ("staff", "a briefing is to be held"),
    "acceptance": ("staff", "a level is asked to take the ticket"),
    "acceptance-again": ("staff", "it was asked, and has not"),
    "not-accepted": ("staff", "nobody took it, and it went on"),
    "threshold": ("staff", "so much of a clock is used"),
    "breach": ("staff", "a promise is broken"),
    "update-due": ("staff", "the client's next update is near"),
    "update-missed": ("staff", "the client heard nothing"),
    "missed-act": ("staff", "a call or briefing was not recorded in time"),
    "exhausted": ("staff", "a ladder has run out"),
    "empty-step": ("staff", "a step has nobody"),
    "raised": ("staff", "a rule has raised the priority"),
    "wait-over": ("staff", "the wait has ended by its own deadline"),
    "again": ("staff", "acknowledged, and nothing has been done since"),
}


def faults(subject: str, body: str, *, audience: str, stage: str) -> Iterator[tuple[str, str]]:
    """What is wrong with a text, each as (subject or body, sentence); nothing, when it may be sent. (R14.6)"""
    known = KNOWN[audience]
    used: set[str] = set()
    for where, text in (("subject", subject), ("body", body)):
        try:
            names = fields_of(text)
        except BadTemplate as error:
            yield where, f"{str(error)[0].upper()}{str(error)[1:]}."
            continue
        used.update(names)
        for name in names:
            if name in known:
                continue
            if name in FOR_STAFF:
                yield where, f"{{{name}}} is for staff only: a client may not read it."
            else:
                yield where, f"There is no {{{name}}}: {nearest(name, known)}"
    if audience == "staff":
        if "why" not in used:
            yield "body", "It does not say {why}: whoever is told can ask why me."
        return
    for said, names in (*_FOUR, _AFTER if stage == "resolved" else _NEXT):
        if used.isdisjoint(names):
            yield "body", f"It does not name {said}: use {' or '.join(f'{{{name}}}' for name in names)}."
