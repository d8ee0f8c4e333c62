"""How is the line stopped on the screens, and what does a ticket's page show of it?

The forms of its acts, and the card: conditions, people, bridge, responders.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms

from tocsin.core.terms import Terms
from tocsin.desk import bridges, stopping
from tocsin.desk.board import LIVE
from tocsin.desk.names import Names
from tocsin.desk.stopped import (
    COMMS_LEAD,
    DRILL,
    INCIDENT_MANAGER,
    KINDS,
    Bridge,
    Major,
    Standing,
    may_stand_down,
    responders,
    who_may,
)
from tocsin.desk.ticket import Ticket
from tocsin.desk.tickets import own_times
from tocsin.directory.access import why_not, workers
from tocsin.directory.client import Client
from tocsin.directory.holders import Holders
from tocsin.directory.person import Person
from tocsin.log.event import Event
from tocsin.web.asking import Act

ROLES = {"incident_manager": (INCIDENT_MANAGER, "Incident manager"), "comms_lead": (COMMS_LEAD, "Communications lead")}
NUMBER = re.compile(r"\+?[\d ()/-]{5,}")


def conditions_field(terms: Terms) -> forms.MultipleChoiceField:
    """The standard's checklist, of which one is enough."""
    return forms.MultipleChoiceField(
        label="What is the matter? Tick all that hold",
        widget=forms.CheckboxSelectMultiple(),
        choices=[(each, each) for each in terms.line_stops_when],
        error_messages={"required": "Tick at least one: it says why the line is stopped."},
    )


def people_and_bridge(client: Client, terms: Terms, *, at: datetime) -> dict[str, forms.Field]:
    """Who leads, unless it is whoever holds the role, and where they talk."""
    roster = Holders.of([client.pk], at=at)
    found: dict[str, forms.Field] = {}
    for name, (role, label) in ROLES.items():
        held = next((who for who in roster.people(role, client.pk) if not why_not(who, client)), None)
        unless = f"{held} (holds the role)" if held else "nobody: nobody holds the role"
        found[name] = forms.ModelChoiceField(workers(client), label=label, required=False, empty_label=unless)
    label = "Bridge: a link or a number, if there is one already"
    if terms.bridge:
        label = f"Bridge: a link or a number (left empty: {terms.bridge})"
    found["bridge"] = forms.CharField(label=label, required=False, max_length=bridges.LIMIT)
    return found


class StopLine(Act):
    verb, label, button = "stop-line", "Stop the line", "Stop the line"
    heading = "Stop the line"
    says = (
        "It gets the highest priority, whoever is on call is paged, and other work stops for whoever responds. "
        "Only the incident manager stands the line down again; solving it ends it, too."
    )
    danger = True
    leads_on = False

    def arrange(self) -> None:
        self.fields["conditions"] = conditions_field(self.context.terms)
        self.fields |= people_and_bridge(self.context.ticket.client, self.context.terms, at=self.context.now)
        self.fields["reason"] = forms.CharField(label="What you see", required=False, max_length=stopping.LIMIT)

    def do(self) -> None:
        stopping.stop(self.context.ticket, **self.cleaned_data, by=self.context.by, now=self.context.now)


class StandDown(Act):
    verb, label, button = "stand-down", "Stand down", "Stand the line down"
    heading = "Stand the line down"
    reason = forms.CharField(label="What has been contained, and how that is known", max_length=stopping.LIMIT)

    def arrange(self) -> None:
        may = who_may(may_stand_down(self.context.ticket, self.context.terms, at=self.context.now))
        self.says = f"The incident manager does ({may}). The ticket stays open, at its priority; other work goes on."

    def do(self) -> None:
        context = self.context
        stopping.stand_down(context.ticket, reason=self.cleaned_data["reason"], by=context.by, now=context.now)


class NameLeads(Act):
    verb, label, button = "name-leads", "Pass the lead on", "Name them"
    heading = "Who leads from now on"
    leads_on = False
    reason = forms.CharField(label="Why", max_length=stopping.LIMIT, required=False)

    def arrange(self) -> None:
        for name, (_, label) in ROLES.items():
            self.fields[name] = forms.ModelChoiceField(
                workers(self.context.ticket.client), label=label, required=False, empty_label="as it is"
            )
        self.order_fields([*ROLES, "reason"])

    def do(self) -> None:
        stopping.name_leads(self.context.ticket, **self.cleaned_data, by=self.context.by, now=self.context.now)


