"""What does a client's desk do with what its monitors say?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from tocsin.core.grouping import OpenAlert, group
from tocsin.core.reading import AlertReading, standing_severity
from tocsin.core.terms import Terms
from tocsin.desk import alert_rules, tickets
from tocsin.desk.alert import ACKNOWLEDGED, FIRING, LEFT, OPEN, RESOLVED, Alert
from tocsin.desk.intake_item import IntakeItem
from tocsin.desk.ticket import Ticket
from tocsin.desk.timeline import act
from tocsin.directory.client import Client, Service
from tocsin.standard.terms import terms_for, version_for
from tocsin.standard.version import PolicyVersion

OVER = ("solved", *tickets.ENDED)
SAID_OF_A_FIRING = ("severity", "summary", "host", "service", "message", "link", "details")
CHANGED = (*SAID_OF_A_FIRING, "state", "resolved_at", "last_seen_at", "count")  # never the ticket: merging moves that
LOADED_AT_ONCE = 500
KEPT_SHOWN = 5


class TicketIsOver(Exception):
    """The ticket was solved or ended while the alert was on its way to it."""


class Desk:
    """One client's alerts on open tickets, as a batch of readings finds and changes them.

    Belongs in one transaction, in which nobody else reads this client's items. What a reading changes in an alert alone
    is kept in memory until `save`.
    """

    def __init__(self, client: Client, *, now: datetime) -> None:
        self.client = client
        self.now = now
        self.known: dict[tuple[str, str], list[Alert]] = {}  # by the lowest ticket, without those that were left
        self.changed: dict[int, Alert] = {}
        self.terms: dict[int | None, Terms] = {}
        self._version: PolicyVersion | None = None
        self._services: dict[str, Service] | None = None

    def look_up(self, source: str, dedup_keys: Iterable[str]) -> None:
        """The client's alerts with these keys are known, as they are stored now."""
        wanted = sorted(set(dedup_keys))
        self.known |= {(source, key): [] for key in wanted}
        for first in range(0, len(wanted), LOADED_AT_ONCE):
            some = wanted[first : first + LOADED_AT_ONCE]
            found = Alert.objects.filter(client=self.client, source=source, dedup_key__in=some).exclude(state=LEFT)
            for alert in found.select_related("ticket").order_by("ticket_id"):
                self.known[source, alert.dedup_key].append(alert)

    def take(self, item: IntakeItem, readings: Sequence[AlertReading]) -> str:
        """Each reading has opened a ticket, joined one, or done nothing; returns what they did, in words. (R11.1)

        The keys must have been looked up. Raises what the verbs raise.
        """
        done: Counter[str] = Counter()
        for reading in readings:
            done[self._one(item, reading)] += 1
        return summed_up(done)

    def save(self) -> None:
        """What the readings changed is stored."""
        self._store(list(self.changed.values()))

    def _store(self, alerts: Iterable[Alert]) -> None:
        """What the readings changed of these is stored: first what is over, since an alert is open once."""
        for alert in sorted(alerts, key=lambda alert: alert.state in OPEN):
            if self.changed.pop(alert.pk, None):
                alert.save(update_fields=CHANGED)

    def _one(self, item: IntakeItem, reading: AlertReading) -> str:
        known = self.known.get((item.source, reading.dedup_key), [])
        standing = _standing(known)
        late = _open_on_what_is_over(known)
        if late and reading.state in ("acknowledged", "resolved"):
            return f"{self._settle(late, item, reading.state)}, which is {late.ticket.status}"
        holds = [OpenAlert(item.source, reading.dedup_key, standing.ticket_id)] if standing else []
        grouped = group(reading, source=item.source, standing=holds)
        if grouped.act == "open":
            return self._open(item, reading, follows=late)
        if standing and grouped.act == "join":
            try:
                return self._join(standing, item, reading, instead_of=late)
            except TicketIsOver:  # since it was looked up
                self._store(known)
                self.look_up(item.source, [reading.dedup_key])
                return self._one(item, reading)
        if standing and grouped.act != "keep":
            return self._settle(standing, item, reading.state)
        return f"kept: {_why_kept(reading, grouped.reason)}"

    def _open(self, item: IntakeItem, reading: AlertReading, *, follows: Alert | None) -> str:
        place = (item.source, reading.dedup_key)
        service = item.key.service or self._service(reading.service)
        priority, because = self._priority(item, reading, service)
        self._store(self.known.get(place, []))
        if follows is not None:
            self._leave(follows)
        ticket = tickets.open(
            client=self.client,
            title=reading.summary,
            priority=priority,
            service=service,
            reported_at=min(item.received_at, self.now),
            version=self._version_in_force(),
            by=_monitor(item),
            now=self.now,
            because=because,
            starts_at=reading.starts_at,
            **({"follows": follows.ticket.number} if follows else {}),
            **_said(item, reading),
        )
        alert = Alert.objects.create(
            client=self.client,
            ticket=ticket,
            source=item.source,
            dedup_key=reading.dedup_key,
            first_seen_at=item.received_at,
            last_seen_at=item.received_at,
            **_latest(reading, reading.severity or ""),
        )
        self.known.setdefault(place, []).append(alert)
        return f"opened {ticket.number}"

    def _join(self, alert: Alert, item: IntakeItem, reading: AlertReading, *, instead_of: Alert | None) -> str:
        severity = standing_severity(alert.severity or None, reading) or ""
        again = alert.state == RESOLVED
        count = alert.count + 1
        # A monitor may repeat itself every few seconds for days: on record goes what is new, and the 2nd, 4th, 8th,
        # 16th time, so that the ticket's log stays readable and the alert's count is still told.
        if again or severity != alert.severity or count & (count - 1) == 0:
            follows = {"said": severity, "was": alert.severity, "again": again}
            self._say(alert, item, "alert_fired", follows, again=again, count=count, **_said(item, reading))
        if again and instead_of is not None:
            self._leave(instead_of)
        for name, value in _latest(reading, severity).items():
            setattr(alert, name, value)
        if again:
            alert.state, alert.resolved_at = FIRING, None
        alert.count, alert.last_seen_at = count, item.received_at
        self.changed[alert.pk] = alert
        return f"joined {alert.ticket.number}"

    def _settle(self, alert: Alert, item: IntakeItem, what: str) -> str:
        """The alert is over, or seen by somebody; a ticket is never solved by it, only shown to have nothing left."""
        state = RESOLVED if what == "resolved" else ACKNOWLEDGED
        if alert.state == state or alert.state == RESOLVED:
            return f"{alert.state} before, on {alert.ticket.number}"
        data: dict[str, Any] = {"source": item.source, "alert": alert.dedup_key, "item": item.pk, "sha256": item.digest}
        if state == RESOLVED:
            data["still_firing"] = self._others_open(alert)
        over = {"said": "", "was": alert.severity, "again": False} if state == RESOLVED else None
        self._say(alert, item, f"alert_{state}", over, **data)
        alert.state, alert.last_seen_at = state, item.received_at
        alert.resolved_at = item.received_at if state == RESOLVED else None
        self.changed[alert.pk] = alert
        return f"{state} on {alert.ticket.number}"

    def _others_open(self, alert: Alert) -> int:
        stored = Alert.objects.filter(ticket=alert.ticket_id, state__in=OPEN).exclude(pk=alert.pk).values_list("pk")
        return sum(1 for (pk,) in stored if pk not in self.changed or self.changed[pk].state in OPEN)

    def _others(self, alert: Alert) -> list[str]:
        """What the other open alerts on its ticket say."""
        stored = Alert.objects.filter(ticket=alert.ticket_id, state__in=OPEN).exclude(pk=alert.pk)
        now = [self.changed.get(other.pk, other) for other in stored]
        return [other.severity for other in now if other.state in OPEN]

    def _say(
        self, alert: Alert, item: IntakeItem, kind: str, follows: dict[str, Any] | None = None, /, **data: Any
    ) -> None:
        """It is on record; `follows`: what the alert says by now, where the priority may follow it."""
        with act(alert.ticket, by=_monitor(item), now=self.now) as done:
            if kind == "alert_fired" and done.ticket.status in OVER:
                raise TicketIsOver(done.ticket.number)
            done.say(kind, at=min(item.received_at, self.now), **data)
            if follows and (done.terms.alerts_raise or done.terms.alerts_lower):
                reading = {name: data[name] for name in ("source", "alert", "item", "sha256")}
                alert_rules.follow(done, others=self._others(alert), **follows, **reading)

    def _leave(self, alert: Alert) -> None:
        """Its ticket is over, and another has it from now on."""
        self._store([alert])
        alert.state = LEFT
        alert.save(update_fields=["state"])
        self.known[alert.source, alert.dedup_key].remove(alert)

    def _priority(self, item: IntakeItem, reading: AlertReading, service: Service | None) -> tuple[str | None, str]:
        """The first priority, and which rule gave it; a person's triage may change it. (R11.7)"""
        pk = service.pk if service else None
        if pk not in self.terms:
            self.terms[pk] = terms_for(self.client, service, self._version_in_force(), at=self.now)
        terms = self.terms[pk]
        if reading.severity and (priority := terms.severities.get(reading.severity)):
            return priority, f"severity {reading.severity}"
        if item.key.default_priority in terms.priorities:
            return item.key.default_priority, f"default of intake key {item.key.pk}"
        return None, "default of the standard"

    def _version_in_force(self) -> PolicyVersion:
        if self._version is None:
            self._version = version_for(self.client, at=self.now)
        return self._version

    def _service(self, named: str) -> Service | None:
        if not named:
            return None
        if self._services is None:
            services = list(Service.objects.filter(client=self.client))
            self._services = {s.name.casefold(): s for s in services} | {s.slug.casefold(): s for s in services}
        return self._services.get(named.casefold())


