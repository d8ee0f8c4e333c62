"""Is the desk well? What a monitor asks, told from the database, whichever process answers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Count, Min
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, HistogramMetricFamily, Metric

from tocsin.desk.ticket import Ticket
from tocsin.engine.beat import Beat
from tocsin.engine.heartbeats import BOUNDS
from tocsin.outbox.delivery import Delivery

LATE_AFTER = timedelta(seconds=60)


def last_turn_at() -> datetime | None:
    """When any engine last finished a turn; None when none ever has."""
    return Beat.objects.filter(stopped_at=None).order_by("-last_turn_at").values_list("last_turn_at", flat=True).first()


def overdue(now: datetime) -> tuple[int, float]:
    """How many tickets should have been looked at a minute ago or more, of all; and the longest wait in seconds."""
    late = Ticket.objects.filter(look_at__lt=now - LATE_AFTER, not_before=None)
    found = late.aggregate(count=Count("pk"), first=Min("look_at"))
    return found["count"], (now - found["first"]).total_seconds() if found["first"] else 0.0


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
        live = Ticket.objects.exclude(status__in=("closed", "cancelled", "merged"))
        for row in live.values("status", "priority").annotate(count=Count("pk")).order_by():
            tickets.add_metric([row["status"], row["priority"]], row["count"])
        yield tickets
        count, longest = overdue(self.now)
        yield GaugeMetricFamily(
            "tocsin_tickets_overdue", "Tickets the engine should have looked at a minute ago.", count
        )
        yield GaugeMetricFamily("tocsin_oldest_overdue_seconds", "How long the longest of them has waited.", longest)
        outbox = GaugeMetricFamily("tocsin_deliveries", "Letters in the outbox by state.", labels=["state"])
        for row in Delivery.objects.values("state").annotate(count=Count("pk")).order_by():
            outbox.add_metric([row["state"]], row["count"])
        yield outbox
        yield from self._engines()

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
