"""Which backtests were asked for, how far are they, and what did they find?

A row is asked for by whoever writes a standard, worked on by a process of its own, and kept. It can be stopped; then
nothing of it is kept but that it was.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import Q

from tocsin.core.policy import load
from tocsin.directory.access import visible
from tocsin.directory.client import Client
from tocsin.directory.person import Person
from tocsin.directory.reach import Reachable, actor

QUEUED, RUNNING, DONE, CANCELLED, FAILED = "queued", "running", "done", "cancelled", "failed"
OVER = (DONE, CANCELLED, FAILED)
SILENT_FOR = timedelta(minutes=2)  # a process that says nothing for so long is gone


class Backtest(models.Model):
    """A draft tried on the desk's tickets, beside `against` or beside the standard each was opened under.

    `result` is that of trials.results, `flips` the CSV of every promise that flips. `heard_at`: when the process last
    said how far it is (`done` of `total` tickets).
    """

    title = models.TextField()
    draft = models.TextField()
    against_title = models.TextField(blank=True, default="")
    against = models.TextField(blank=True, default="")
    client = models.ForeignKey(Client, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField(null=True, blank=True)
    until = models.DateTimeField(null=True, blank=True)
    zone = models.TextField()
    state = models.TextField(default=QUEUED)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    result = models.JSONField(null=True, blank=True)
    flips = models.TextField(blank=True, default="")
    why = models.TextField(blank=True, default="")
    by = models.TextField()
    asked_at = models.DateTimeField()
    heard_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["state"], name="backtest_state")]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=[QUEUED, RUNNING, *OVER]), name="backtest_has_a_state"),
            models.CheckConstraint(condition=~Q(state=DONE) | Q(result__isnull=False), name="backtest_has_a_result"),
        ]

    def __str__(self) -> str:
        return f"Backtest {self.pk} of {self.title}"

    @property
    def is_over(self) -> bool:
        return self.state in OVER


def seen_by(person: Person) -> models.QuerySet[Backtest]:
    """Those whose tickets this person may see, the newest first; of every client's, who sees every client. (R17.3)"""
    return visible(Backtest.objects.select_related("client"), to=person)


def ask(
    title: str,
    draft: str,
    *,
    against: str = "",
    against_title: str = "",
    client: Client | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    zone: str,
    by: Reachable | str,
    now: datetime,
) -> Backtest:
    """It waits for its turn. Raises BadPolicy for a text nobody could work by."""
    for text in filter(None, (draft, against)):
        load(text)
    return Backtest.objects.create(
        title=title,
        draft=draft,
        against=against,
        against_title=against_title,
        client=client,
        since=since,
        until=until,
        zone=zone,
        by=actor(by),
        asked_at=now,
    )


def cancel(pk: int, *, now: datetime) -> bool:
    """It is stopped, unless it is over; its process notices within a second or two."""
    going = Backtest.objects.filter(pk=pk, state__in=[QUEUED, RUNNING])
    return bool(going.update(state=CANCELLED, ended_at=now))


def claim(now: datetime) -> int | None:
    """The oldest that waits is this engine's to work on; one whose process is gone waits again. None where none waits.

    One at a time, on a desk with several engines too.
    """
    running = Backtest.objects.filter(state=RUNNING)
    gone = running.filter(Q(heard_at=None) | Q(heard_at__lt=now - SILENT_FOR))
    if gone.exists():
        gone.update(state=QUEUED, done=0)
    if running.exists():
        return None
    first = Backtest.objects.filter(state=QUEUED).order_by("pk").values_list("pk", flat=True).first()
    if first is None or not Backtest.objects.filter(pk=first, state=QUEUED).update(state=RUNNING, heard_at=now):
        return None
    return first


def heard(pk: int, *, done: int, total: int, now: datetime) -> bool:
    """It is known how far it is; whether it is to go on."""
    return bool(Backtest.objects.filter(pk=pk, state=RUNNING).update(done=done, total=total, heard_at=now))


def finish(pk: int, result: dict[str, Any], flips: str, *, now: datetime) -> bool:
    """What it found is kept, unless it was stopped meanwhile."""
    found = Backtest.objects.filter(pk=pk, state=RUNNING)
    return bool(found.update(state=DONE, result=result, flips=flips, ended_at=now, done=result["tickets"]))


def fail(pk: int, why: str, *, now: datetime) -> None:
    """It could not be done, and why is on its row."""
    Backtest.objects.filter(pk=pk, state=RUNNING).update(state=FAILED, why=why[:500], ended_at=now)
