"""How does a drill go, in a desk that runs, several times as fast as the real thing?

A drill is a ticket of its own kind, in no figure, under the client's standard with every duration divided. Its people
act by the clock on the wall; the desk's engine does the rest by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from tocsin.demo.onrecord import acts_asked, unanswered_page
from tocsin.demo.speed import faster
from tocsin.desk import bridges, escalations, stopping, tickets, updates
from tocsin.desk.refusal import Refusal
from tocsin.desk.stopped import may_stand_down
from tocsin.desk.ticket import Ticket
from tocsin.directory.client import Client
from tocsin.directory.contact import Contact
from tocsin.directory.contract import Contract
from tocsin.directory.holders import holders
from tocsin.directory.person import Person
from tocsin.engine.beat import Beat
from tocsin.engine.heartbeats import GONE_AFTER
from tocsin.log.event import Event
from tocsin.standard.adopt import adopt
from tocsin.standard.terms import terms_for, terms_of, version_for
from tocsin.standard.version import PolicyVersion

BY = "simulate"
OVER = ("solved", *tickets.ENDED)
STAYS_HERE = ("terminal", "pager")
NOWHERE = (".example", ".test", ".invalid", ".localhost")  # names in which nobody can have a mailbox
LISTENS_EVERY_S = 0.25
WRITTEN_FOR = "field-guide"  # what the scenarios say and when is this standard's
PLAYED = {"P1", "P2"}
TELLING = ("opened", "delivered", "told", "acknowledged", "noted")

Clock = Callable[[], datetime]
Say = Callable[[str], None]
Script = Callable[["Drill"], Iterator[float]]  # acts, and yields the minute of the story at which it goes on


class NoDrill(Exception):
    """A drill cannot be held here; the text says why and what to do."""


class Drill:
    """One drill: its ticket, who plays in it, and what is said of it as it goes."""

    ticket: Ticket

    def __init__(
        self, client: Client, *, speed: int, clock: Clock, say: Say, listens_every_s: float = LISTENS_EVERY_S
    ) -> None:
        self.client = client
        self.speed = speed
        self.clock = clock
        self.say = say
        self.listens_every_s = listens_every_s
        self.heard = 0
        self.began_at = clock()

    def play(self, script: Script, *, wait: Callable[[float], object]) -> str:
        """The script has been played to its end, or to that of its ticket; returns the status it ended with.

        Whatever stops it before, the ticket is cancelled.
        """
        acts = script(self)
        try:
            for minute in acts:
                self._until(minute, wait)
                if self.look().status in OVER:
                    break
            self._until(self._minute() + 2, wait)
        finally:
            acts.close()
            self._cancel()
        return self.look().status

    def _until(self, minute: float, wait: Callable[[float], object]) -> None:
        """It is that minute of the story, and what happened on the ticket meanwhile has been said."""
        until = self.began_at + timedelta(minutes=minute) / self.speed
        while (left := (until - self.clock()).total_seconds()) > 0:
            wait(min(left, self.listens_every_s))
            self._listen()

    def _cancel(self) -> None:
        if hasattr(self, "ticket") and self.look().status not in OVER:
            self._let_go()
            tickets.cancel(self.ticket, reason="the drill was stopped", by=BY, now=self.clock())

    def _let_go(self) -> None:
        """No line is stopped on it: whoever may stands it down, and where nobody may any more, somebody is named."""
        if self.ticket.stopped_at is None:
            return
        now, may = self.clock(), may_stand_down(self.ticket, terms_of(self.ticket), at=self.clock())
        who = may[0] if may else self.who("incident-manager")
        if not may:
            stopping.name_leads(self.ticket, incident_manager=who, by=who, now=now)
        stopping.stand_down(self.ticket, reason="the drill was stopped", by=who, now=now)

    # -- what is done

    def opens(self, title: str, *, priority: str, by: Person, why: str, **data: Any) -> None:
        version = adopt_faster(self.client, self.speed, now=self.clock())
        self.began_at = now = self.clock()
        self.ticket = tickets.open(
            client=self.client,
            title=f"DRILL: {title}",
            priority=priority,
            kind="drill",
            version=version,
            by=by,
            now=now,
            **data,
        )
        self._told(f"{by} opens {self.ticket.number}, {priority}: {self.ticket.title}", why)

    def opens_and_stops_the_line(
        self, title: str, *, lead: Person, comms: Person, bridge: str, by: Person, why: str, **data: Any
    ) -> None:
        """For the first two of the standard's conditions."""
        version = adopt_faster(self.client, self.speed, now=self.clock())
        self.began_at = now = self.clock()
        held = terms_for(self.client, version=version, at=now).line_stops_when[:2]
        self.ticket = stopping.open_stopped(
            client=self.client,
            title=f"DRILL: {title}",
            conditions=held,
            incident_manager=lead,
            comms_lead=comms,
            bridge=bridge,
            kind="drill",
            version=version,
            by=by,
            now=now,
            **data,
        )
        number, priority = self.ticket.number, self.ticket.priority
        self._told(f"{by} opens {number} and stops the line, {priority}: {self.ticket.title}", why)
        self._told(f"{lead} is incident manager, {comms} comms lead, the bridge is {bridge}", "; ".join(held))

    def joins(self, by: Person, *, why: str) -> None:
        self._do(f"{by} joins the bridge", why, bridges.join, by=by)

    def closes_bridge(self, by: Person, note: str, *, why: str) -> None:
        self._do(f"{by} closes the bridge: {note}", why, bridges.close, note=note, by=by)

    def stands_down(self, by: Person, reason: str, *, why: str) -> None:
        self._do(f"{by} stands the line down: {reason}", why, stopping.stand_down, reason=reason, by=by)

    def takes(self, owner: Person, *, worker: Person | None = None, why: str) -> None:
        self._do(f"{owner} takes it", why, tickets.assign, owner=owner, worker=worker or owner, by=owner)

    def acknowledges(self, by: Person, *, why: str) -> None:
        page = unanswered_page(self.ticket)
        if page is None:
            self._told(f"{by} need not acknowledge: somebody else was quicker, or nobody was paged", "")
        else:
            self._do(f"{by} acknowledges the page", why, escalations.acknowledge, of=page.key, by=by)

    def responds(self, by: Person, text: str, *, why: str) -> None:
        self._do(f"{by} answers the client: {text}", why, updates.respond, text, by=by)

    def updates(self, by: Person, text: str, *, why: str) -> None:
        self._do(f"{by} tells the client: {text}", why, updates.update, text, by=by)

    def replies(self, by: Contact, text: str, *, why: str) -> None:
        self._do(f"{by}, the client, answers: {text}", why, updates.reply, text, by=by)

    def notes(self, by: Person, text: str, *, why: str) -> None:
        self._do(f"{by} notes: {text}", why, tickets.note, text, by=by)

    def waits(self, by: Person, on: str, reason: str, *, minutes: float, why: str) -> None:
        until = self.clock() + timedelta(minutes=minutes) / self.speed
        self._do(f"{by} waits for the {on}", why, tickets.wait, on=on, reason=reason, until=until, by=by)

    def resumes(self, by: Person, reason: str, *, why: str) -> None:
        self._do(f"{by} goes on: {reason}", why, tickets.resume, reason=reason, by=by)

    def escalates(self, by: Person, to: str, *, reason: str, tried: str, next_step: str, why: str) -> None:
        self._do(
            f"{by} escalates to {to}: {reason}",
            why,
            escalations.escalate,
            to=to,
            reason=reason,
            tried=tried,
            next_step=next_step,
            by=by,
        )

    def accepts(self, by: Person, *, why: str) -> None:
        self._do(f"{by} accepts", why, escalations.accept, by=by)

    def records(self, by: Person, result: str, *, why: str) -> None:
        for step in acts_asked(self.ticket):
            self._do(f"{by} records: {result}", why, escalations.record_act, of=step.key, result=result, by=by)

    def solves(self, *, cause: str, actions: str, verification: str, why: str) -> None:
        owner = self.look().owner
        said = {"cause": cause, "actions": actions, "verification": verification}
        self._do(f"{owner} solves it", why, tickets.solve, by=owner, **said)

    def _do(self, says: str, why: str, verb: Callable[..., Any], *said: Any, **more: Any) -> None:
        try:
            verb(self.look(), *said, now=self.clock(), **more)
        except Refusal as refusal:  # whoever looks on may act, too
            self._told(f"not done: {refusal}", "")
        else:
            self._told(says, why)

    # -- who and what

    def who(self, *roles: str) -> Person:
        """Whoever of our people holds the first of these roles that anybody holds."""
        for role in roles:
            for holder in holders(role, self.client, at=self.clock()):
                if isinstance(holder, Person):
                    return holder
        someone = Person.objects.filter(active=True).first()
        if someone is None:
            raise NoDrill("Nobody works at this desk: `tocsin demo` fills an empty one with people.")
        return someone

    def contact(self) -> Contact | None:
        return next(
            (who for who in holders("primary-contact", self.client, at=self.clock()) if isinstance(who, Contact)), None
        )

    def look(self) -> Ticket:
        self.ticket.refresh_from_db()
        return self.ticket

    # -- what is said

    def _minute(self) -> float:
        return (self.clock() - self.began_at).total_seconds() * self.speed / 60

    def _told(self, what: str, why: str) -> None:
        minutes = int(self._minute())
        self.say(f"{minutes // 60:02}:{minutes % 60:02}  {what}" + (f"\n         ({why})" if why else ""))

    def _listen(self) -> None:
        """What the engine has put on record since is said."""
        for event in Event.objects.filter(stream=self.ticket.stream_name, seq__gt=self.heard).order_by("seq"):
            self.heard = event.seq
            if event.actor == "engine" and event.kind not in TELLING and not event.data.get("moot"):
                self._told(f"  engine: {_in_words(event)}", "")


