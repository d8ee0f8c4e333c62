"""What does a sender say that can be told what to send?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tocsin.core.field import Field
from tocsin.core.reading import MESSAGE_LIMIT, NAME_LIMIT, SUMMARY_LIMIT, AlertReading, State, bounded_key, cut, digest
from tocsin.core.reading import one_line as line
from tocsin.sources.base import Unreadable, details, each, first, instant, kind, link, mapping, severity, text

STATES: Mapping[str, State] = {
    **dict.fromkeys(("alerting", "firing", "problem", "triggered", "trigger", "open", "down"), "firing"),
    **dict.fromkeys(("acknowledged", "acknowledge"), "acknowledged"),
    **dict.fromkeys(("ok", "resolved", "resolve", "recovered", "recovery", "closed", "up"), "resolved"),
}
# The first name of each row is the documented one; the others are what similar formats call it.
KEYS = ("alert_uid", "dedup_key", "deduplication_key")
TITLES = ("title", "summary")
MESSAGES = ("message", "description")
STATE_NAMES = ("state", "status")
LINKS = ("link_to_upstream_details", "link", "source_url")
HOSTS = ("host", "hostname")
OTHERS = ("service", "severity", "starts_at", "ends_at", "details")
KNOWN = {*KEYS, *TITLES, *MESSAGES, *STATE_NAMES, *LINKS, *HOSTS, *OTHERS}


@dataclass(frozen=True, slots=True)
class Generic:
    """One alert `{"alert_uid", "title", "state", "message", …}`, a list of them, or `{"alerts": [...]}`.

    The names are those of Grafana OnCall's formatted webhook, and severity, host, service, times and details beside.
    """

    name: str = "generic"
    title: str = "Generic JSON"
    fields: tuple[Field, ...] = ()

    def read(self, body: object) -> list[AlertReading]:
        """Return one reading an alert; raises Unreadable. See `Source.read`. (R11.1)"""
        if isinstance(body, list):
            return each(body, _read)
        if not isinstance(body, dict):
            raise Unreadable(f"A generic alert is an object, or a list of objects; this is {kind(body)}.")
        if "alerts" not in body:
            try:
                return [_read(body)]
            except Unreadable as unreadable:
                raise Unreadable(f"The alert cannot be read: {unreadable}") from None
        alerts = body["alerts"]
        if not isinstance(alerts, list):
            raise Unreadable(f'"alerts" must be a list of objects; this is {kind(alerts)}.')
        return each(alerts, _read)


def _read(alert: Mapping[str, object]) -> AlertReading:
    given, title, message = first(alert, KEYS), first(alert, TITLES), first(alert, MESSAGES)
    if not title and not message and not given:
        if "labels" in alert or "annotations" in alert:
            raise Unreadable("it looks like one of Alertmanager's; send those to /in/alertmanager.")
        raise Unreadable('it has no "title", no "message" and no "alert_uid".')
    host, service = first(alert, HOSTS), first(alert, ("service",))
    state = _state(alert)
    return AlertReading(
        state=state,
        dedup_key=bounded_key(given) if given else digest("no alert_uid", host, service, title or message),
        summary=line(title or message or given, SUMMARY_LIMIT) or "An alert without a name",
        severity=severity(alert.get("severity")),
        host=line(host, NAME_LIMIT),
        service=line(service, NAME_LIMIT),
        starts_at=instant(alert.get("starts_at")),
        ends_at=instant(alert.get("ends_at")) if state == "resolved" else None,
        details=details(_details(alert)),
        link=next((found for name in LINKS if (found := link(alert.get(name)))), ""),
        message=cut(message, MESSAGE_LIMIT),
    )


def _state(alert: Mapping[str, object]) -> State:
    said = next((alert[name] for name in STATE_NAMES if alert.get(name) is not None), None)
    # Who sends an alert without a state means that something is wrong; a word we do not know may mean anything.
    if said is None or said == "":
        return "firing"
    return STATES.get(text(said).lower(), "unknown")


def _details(alert: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    given = alert.get("details")
    yield from mapping(given).items()
    if not isinstance(given, dict):
        yield "details", given
    yield from ((name, value) for name, value in alert.items() if name not in KNOWN)
