"""How does a program stop the line, what does it see of it, and who is on the bridge?"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ninja import Schema
from pydantic import Field

from tocsin.api.acts import Act, LeadsOn, Line, person
from tocsin.api.door import Said
from tocsin.desk import bridges, stopping
from tocsin.desk.names import Names
from tocsin.desk.other_work import Other
from tocsin.desk.stopped import Standing, responders, standing_of
from tocsin.desk.ticket import Ticket
from tocsin.directory.person import Person

WHO = Field(None, description="a person's id; left out: the first who holds the role")
WHERE = Field(
    "", max_length=bridges.LIMIT, description="the bridge's link or number; left out: the standard's, if it names one"
)


class Stop(Said):
    """What is needed to stop the line."""

    conditions: list[str] = Field(min_length=1, max_length=50, description="of the standard's `line_stops_when`")
    incident_manager: int | None = WHO
    comms_lead: int | None = WHO
    bridge: str = WHERE
    reason: str = Field("", max_length=stopping.LIMIT)

    @property
    def said(self) -> dict[str, Any]:
        """As the verb takes it. Raises Problem."""
        people = {"incident_manager": self.incident_manager, "comms_lead": self.comms_lead}
        return {
            "conditions": self.conditions,
            "bridge": self.bridge,
            "reason": self.reason,
            **{role: person(number) for role, number in people.items() if number is not None},
        }


class StopLine(LeadsOn, Stop):
    verb, says = "stop-line", "Stop the line: a major incident, of the top priority, which only standing down undoes."

    def do(self, ticket: Ticket, **who_when: Any) -> None:
        stopping.stop(ticket, **self.said, **who_when)


class StandDown(LeadsOn):
    verb, says = "stand-down", "Stand the line down; the incident manager alone can."
    reason: str = Line

    def do(self, ticket: Ticket, **who_when: Any) -> None:
        stopping.stand_down(ticket, reason=self.reason, **who_when)


class NameLeads(Act):
    verb, says = "name-leads", "Name another incident manager or comms lead while the line is stopped."
    incident_manager: int | None = Field(None, description="a person's id; left out: as it is")
    comms_lead: int | None = Field(None, description="a person's id; left out: as it is")
    reason: str = Field("", max_length=stopping.LIMIT)

    def do(self, ticket: Ticket, **who_when: Any) -> None:
        people = {"incident_manager": self.incident_manager, "comms_lead": self.comms_lead}
        named = {role: person(number) for role, number in people.items() if number is not None}
        stopping.name_leads(ticket, **named, reason=self.reason, **who_when)


class OpenBridge(Act):
    verb, says = "open-bridge", "Open a bridge: a link, or a number to call."
    where: str = Field(max_length=bridges.LIMIT, min_length=1)

    def do(self, ticket: Ticket, **who_when: Any) -> None:
        bridges.open_bridge(ticket, self.where, **who_when)


class JoinBridge(Act):
    verb, says = "join-bridge", "Be on the bridge, or have a guest there."
    guest: str = Field("", max_length=bridges.LIMIT, description="somebody of the client's or a vendor's")

    def do(self, ticket: Ticket, **who_when: Any) -> None:
        bridges.join(ticket, guest=self.guest, **who_when)


class CloseBridge(Act):
    verb, says = "close-bridge", "Close the bridge, and say what came of it."
    note: str = Field(max_length=bridges.LIMIT, min_length=1)

    def do(self, ticket: Ticket, **who_when: Any) -> None:
        bridges.close(ticket, note=self.note, **who_when)


STOPPING: tuple[type[Act], ...] = (StopLine, StandDown, NameLeads, OpenBridge, JoinBridge, CloseBridge)


class Who(Schema):
    """One of the staff, or a name where it is none; `at` where it is known when."""

    name: str
    at: datetime | None = None


class Bridge(Schema):
    """Where those who work on the ticket talk."""

    where: str
    opened: Who
    joined: list[Who]
    closed: Who | None
    note: str


class MajorIncident(Schema):
    """The last time that the line was stopped; `stood_down` is null while it is."""

    conditions: list[str]
    reason: str
    stopped: Who
    stood_down: Who | None
    stood_down_because: str
    incident_manager: int | None = Field(description="a person's id")
    comms_lead: int | None = Field(description="a person's id")


class StoppedLine(Schema):
    """What is on a ticket's record of stopping the line."""

    is_stopped: bool
    major: MajorIncident | None
    bridges: list[Bridge] = Field(description="the last one last; one that is open has no `closed`")
    responders: list[int] = Field(description="the ids of those whose other work stops, where it is the top priority")


class OtherTicket(Schema):
    """A ticket of somebody who responds; its clocks run on."""

    number: str
    title: str
    priority: str
    owner: int | None = Field(description="its owner's id, where that is a responder")
    worker: int | None = Field(description="its worker's id, where that is a responder")
    due_at: datetime | None
    due: str


class OtherWork(Schema):
    """What else the responders own or work on, what falls due first first."""

    tickets: list[OtherTicket]


def stopped_line(ticket: Ticket) -> StoppedLine:
    standing = standing_of([ticket])[ticket.pk]
    return StoppedLine(
        is_stopped=ticket.stopped_at is not None,
        major=_major(ticket, standing),
        bridges=_bridges(standing),
        responders=[who.pk for who in responders(ticket)],
    )


def _major(ticket: Ticket, standing: Standing) -> MajorIncident | None:
    major = standing.major
    if major is None:
        return None
    names = Names([major.by, major.stood_down_by])
    down = Who(name=names(major.stood_down_by), at=major.stood_down_at) if major.stood_down_at else None
    return MajorIncident(
        conditions=list(major.conditions),
        reason=major.reason,
        stopped=Who(name=names(major.by), at=major.stopped_at),
        stood_down=down,
        stood_down_because=major.stood_down_because,
        incident_manager=ticket.incident_manager_id,
        comms_lead=ticket.comms_lead_id,
    )


def _bridges(standing: Standing) -> list[Bridge]:
    names = Names([who for each in standing.bridges for who in (each.opened_by, each.closed_by, *dict(each.joined))])
    return [
        Bridge(
            where=each.where,
            opened=Who(name=names(each.opened_by), at=each.opened_at),
            joined=[Who(name=names(who), at=at) for who, at in each.joined],
            closed=Who(name=names(each.closed_by), at=each.closed_at) if each.closed_at else None,
            note=each.note,
        )
        for each in standing.bridges
    ]


def other_ticket(other: Other) -> OtherTicket:
    def number(who: Person | None) -> int | None:
        return who.pk if who else None

    return OtherTicket(
        number=other.ticket.number,
        title=other.ticket.title,
        priority=other.ticket.priority,
        owner=number(other.owner),
        worker=number(other.worker),
        due_at=other.row.at if other.row else None,
        due=other.row.item.what if other.row else "",
    )
