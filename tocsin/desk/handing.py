"""What must somebody know who gets a ticket from another?"""

from __future__ import annotations

import json
from datetime import datetime

from tocsin.desk.facts import cut, facts_of
from tocsin.desk.phrases import said, zone_of
from tocsin.desk.telling import tell
from tocsin.desk.timeline import Act
from tocsin.desk.what_next import default
from tocsin.directory.person import Person
from tocsin.directory.reach import Reachable


def hand_over(done: Act, *, to: Person, owns: bool, works: bool, by: Reachable | str, reason: str) -> None:
    """Who has been made owner or worker of the ticket hears of it and of what is on record, unless it was they."""
    if to.actor == done.by:
        return
    ticket = done.ticket
    facts, zone = facts_of([ticket])[ticket.pk], zone_of(ticket.client.zone)
    due_at = json.loads(ticket.reading).get("resolution", {}).get("due_at")
    lines = {
        "What": ticket.title,
        "Client": ticket.client.name,
        "Service": ticket.service.name if ticket.service else "not named yet",
        "Impact": facts.impact or facts.alerted or "not known yet",
        "Status": f"{ticket.status}, since {said(ticket.reported_at, zone)}",
        "Done": cut(facts.done) or "nothing on record",
        "Next": facts.next_step or default(ticket),
        "Due": f"a solution by {said(datetime.fromisoformat(due_at), zone)}" if due_at else "no solution is due now",
    }
    if facts.bridge:
        lines["Bridge"] = facts.bridge
    yours = " and ".join([*(["own"] if owns else []), *(["work on"] if works else [])])
    tell(
        done,
        to,
        subject=f"{ticket.priority} {ticket.client}: {ticket.number} is yours: {ticket.title}",
        body=(
            f"{to}, from now on you {yours} {ticket.number}{f': {reason}' if reason else '.'}\n\n"
            + "\n".join(f"{name + ':':9} {text}" for name, text in lines.items())
            + f"\n\nWhy you: {by} has assigned it to you."
        ),
    )
