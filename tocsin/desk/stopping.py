"""How is the line stopped, and who stands it down again?

Verbs, as in tickets.py. Pulling is one act: top priority, conditions, people and bridge go on record together; paging,
ladders and cadence follow from the raise. (semantics 5, R1.7, R1.13)
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from tocsin.core.event import LineStopped, Noted, PriorityChanged
from tocsin.core.terms import Terms
from tocsin.desk import bridges, raci, tickets
from tocsin.desk.refusal import Refusal
from tocsin.desk.stopped import (
    BRIDGE_OPENED,
    COMMS_LEAD,
    INCIDENT_MANAGER,
    LEADS_NAMED,
    STOOD_DOWN,
    holder,
    may_stand_down,
    responders,
    who_may,
)
from tocsin.desk.telling import tell
from tocsin.desk.ticket import Ticket
from tocsin.desk.timeline import Act, act
from tocsin.desk.whose import may_work
from tocsin.directory.client import Client
from tocsin.directory.contact import Contact
from tocsin.directory.holders import Holders
from tocsin.directory.person import Person
from tocsin.standard.terms import terms_for

LIMIT = 500
_NAME = "name somebody who may work for this client"


def open_stopped(
    *,
    client: Client,
    conditions: Sequence[str],
    incident_manager: Person | None = None,
    comms_lead: Person | None = None,
    bridge: str = "",
    reason: str = "",
    by: Person | Contact,
    now: datetime,
    **opening: Any,
) -> Ticket:
    """A new ticket on which the line is stopped; `opening` is what `tickets.open` takes, but for the priority."""
    with transaction.atomic():
        terms = terms_for(client, opening.get("service"), opening.get("version"), at=now)
        why = f"the line is stopped: {'; '.join(conditions)}"
        ticket = tickets.open(
            client=client, priority=terms.priorities[0], differs_because=why, by=by, now=now, **opening
        )
        stop(
            ticket,
            conditions=conditions,
            incident_manager=incident_manager,
            comms_lead=comms_lead,
            bridge=bridge,
            reason=reason,
            by=by,
            now=now,
        )
    return ticket


def stop(
    ticket: Ticket,
    *,
    conditions: Sequence[str],
    incident_manager: Person | None = None,
    comms_lead: Person | None = None,
    bridge: str = "",
    reason: str = "",
    by: Person | Contact,
    now: datetime,
) -> None:
    """The ticket is a major incident of the top priority, with an incident manager and a comms lead.

    Whoever is not given is the first who holds the role. All of them, its owner and its worker hear of it. A bridge
    that is open already stays the one, and the record says which other was given; where none is open and none given,
    it is the one that the standard names.
    """
    with act(ticket, by=by.actor, now=now) as done:
        tickets.live(done)
        if done.ticket.stopped_at is not None:
            raise Refusal(f"The line is stopped on {ticket.number} already, since {done.ticket.stopped_at:%H:%M}Z.")
        if tickets.own_times(ticket.kind, done.terms):
            raise Refusal(f"{ticket.number} is a {ticket.kind}: open an incident, and stop the line on that.")
        _may_pull(by, done)
        held = _known(conditions, done.terms)
        _short(reason, "The reason")
        manager = incident_manager or holder(INCIDENT_MANAGER, done.ticket, done.terms, at=done.now)
        lead = comms_lead or holder(COMMS_LEAD, done.ticket, done.terms, at=done.now)
        may_work(done.ticket, manager, lead, instead=_NAME)
        top = done.terms.priorities[0]
        if done.ticket.priority != top:
            why = f"the line is stopped: {'; '.join(held)}"
            done.record(PriorityChanged(done.now, top), was=done.ticket.priority, reason=why)
        named = {"incident_manager": manager.pk if manager else None, "comms_lead": lead.pk if lead else None}
        known = bridges.where_of(done.ticket)
        given = bridges.told_where(bridge) if bridge.strip() else ""
        kept = {"bridge_kept": known, "bridge_given": given} if known and given not in ("", known) else {}
        opens = "" if known else given or done.terms.bridge
        leads = {INCIDENT_MANAGER: manager, COMMS_LEAD: lead}
        frozen = raci.frozen(done.ticket, done.terms, at=done.now, leads=leads)
        done.record(LineStopped(done.now), conditions=list(held), reason=reason.strip(), **named, **kept, **frozen)
        done.change(stopped_at=done.now, incident_manager=manager, comms_lead=lead)
        _tell_all(done, top, held, known or opens, by)
        if opens:
            done.say(BRIDGE_OPENED, where=opens)


def stand_down(ticket: Ticket, *, reason: str, by: Person, now: datetime) -> None:
    """The line is stopped no more; the ticket goes on at the priority it has, and whoever responded hears of it."""
    with act(ticket, by=by.actor, now=now) as done:
        _stopped(done)
        may = may_stand_down(done.ticket, done.terms, at=done.now)
        if by not in may:
            raise Refusal(
                f"Only the incident manager stands the line down on {ticket.number} ({who_may(may)}), and {by} is not."
            )
        if not reason.strip():
            raise Refusal("Say why the line is stood down: what has been contained, and how that is known?")
        _short(reason, "The reason")
        done.record(Noted(done.now), kind=STOOD_DOWN, reason=reason.strip())
        everybody = responders(done.ticket)
        done.change(stopped_at=None)
        for who in everybody:
            tell(
                done,
                who,
                subject=f"{done.ticket.priority} {done.ticket.client}: the line is stood down on {ticket.number}: "
                f"{ticket.title}",
                body=f"{who}, {by} has stood the line down on {ticket.number}: {reason.strip()}\n\n"
                f"Your other work goes on. {ticket.number} is open, and {done.ticket.priority}, until somebody says "
                f"otherwise.\n\nWhy you: you responded to it.",
            )


def name_leads(
    ticket: Ticket,
    *,
    incident_manager: Person | None = None,
    comms_lead: Person | None = None,
    reason: str = "",
    by: Person,
    now: datetime,
) -> None:
    """The stopped line has this incident manager, this comms lead, or both, who hear of it; who is not given stays.

    Another incident manager is named by the one there is, or by whoever holds the role; by anybody where there is none.
    """
    with act(ticket, by=by.actor, now=now) as done:
        _stopped(done)
        if incident_manager is None and comms_lead is None:
            raise Refusal("Say who is incident manager, who is comms lead, or both.")
        may_work(done.ticket, incident_manager, comms_lead, instead=_NAME)
        _short(reason, "The reason")
        may = may_stand_down(done.ticket, done.terms, at=done.now)
        if incident_manager is not None and may and by not in may:
            raise Refusal(
                f"Only the incident manager passes that on, on {ticket.number} ({who_may(may)}), and {by} is not."
            )
        given = {"incident_manager": incident_manager, "comms_lead": comms_lead}
        named = {role: who for role, who in given.items() if who is not None}
        done.record(
            Noted(done.now), kind=LEADS_NAMED, reason=reason.strip(), **{role: who.pk for role, who in named.items()}
        )
        done.change(**named)
        for who in dict.fromkeys(named.values()):
            _tell_part(done, who, f"{by} has named you.", bridges.where_of(done.ticket))


def _may_pull(by: Person | Contact, done: Act) -> None:
    """Any of the staff may, and those of the client whose role the contract names. (semantics 5)"""
    if isinstance(by, Person):
        return
    client, terms = done.ticket.client, done.terms
    roster = Holders.of([client.pk], at=done.now)
    if by.client_id == client.pk and any(by in roster.holders(role, client.pk) for role in terms.line_stopped_by):
        return
    theirs = " and ".join(terms.titles.get(role, role) for role in terms.line_stopped_by)
    raise Refusal(
        f"{by} may not stop the line: by the contract of {client} "
        f"{f'its {theirs} may' if theirs else 'nobody there may'}. Call the service desk: anybody there can."
    )


def _known(conditions: Sequence[str], terms: Terms) -> tuple[str, ...]:
    held = tuple(dict.fromkeys(each.strip() for each in conditions if each.strip()))
    if not held:
        raise Refusal("Say what is the matter: one condition of the standard is enough to stop the line.")
    for each in held:
        if each not in terms.line_stops_when:
            known = "; ".join(terms.line_stops_when) or "it has none"
            raise Refusal(f"The standard does not stop the line for {each[:80]!r}. Its conditions are: {known}.")
    return held


def _short(text: str, what: str) -> None:
    if len(text.strip()) > LIMIT:
        raise Refusal(f"{what} is {len(text.strip())} characters long; {LIMIT} fit. Put the rest in a note.")


def _stopped(done: Act) -> None:
    if done.ticket.stopped_at is None:
        raise Refusal(f"The line is not stopped on {done.ticket.number}.")


def _tell_all(done: Act, top: str, held: Sequence[str], where: str, by: Person | Contact) -> None:
    done.ticket.priority = top  # as the letters say it; the projection says so, too
    for who in responders(done.ticket):
        _tell_part(done, who, f"{by} has stopped the line: {'; '.join(held)}.", where)


def _tell_part(done: Act, who: Person, why: str, where: str) -> None:
    """What somebody is in a major incident, and who else is what."""
    ticket = done.ticket
    parts = {
        "incident manager": ticket.incident_manager,
        "communications lead": ticket.comms_lead,
        "owner": ticket.owner,
        "the one who works on it": ticket.worker,
    }
    yours = " and ".join(part for part, whose in parts.items() if whose == who)
    lines = {
        "What": ticket.title,
        "Client": ticket.client.name,
        "Leads": parts["incident manager"] or "nobody yet: name somebody",
        "Comms": parts["communications lead"] or "nobody yet: name somebody",
        "Owner": ticket.owner or "nobody yet",
        "Bridge": where or "none is open",
    }
    tell(
        done,
        who,
        subject=f"{ticket.priority} {ticket.client}: the line is stopped on {ticket.number}: {ticket.title}",
        body=(
            f"{who}, the line is stopped on {ticket.number}, and you are {yours}. Other work stops: the dispatcher "
            "sees your other tickets and hands them on; their clocks go on meanwhile.\n\n"
            + "\n".join(f"{name + ':':9} {text}" for name, text in lines.items())
            + f"\n\nWhy you: {why}"
        ),
    )
