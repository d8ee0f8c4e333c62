"""Which engines run, and how late are they?"""

from __future__ import annotations

from django.db import models


class Beat(models.Model):
    """One engine process, as it last said of itself; a row that has not moved for a while is an engine that stopped.

    `last_send_at` is when it last looked for letters to send, by the channel where that was longest ago; `trouble` says
    what it cannot do, "" when it can do all. `lateness` counts what was performed by how late it was: {"0.5": 120, …,
    "inf": 0}, upper bounds in seconds.
    """

    name = models.TextField(primary_key=True)
    version = models.TextField()
    started_at = models.DateTimeField()
    last_turn_at = models.DateTimeField()
    last_send_at = models.DateTimeField(null=True, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)
    performed = models.PositiveBigIntegerField(default=0)
    failed = models.PositiveBigIntegerField(default=0)
    lateness = models.JSONField(default=dict)
    lateness_sum_s = models.FloatField(default=0)
    worst_s = models.FloatField(default=0)
    trouble = models.TextField(default="", blank=True, db_default="")