def _in_words(event: Event) -> str:
    data = event.data
    told = ", ".join(_name(actor) for actor in data.get("told") or ())
    why = data.get("why") or data.get("reason") or ""
    moved = f" to {data['to']}" if "to" in data else ""
    return f"{event.kind.replace('_', ' ')}{moved}{f', {told} told' if told else ''}{f': {why}' if why else ''}"


def _name(actor: str) -> str:
    kind, _, number = actor.partition("/")
    model: Any = {"person": Person, "contact": Contact}.get(kind)
    found = model.objects.filter(pk=number).first() if model and number.isdigit() else None
    return str(found or actor)


def adopt_faster(client: Client, speed: int, *, now: datetime) -> PolicyVersion:
    """The client's standard, so many times as fast, is a standard of its own that no contract names."""
    version = version_for(client, at=now)
    text = PolicyVersion.objects.get(pk=version.pk).text
    name = f"{version.name}-x{speed}"
    return adopt(faster(text, by=speed, name=name), name=name, file=name, by=BY, now=now)


def stage_for(slug: str, *, now: datetime) -> Client:
    """The client to hold a drill at: the one named, or the first whose contract has no promises of its own.

    Raises NoDrill where no engine runs, or where somebody real could be told.
    """
    if not Beat.objects.filter(stopped_at=None, last_turn_at__gt=now - GONE_AFTER).exists():
        raise NoDrill("no engine runs on this desk. Start it in another terminal, with the same settings: tocsin run")
    own = set(Contract.objects.exclude(overrides={}).values_list("client", flat=True))
    clients = list(Client.objects.filter(ended_on=None))
    if slug:
        chosen = next((client for client in clients if client.slug == slug), None)
        if chosen is None:
            known = ", ".join(client.slug for client in clients) or "there is none"
            raise NoDrill(f"there is no client {slug!r}: {known}.")
        if chosen.pk in own:
            raise NoDrill(f"{chosen} has promises of its own on its contract, which would not go faster. Take another.")
        if lacking := PLAYED - set(terms_for(chosen, at=now).priorities):
            raise NoDrill(f"the standard of {chosen} has no {min(lacking)}, which is what is played. Take another.")
    else:
        able = [client for client in clients if client.pk not in own]
        written_for = set(Contract.objects.filter(policy=WRITTEN_FOR).values_list("client", flat=True))
        chosen = next((client for client in able if client.pk in written_for), None)
        if chosen is None:
            raise NoDrill("there is no client to hold it at. `tocsin demo` fills an empty desk.")
    if real := real_people(chosen):
        raise NoDrill(
            f"this desk would tell real people, {', '.join(real[:3])} among them. A drill is for a desk of invented "
            "people, whose mail addresses end in .example: TOCSIN_HOME=/tmp/drill tocsin run"
        )
    return chosen


def real_people(client: Client) -> list[str]:
    """Those who would be told of a drill at this client anywhere but on this desk's own console and pager."""
    everybody: list[Person | Contact] = [*Person.objects.filter(active=True), *Contact.objects.filter(client=client)]
    return [who.name for who in everybody if any(_leaves(channel, to) for channel, to in who.how_to_reach())]


def _leaves(channel: str, address: str) -> bool:
    if channel in STAYS_HERE:
        return False
    if channel == "email":
        return settings.TOCSIN_SMTP is not None and not address.lower().endswith(NOWHERE)
    return True
