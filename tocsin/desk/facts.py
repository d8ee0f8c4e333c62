"""What is on record about a ticket that whoever reads of it should know?

What people wrote when they opened, escalated and solved it, and last told the client. Nothing is made up: what nobody
recorded is blank. (R14.1, R14.6)
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Max

from tocsin.desk.message import Message
from tocsin.desk.ticket import Ticket
from tocsin.desk.what_next import HANDED_OVER
from tocsin.desk.what_next import KIND as NEXT_STEP
from tocsin.log.chain import open_body
from tocsin.log.event import Event as Row

KINDS = ("opened", "bridge_opened", "bridge_closed", "fact_stated", NEXT_STEP, *HANDED_OVER)
STATED = {"cause_known": "cause", "actions_recorded": "actions", "verified": "verification"}
ALERTED = ("host", "severity", "source")
LONGEST = 600


@dataclass(slots=True)
class Facts:
    """Blank where nobody recorded it.

    `told` is what the client was last told by a person; `tried` is the last escalation's, `next_step` what is agreed,
    for our own people; `bridge` is where the one that is open is; `escalations` are all of them, by sequence number.
    """

    impact: str = ""
    alerted: str = ""
    told: str = ""
    tried: str = ""
    next_step: str = ""
    cause: str = ""
    actions: str = ""
    verification: str = ""
    bridge: str = ""
    escalations: dict[int, dict[str, Any]] = field(default_factory=dict)

    @property
    def done(self) -> str:
        """What has been done, for our own people: what solved it, what was tried, or what the client was told."""
        return self.actions or self.tried or self.told

    def learn(self, seq: int, kind: str, data: dict[str, Any]) -> None:
        """An event of one of the KINDS is among the facts."""
        if kind == NEXT_STEP:
            self.next_step = data["step"]
        elif kind in HANDED_OVER:
            self.next_step = data.get("next_step") or ""
        if kind == "opened":
            self.impact = str(data.get("impact") or "")
            said = [f"{name} {data[name]}" for name in ALERTED if data.get(name)]
            self.alerted = f"not known yet; a monitor says: {', '.join(said)}" if said else ""
        elif kind == "escalated":
            self.escalations[seq] = data
            self.tried = data.get("tried") or self.tried
        elif kind == "bridge_opened":
            self.bridge = data["where"]
        elif kind == "bridge_closed":
            self.bridge = ""
        elif kind == "fact_stated" and data["fact"] in STATED:
            setattr(self, STATED[data["fact"]], data["said"])
        elif kind == "solved":
            self.cause, self.actions = data.get("cause", ""), data.get("actions", "")
            self.verification = data.get("verification", "")


def facts_of(tickets: Iterable[Ticket]) -> dict[int, Facts]:
    """The facts on record of these tickets, by their primary keys, read with two queries."""
    by_stream = {ticket.stream_name: ticket.pk for ticket in tickets}
    found = {pk: Facts() for pk in by_stream.values()}
    rows = Row.objects.filter(stream__in=by_stream, kind__in=KINDS).order_by("seq")
    for stream, seq, kind, body in rows.values_list("stream", "seq", "kind", "body"):
        found[by_stream[stream]].learn(seq, kind, open_body(body)["data"])
    ours = Message.objects.filter(ticket__in=found, audience="client", author__startswith="person/")
    last = ours.order_by().values("ticket").annotate(last=Max("pk")).values("last")
    for pk, body in Message.objects.filter(pk__in=last).values_list("ticket", "body"):
        found[pk].told = cut(body)
    return found


def cut(text: str, longest: int = LONGEST) -> str:
    """The text, or as much of it as fits in a letter."""
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"
