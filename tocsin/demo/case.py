"""What do people do with one ticket of the demo, and in which words?

A case is a fault at a client, and the ticket made of it. Its acts are the desk's own verbs, at the instant the stage is
at; one that the desk refuses is noted there.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from typing import Any

from tocsin.demo.faults import Fault
from tocsin.demo.onrecord import acts_asked, unanswered_page
from tocsin.demo.stage import Place, Stage
from tocsin.desk import approvals, bridges, escalations, intake, merging, stages, stopping, tickets, updates
from tocsin.desk.alert import Alert
from tocsin.desk.approved import requests_of
from tocsin.desk.refusal import Refusal
from tocsin.desk.staged import place_of
from tocsin.desk.ticket import Ticket
from tocsin.directory.contact import Contact
from tocsin.directory.person import Person
from tocsin.standard.terms import terms_of

AT_LEVEL = {
    "L2": ("sam", "tom"),
    "L3": ("tara", "tom"),
    "on-site": ("sam", "tom"),
    "management": ("mona", "dora"),
}
SERVICE_DESK = ("lena", "ben")
# What people say where a stage asks for it.
FILED = {
    "contained": "Nobody else can be hit any more",
    "fixed": "For good, no workaround left",
    "tested": "Tried twice, with and without load",
    "documented": "The page of this service is up to date",
}


class Case:
    """A fault at a place, the ticket it became (once opened), and whoever owns it."""

    ticket: Ticket

    def __init__(self, stage: Stage, place: Place, fault: Fault, chance: Random) -> None:
        self.stage = stage
        self.place = place
        self.fault = fault
        self.chance = chance
        self.words = {"user": chance.choice(place.firm.users), "n": chance.randint(2, 9)}
        self.service = place.services[chance.choice([slug for slug in fault.services if slug in place.services])]
        self.contact: Contact = place.contacts[chance.choice(("primary-contact", "primary-contact", "it-manager"))]
        self.owner: Person = stage.people[chance.choice(SERVICE_DESK)]
        self.worker = self.owner
        self.number = f"{chance.getrandbits(40):010x}"

    # -- time

    @property
    def now(self) -> datetime:
        return self.stage.now

    def minutes(self, low: float, high: float = 0) -> datetime:
        """So many minutes from now, by any clock."""
        return self.now + self._some(low, high)

    def work(self, low: float, high: float = 0) -> datetime:
        """So many minutes of the client's support hours from now."""
        return self.place.calendar.due(self.now, self._some(low, high))

    def _some(self, low: float, high: float) -> timedelta:
        minutes = self.chance.uniform(low, high) if high else low
        return timedelta(seconds=round(60 * minutes * self.place.firm.pace))

    # -- how it comes in

    def comes_in(self) -> None:
        """By a monitor where one sees it; else by telephone or mail."""
        if self.fault.alert:
            self.alerts()
        elif self.chance.random() < 0.5:
            self.calls()
        else:
            self.mails()

    def alerts(self, state: str = "alerting") -> None:
        """The client's monitor cries, and the engine reads it."""
        alert = {
            "alert_uid": f"mon-{self.number}",
            "title": self.title,
            "state": state,
            "severity": self.fault.alert,
            "service": self.service.name,
            "host": f"{self.service.slug}-{self.words['n']}.{self.place.firm.domain}",
        }
        intake.store(self.place.key, json.dumps(alert).encode(), now=self.now)
        self.stage.reads()
        if state == "alerting":
            found = Alert.objects.select_related("ticket").get(dedup_key=alert["alert_uid"])
            self.ticket = found.ticket

    def calls(self) -> None:
        """Somebody rings up, and the service desk writes it down a few minutes later."""
        self._open(by=self.owner, reported_at=self.now - timedelta(minutes=self.chance.randint(2, 6)))

    def mails(self) -> None:
        self._open(by=self.contact)

    def _open(self, **more: Any) -> None:
        complained = self.fault.priority == "complaint"
        own = {"kind": "complaint"} if complained else {"priority": self.place.firm.met(self.fault.priority)}
        if self.fault.priority == "P4" and not self.fault.cause:
            own["kind"] = "request"
        if self.fault.impact:
            more["impact"] = self.say(self.fault.impact)
        self.ticket = tickets.open(
            client=self.place.client,
            title=self.title,
            service=self.service,
            contact=self.contact,
            now=self.now,
            **own,
            **more,
        )

    @property
    def title(self) -> str:
        text = self.say(self.fault.title)
        return text[:1].upper() + text[1:]

    def say(self, text: str) -> str:
        return text.format(**self.words)

    # -- what our people do

    def take(self, who: str = "", *, worker: str = "") -> None:
        """Somebody pulls the ticket, or the team lead gives it to them."""
        if who:
            self.owner = self.stage.people[who]
        self.worker = self.stage.people[worker] if worker else self.owner
        self._do(tickets.assign, owner=self.owner, worker=self.worker, by=self.owner)

    def answer(self, **more: Any) -> None:
        self._do(updates.respond, self.say(self.fault.reply), by=self.worker, **more)

    def tell(self, text: str, **more: Any) -> None:
        self._do(updates.update, self.say(text), by=self.worker, **more)

    def ring(self, result: str, **more: Any) -> None:
        self._do(updates.called, result=self.say(result), by=self.worker, **more)

    def note(self, text: str, *, by: str = "") -> None:
        self._do(tickets.note, self.say(text), by=self.stage.people[by] if by else self.worker)

    def wait(self, on: str, reason: str, until: datetime | None = None) -> None:
        self._do(tickets.wait, on=on, reason=reason, until=until, by=self.worker)

    def resume(self, reason: str) -> None:
        self.look()
        if self.ticket.pending_on:
            self._do(tickets.resume, reason=reason, by=self.worker)

    def replies(self, text: str) -> None:
        self._do(updates.reply, self.say(text), by=self.contact)

    def priority(self, to: str, reason: str) -> None:
        to = self.place.firm.met(to)
        if to != self.look().priority:
            self._do(tickets.change_priority, to, reason=reason, by=self.worker)

    def escalate(self, to: str, reason: str, *, tried: str, next_step: str) -> None:
        self.look()
        if to not in (self.ticket.level, self.ticket.asked_level):
            self._do(escalations.escalate, to=to, reason=reason, tried=tried, next_step=next_step, by=self.worker)

    def approve(self, what: str, why: str, *, by: str) -> None:
        """Whoever works on it asks for an approval, and somebody gives it."""
        self._do(approvals.ask, what, why, by=self.worker)
        for each in requests_of(self.ticket)[-1:]:
            self._do(approvals.give, of=each.place, by=self.stage.people[by])

    def accept(self) -> None:
        """Somebody of the level that is asked takes it."""
        self.look()
        if self.asked:
            self.worker = self.stage.people[self.chance.choice(AT_LEVEL[self.ticket.asked_level])]
            self._do(escalations.accept, by=self.worker)

    def stop_the_line(self, condition: str, *, bridge: str) -> None:
        self._do(stopping.stop, conditions=[condition], bridge=bridge, by=self.worker)

    def join_bridge(self, who: str) -> None:
        self._do(bridges.join, by=self.stage.people[who])

    def send_back(self, reason: str) -> None:
        self.look()
        if self.asked:
            self._do(escalations.send_back, reason=reason, by=self.stage.people[AT_LEVEL[self.ticket.asked_level][0]])

    def answer_page(self) -> None:
        """Whoever was paged last, and has not answered, acknowledges it."""
        if (page := unanswered_page(self.ticket)) is not None:
            paged = [actor for actor in page.data.get("told", ()) if actor.startswith("person/")]
            for person in self.stage.people.values():
                if person.actor in paged[:1]:
                    self._do(escalations.acknowledge, of=page.key, by=person)

    def record_calls(self, result: str) -> None:
        """What a ladder asked somebody to do by telephone has been done."""
        for step in acts_asked(self.ticket):
            self._do(escalations.record_act, of=step.key, result=result, by=self.worker)

    def solve(self) -> None:
        said = {
            name: self.say(text)
            for name, text in (
                ("cause", self.fault.cause),
                ("actions", self.fault.actions),
                ("verification", self.fault.check),
            )
        }
        bypass = self.file() if terms_of(self.look()).stages else ""
        self._do(tickets.solve, by=self.owner, bypass=bypass, **said)

    def file(self) -> str:
        """Most of what the gates of its standard's stages ask for is on record; returns why the rest is not."""
        place = place_of(self.ticket, terms_of(self.ticket))
        if place is None:
            return ""
        left_out = False
        for stage in place.stages:
            for kind in stage.artifacts if stage.status != "resolved" else ():
                where = f"https://files.tocsin-desk.example/{self.ticket.number}/{kind}"
                if self.chance.random() < 0.1:
                    left_out = True
                else:
                    self._do(stages.leave, kind, where, stage=stage.name, by=self.worker)
            for fact in [each for each in (*stage.entry, *stage.exit) if each in FILED]:
                self._do(stages.state, fact, FILED[fact], by=self.worker)
        return "done on the telephone, nothing was kept" if left_out else "its rank was the monitor's, and right"

    def reopen(self, reason: str) -> None:
        self._do(tickets.reopen, reason=reason, by=self.owner)

    def cancel(self, reason: str) -> None:
        self._do(tickets.cancel, reason=reason, by=self.owner)

    def recover(self) -> None:
        self._do(tickets.recover, reason="the monitor sees it well again", by="monitor/generic")

    def merge(self, into: Case, reason: str) -> None:
        self._do(merging.merge, into=into.ticket, reason=reason, by=self.owner)

    # -- how it stands

    def look(self) -> Ticket:
        self.ticket.refresh_from_db()
        return self.ticket

    @property
    def asked(self) -> bool:
        return self.look().asked_level in AT_LEVEL

    def _do(self, verb: Callable[..., Any], *said: Any, **more: Any) -> None:
        try:
            verb(self.ticket, *said, now=self.now, **more)
        except Refusal as refusal:
            self.stage.refused.append(f"{self.now:%a %H:%M} {verb.__name__}: {refusal}")