class OpenBridge(Act):
    verb, label, button = "open-bridge", "Open a bridge", "Open the bridge"
    heading = "Open a bridge"
    leads_on = False
    where = forms.CharField(label="Where: a link, or a number to call", max_length=bridges.LIMIT)

    def do(self) -> None:
        bridges.open_bridge(self.context.ticket, self.cleaned_data["where"], by=self.context.by, now=self.context.now)


class JoinBridge(Act):
    verb, label, button = "join-bridge", "Join the bridge", "On the bridge"
    heading = "A guest joins the bridge"
    leads_on = False
    guest = forms.CharField(
        label="Who, of the client or a vendor (leave empty: you)", max_length=bridges.LIMIT, required=False
    )

    def do(self) -> None:
        bridges.join(self.context.ticket, guest=self.cleaned_data["guest"], by=self.context.by, now=self.context.now)


class CloseBridge(Act):
    verb, label, button = "close-bridge", "Close the bridge", "Close the bridge"
    heading = "Close the bridge"
    leads_on = False
    note = forms.CharField(label="What came of it: decided what, who does what now", max_length=bridges.LIMIT)

    def do(self) -> None:
        bridges.close(self.context.ticket, note=self.cleaned_data["note"], by=self.context.by, now=self.context.now)


STOPPING: tuple[type[Act], ...] = (StopLine, StandDown, NameLeads, OpenBridge, JoinBridge, CloseBridge)
RECORDS = {
    "stop-line": "line_stopped",
    "stand-down": "line_stood_down",
    "name-leads": "leads_named",
    "open-bridge": "bridge_opened",
    "join-bridge": "bridge_joined",
    "close-bridge": "bridge_closed",
}


@dataclass(frozen=True, slots=True)
class Card:
    """What the ticket's page shows of the line; `critical`: other work stops for its people, unless it is a `drill`."""

    major: Major | None
    by: str
    down_by: str
    bridge: Bridge | None
    opened_by: str
    on_it: list[tuple[str, datetime]]
    past: list[tuple[Bridge, str]]
    responders: list[Person]
    critical: bool
    drill: bool
    stopped: bool
    may_stop: bool
    may_stand_down: bool
    live: bool

    @property
    def href(self) -> str:
        return href(self.bridge.where) if self.bridge else ""

    @property
    def shown(self) -> bool:
        return bool(self.major or self.bridge or self.past or (self.critical and self.live))


def card(ticket: Ticket, terms: Terms, rows: Iterable[Event], person: Person, *, at: datetime) -> Card:
    standing = Standing()
    for row in rows:
        if row.kind in KINDS:
            standing.hear(row, row.data)
    major, bridge = standing.major, standing.bridge
    actors = [who for each in standing.bridges for who in (each.opened_by, each.closed_by, *dict(each.joined))]
    names = Names([*actors, *((major.by, major.stood_down_by) if major else ())])
    live = ticket.status in LIVE
    stopped = ticket.stopped_at is not None
    return Card(
        major=major,
        by=names(major.by) if major else "",
        down_by=names(major.stood_down_by) if major else "",
        bridge=bridge,
        opened_by=names(bridge.opened_by) if bridge else "",
        on_it=[(names(who), at) for who, at in bridge.joined] if bridge else [],
        past=[(each, names(each.closed_by)) for each in standing.bridges if not each.is_open],
        responders=responders(ticket),
        critical=stopped or ticket.priority == terms.priorities[0],
        drill=ticket.kind == DRILL,
        stopped=stopped,
        may_stop=live and not stopped and not own_times(ticket.kind, terms),
        may_stand_down=stopped and person in may_stand_down(ticket, terms, at=at),
        live=live,
    )


def href(where: str) -> str:
    """Where a press leads: the link itself, or a call to the number; nothing for what is neither."""
    if where.startswith(("https://", "http://")) and not re.search(r"\s", where):
        return where
    number = NUMBER.match(where)
    return f"tel:{re.sub(r'[^+0-9]', '', number[0])}" if number else ""


def stop_said(chosen: Mapping[str, Any]) -> dict[str, Any]:
    """What the form of a new ticket says of stopping the line, as the verb takes it."""
    return {name: chosen[name] for name in ("conditions", *ROLES, "bridge")}
