"""What did the last audit find, and who has been told?"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Self

from django.db import models


class Watch(models.Model):
    """The one row by which all engines of a desk agree on whose turn it is to audit, and keep what came of it.

    `findings` are those of the last audit: [{"kind", "count", "worst_s", "says"}, …]. `alarmed` has, by kind, when the
    outside was told of it and has not been told since that it is over. `refolded` is the last ticket that was told
    again from its log; `faults` has, by ticket, what was wrong with it.
    """

    due_at = models.DateTimeField()
    audited_at = models.DateTimeField(null=True, blank=True)
    passed_at = models.DateTimeField(null=True, blank=True)
    findings = models.JSONField(default=list)
    alarmed = models.JSONField(default=dict)
    faults = models.JSONField(default=dict)
    refolded = models.BigIntegerField(default=0)
    round_done_at = models.DateTimeField(null=True, blank=True)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    heartbeat_error = models.TextField(default="", blank=True)

    class Meta:
        verbose_name_plural = "watches"

    @classmethod
    def claimed(cls, now: datetime, every: timedelta) -> Self | None:
        """The row, if an audit is due and this caller is the first to see it; the next is due `every` later."""
        if cls.objects.filter(pk=1, due_at__lte=now).update(due_at=now + every):
            return cls.objects.get(pk=1)
        if not cls.objects.filter(pk=1).exists():
            cls.objects.bulk_create([cls(pk=1, due_at=now)], ignore_conflicts=True)
            return cls.claimed(now, every)
        return None

    def keep(self) -> bool:
        """What was found is stored, unless somebody has audited since; whether it was."""
        columns = [field.name for field in self._meta.concrete_fields if field.name not in ("id", "due_at")]
        mine = type(self).objects.filter(pk=self.pk, due_at=self.due_at)
        return bool(mine.update(**{name: getattr(self, name) for name in columns}))
