"""Is the desk well? What a monitor asks, told from the database, whichever process answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Max, Min, Sum
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric

from tocsin.desk.intake_item import NEW, UNREADABLE, IntakeItem
from tocsin.desk.intake_refusal import IntakeRefusal
from tocsin.desk.ticket import Ticket
from tocsin.desk.tickets import ENDED
from tocsin.engine import audit
from tocsin.engine.beat import Beat
from tocsin.engine.heartbeats import BOUNDS
from tocsin.engine.watch import Watch
from tocsin.outbox.delivery import Delivery

LATE_AFTER = timedelta(seconds=60)
NO_SEAL = "cannot be made: the engine's log says why"


def report(now: datetime) -> tuple[dict[str, Any], bool]:
    """What is known of engine and audit, nothing of it about clients; and whether all of it is well."""
    running = Beat.objects.filter(stopped_at=None)
    beats = running.aggregate(last=Max("last_turn_at"), first=Min("started_at"))
    if beats["last"] is None:
        return {"engine": "none is running: start `tocsin engine`"}, False
    age = now - beats["last"]
    said: dict[str, Any] = {
        "engine": "late" if age > LATE_AFTER else "ok",
        "engine_last_turn_age_s": round(age.total_seconds(), 1),
    }
    watch = Watch.objects.filter(pk=1).first()
    last = max(filter(None, [watch and watch.audited_at, beats["first"]]))  # who has just begun has not audited yet
    if now - last > 2 * settings.TOCSIN_AUDIT_EVERY + LATE_AFTER:
        said["audit"] = "late"
    elif watch is None or watch.audited_at is None:
        said["audit"] = "not made yet"
    else:
        said["audit"] = "failed" if watch.findings else "ok"
    if watch is not None and watch.audited_at is not None:
        said["audit_age_s"] = round((now - watch.audited_at).total_seconds(), 1)
        said["findings"] = {finding["kind"]: finding["count"] for finding in watch.findings}
        if settings.TOCSIN_HEARTBEAT_URL:
            said["heartbeat"] = f"not taken: {watch.heartbeat_error}" if watch.heartbeat_error else "ok"
    if running.exclude(trouble="").exists():
        said["seal"] = NO_SEAL
    return said, said["engine"] == "ok" and said["audit"] in ("ok", "not made yet")


@dataclass(frozen=True, slots=True)
class Line:
    """How the engine is, in a few words for every page."""

    well: bool
    says: str
    detail: str


def line(now: datetime) -> Line:
    """Whether the engine is on time, and what is overdue."""
    said, well = report(now)
    late = audit.tickets(now, settings.TOCSIN_LATE_AFTER)
    detail = f"{late.count} tickets late by up to {late.worst_s:.0f} s" if late.count else "nothing waits for it"
    if well and not late.count:
        return Line(True, "Engine on time", detail)
    if str(said["engine"]).startswith("none"):
        return Line(False, "No engine runs", "nobody is paged: start tocsin engine")
    return Line(False, "Audit failed" if said.get("audit") == "failed" else "Engine late", detail)


def metrics(now: datetime) -> bytes:
    """The desk's figures in Prometheus's text form."""
    registry = CollectorRegistry()
    registry.register(_Desk(now))
    return generate_latest(registry)


class _Desk:
    def __init__(self, now: datetime) -> None:
        self.now = now

    def collect(self) -> Iterator[Metric]:
        tickets = GaugeMetricFamily("tocsin_tickets", "Tickets by status and priority.", labels=["status", "priority"])
        live = Ticket.objects.exclude(status__in=ENDED)
        for row in live.values("status", "priority").annotate(count=Count("pk")).order_by():
            tickets.add_metric([row["status"], row["priority"]], row["count"])
        yield tickets
        outbox = GaugeMetricFamily("tocsin_deliveries", "Letters in the outbox by state.", labels=["state"])
        for row in Delivery.objects.values("state").annotate(count=Count("pk")).order_by():
            outbox.add_metric([row["state"]], row["count"])
        yield outbox
        yield from self._overdue()
        yield from self._audit()
        yield from self._intake()
        yield from self._engines()

    def _overdue(self) -> Iterator[Metric]:
        count = GaugeMetricFamily("tocsin_overdue", "What should have been done by now, and is not.", labels=["of"])
        worst = GaugeMetricFamily("tocsin_overdue_seconds", "How long the longest of it has waited.", labels=["of"])
        for of, measure in (("tickets", audit.tickets), ("letters", audit.letters), ("bodies", audit.bodies)):
            late = measure(self.now, settings.TOCSIN_LATE_AFTER)
            count.add_metric([of], late.count)
            worst.add_metric([of], late.worst_s)
        yield count
        yield worst

    def _audit(self) -> Iterator[Metric]:
        age = GaugeMetricFamily("tocsin_audit_age_seconds", "Since the engine last audited itself.")
        found = GaugeMetricFamily(
            "tocsin_audit_findings", "What the last audit found, 0 when it passed.", labels=["kind"]
        )
        told = GaugeMetricFamily(
            "tocsin_refold_age_seconds", "Since every open ticket had been told again from its log."
        )
        watch = Watch.objects.filter(pk=1).first()
        if watch is not None and watch.audited_at is not None:
            age.add_metric([], (self.now - watch.audited_at).total_seconds())
            counts = {finding["kind"]: finding["count"] for finding in watch.findings}
            for kind in audit.KINDS:
                found.add_metric([kind], counts.get(kind, 0))
        if watch is not None and watch.round_done_at is not None:
            told.add_metric([], (self.now - watch.round_done_at).total_seconds())
        yield age
        yield found
        yield told

    def _intake(self) -> Iterator[Metric]:
        # The newest body's number, for counting a year of bodies would take as long as reading them.
        newest = IntakeItem.objects.aggregate(newest=Max("pk"))["newest"] or 0
        yield CounterMetricFamily("tocsin_intake_received", "Bodies that came in and were answered 202.", newest)
        bodies = GaugeMetricFamily("tocsin_intake_bodies", "Bodies that wait, or could not be read.", labels=["state"])
        for state in (NEW, UNREADABLE):
            # Spelled out, for SQLite uses a partial index only where it reads the index's own condition.
            bodies.add_metric([state], IntakeItem.objects.extra(where=[f"state = '{state}'"]).count())
        yield bodies
        refused = CounterMetricFamily(
            "tocsin_intake_refused", "What was turned away at the door, by reason.", labels=["reason"]
        )
        for row in IntakeRefusal.objects.values("reason").annotate(count=Sum("count")).order_by("reason"):
            refused.add_metric([row["reason"]], row["count"])
        yield refused

    def _engines(self) -> Iterator[Metric]:
        age = GaugeMetricFamily(
            "tocsin_engine_last_turn_age_seconds", "Since its last turn.", labels=["engine", "version"]
        )
        late = HistogramMetricFamily(
            "tocsin_engine_lateness_seconds", "From when something fell due to when it was done.", labels=["engine"]
        )
        failed = GaugeMetricFamily(
            "tocsin_engine_tickets_raised", "Tickets that raised and were put off.", labels=["engine"]
        )
        for beat in Beat.objects.all():
            if beat.stopped_at is None:
                age.add_metric([beat.name, beat.version], (self.now - beat.last_turn_at).total_seconds())
            failed.add_metric([beat.name], beat.failed)
            total, buckets = 0, []
            for bound in [*map(str, BOUNDS), "inf"]:
                total += beat.lateness.get(bound, 0)
                buckets.append(("+Inf" if bound == "inf" else bound, total))
            late.add_metric([beat.name], buckets, beat.lateness_sum_s)
        yield age
        yield late
        yield failed
