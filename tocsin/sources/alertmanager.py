"""What does Prometheus Alertmanager say (webhook version 4, and Grafana's, which has the same alerts)?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tocsin.core.field import Field
from tocsin.core.reading import MESSAGE_LIMIT, NAME_LIMIT, SUMMARY_LIMIT, AlertReading, State, bounded_key, cut, digest
from tocsin.core.reading import one_line as line
from tocsin.sources.base import Unreadable, details, each, first, instant, kind, link, mapping, plain, severity, text

STATES: Mapping[str, State] = {"firing": "firing", "resolved": "resolved"}
# `instance` last but for the kinds of object: behind an exporter (kube-state-metrics) it names the exporter.
HOSTS = ("host", "hostname", "node", "instance", "device", "pod")
SERVICES = ("service", "app", "application", "job")
SUMMARIES = ("summary", "title", "message", "description")
MESSAGES = ("description", "message", "details")
# What Grafana says beside Alertmanager's own.
EXTRAS = ("values", "valueString", "silenceURL", "dashboardURL", "panelURL", "imageURL")

_FNV_OFFSET = 0xCBF29CE484222325
_FNV_PRIME = 0x100000001B3
_FNV_MASK = 0xFFFFFFFFFFFFFFFF


@dataclass(frozen=True, slots=True)
class Alertmanager:
    """`{"version": "4", "alerts": [{"status", "labels", "annotations", "startsAt", "endsAt", "fingerprint"}]}`.

    One POST holds a group of alerts, and each has its own state: the group's `status` says only that one still fires.
    Alerts pair by `fingerprint`, which is a hash of the labels; a sender that leaves it out is given the same one.
    """

    name: str = "alertmanager"
    title: str = "Prometheus Alertmanager"
    fields: tuple[Field, ...] = ()

    def read(self, body: object) -> list[AlertReading]:
        """Return one reading an alert; raises Unreadable. See `Source.read`. (R11.1)"""
        if not isinstance(body, dict):
            raise Unreadable(f"An Alertmanager body is an object; this is {kind(body)}.")
        alerts = body.get("alerts")
        if not isinstance(alerts, list):
            raise Unreadable('There is no list "alerts" in the body; Alertmanager sends one with its webhook_configs.')
        lost = body.get("truncatedAlerts")
        return each(alerts, lambda alert: _read(alert, lost))


def _read(alert: Mapping[str, object], lost: object) -> AlertReading:
    if not any(name in alert for name in ("status", "labels", "annotations", "fingerprint")):
        raise Unreadable("it has neither status nor labels, annotations or fingerprint.")
    labels, annotations = mapping(alert.get("labels")), mapping(alert.get("annotations"))
    state = STATES.get(text(alert.get("status")).lower(), "unknown")
    host = line(first(labels, HOSTS), NAME_LIMIT)
    named = f"{first(labels, ['alertname'])} {host and f'on {host}'}"
    return AlertReading(
        state=state,
        dedup_key=_key(alert, labels, annotations),
        summary=line(first(annotations, SUMMARIES) or named, SUMMARY_LIMIT) or "An alert without a name",
        severity=severity(labels.get("severity")),
        host=host,
        service=line(first(labels, SERVICES), NAME_LIMIT),
        starts_at=instant(alert.get("startsAt")),
        ends_at=instant(alert.get("endsAt")) if state == "resolved" else None,
        details=details(_details(alert, labels, annotations, lost)),
        link=link(alert.get("generatorURL")),
        message=cut(first(annotations, MESSAGES), MESSAGE_LIMIT),
    )


def _key(alert: Mapping[str, object], labels: Mapping[str, object], annotations: Mapping[str, object]) -> str:
    if given := text(alert.get("fingerprint")):
        return bounded_key(given)
    if labels:
        return fingerprint(labels)
    # Without labels only the rule's address is left that a recovery would repeat; annotations often hold a value.
    return digest("no labels", text(alert.get("generatorURL")) or plain(dict(annotations)))


def fingerprint(labels: Mapping[str, object]) -> str:
    """Return the fingerprint Alertmanager gives these labels: FNV-1a, 64 bits, 16 hexadecimal digits.

    So an alert keeps its key when a sender begins or ceases to send fingerprints, on an upgrade for instance.
    """
    framed = b"".join(
        name + b"\xff" + value + b"\xff" for name, value in sorted((_raw(name), _raw(labels[name])) for name in labels)
    )
    total = _FNV_OFFSET
    for byte in framed:
        total = (total ^ byte) * _FNV_PRIME & _FNV_MASK
    return f"{total:016x}"


def _raw(value: object) -> bytes:
    return plain(value).encode("utf-8", "surrogatepass")


def _details(
    alert: Mapping[str, object], labels: Mapping[str, object], annotations: Mapping[str, object], lost: object
) -> Iterator[tuple[str, object]]:
    if text(lost) not in ("", "0"):
        yield "truncatedAlerts", f"{text(lost)} more alerts of this group were not sent (max_alerts)"
    yield from ((f"labels.{name}", value) for name, value in labels.items())
    yield from ((f"annotations.{name}", value) for name, value in annotations.items())
    yield from ((name, alert.get(name)) for name in EXTRAS)