def hold(client: int) -> None:
    """Nobody is reading this client's alerts, nor will be before the transaction ends. (SQLite: it is the lock.)

    Comes before the lock of any ticket, as where they are read: so neither waits for the other for ever.
    """
    if connection.vendor != "sqlite":
        Client.objects.select_for_update(no_key=True).get(pk=client)


def move(gone: Ticket, *, into: Ticket) -> None:
    """The alerts of a ticket that was merged are the survivor's: what fires on joins it there."""
    Alert.objects.filter(ticket=gone).update(ticket=into)


def count(ticket: Ticket) -> int:
    """How many alerts it has that are not another ticket's by now."""
    return Alert.objects.filter(ticket=ticket).exclude(state=LEFT).count()


def summed_up(done: Counter[str]) -> str:
    """What a body's alerts did, each thing once with how often: `opened INC-1, joined INC-2 (3 ×)`."""
    said = [what if count == 1 else f"{what} ({count} ×)" for what, count in done.items()]
    more = len(said) - 50
    return ", ".join(said[:50]) + (f" and {more} more" if more > 0 else "")


def _standing(known: Iterable[Alert]) -> Alert | None:
    """The alert on an open ticket: where several have it, the one that is open itself, else that of the lowest."""
    on_open_tickets = [alert for alert in known if alert.ticket.status not in OVER]
    return min(on_open_tickets, key=lambda alert: (alert.state not in OPEN, alert.ticket_id), default=None)


def _open_on_what_is_over(known: Iterable[Alert]) -> Alert | None:
    return next((alert for alert in known if alert.state in OPEN and alert.ticket.status in OVER), None)


def _monitor(item: IntakeItem) -> str:
    return f"monitor/{item.source}"


def _said(item: IntakeItem, reading: AlertReading) -> dict[str, Any]:
    """What of a reading goes on the ticket's record; the rest stands in the body with this SHA-256."""
    return {
        "source": item.source,
        "alert": reading.dedup_key,
        "severity": reading.severity,
        "host": reading.host,
        "item": item.pk,
        "sha256": item.digest,
    }


def _latest(reading: AlertReading, severity: str) -> dict[str, Any]:
    latest = {name: getattr(reading, name) for name in SAID_OF_A_FIRING}
    return {**latest, "severity": severity, "details": dict(reading.details)}


def _why_kept(reading: AlertReading, reason: str) -> str:
    return f"{reason} ({reading.summary})" if reading.state == "unknown" else reason
