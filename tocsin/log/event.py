"""What is one event on record?"""

from typing import Any

from django.db import models
from django.db.models import Q

from tocsin.log.chain import open_body


class Event(models.Model):
    """Something that happened, never changed and never deleted: the database itself refuses both.

    `body` is the exact text that was hashed; the other columns repeat what it says, to be found by. The client is a
    plain number, for the log knows nobody above it.
    """

    stream = models.TextField()
    seq = models.PositiveBigIntegerField()
    client_id = models.BigIntegerField(null=True)
    kind = models.TextField()
    effective_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    key = models.TextField(null=True)
    actor = models.TextField()
    body = models.TextField()
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["stream", "seq"], name="event_once_in_stream"),
            models.UniqueConstraint(
                fields=["stream", "key"], name="event_key_once_in_stream", condition=Q(key__isnull=False)
            ),
            models.CheckConstraint(condition=Q(seq__gte=1), name="event_seq_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.stream} {self.seq} {self.kind}"

    @property
    def data(self) -> dict[str, Any]:
        """The fields of this kind of event."""
        data: dict[str, Any] = open_body(self.body)["data"]
        return data
