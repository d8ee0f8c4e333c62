"""What is one text on its way to one person?"""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q

WAITING = ("queued", "sending")


class Deliveries(models.QuerySet["Delivery"]):
    """Asked for in the words of the index that answers."""

    def waiting(self) -> Self:
        """Those that somebody still has to do something about."""
        # Spelled out, for SQLite uses a partial index only where it reads the index's own condition, not parameters.
        return self.extra(where=["tocsin_delivery.state IN ('queued', 'sending')"])

    def due(self, now: datetime) -> Self:
        """Those to be tried by now, the longest due first; one being sent is due again when its lease is over."""
        ready = Q(lease_until__isnull=True) | Q(lease_until__lte=now)
        return self.waiting().filter(ready, not_before__lte=now).order_by("not_before", "pk")


class Delivery(models.Model):
    """One text that must reach one person; queued by any verb in its transaction, sent by the engine alone.

    `state`: queued, sending, sent, uncertain (handed over, and the answer was lost), failed (this way refused; another
    goes on), dead (no way left) or withdrawn. `person` is whom it is for as the log names them; `alternatives` are the
    ways left to try after `channel` and `address`. `lease_until` and `token` are the sender's: the lease ends by
    itself, and a sender whose token is no longer the row's does nothing. Client and ticket are plain numbers, for the
    outbox knows nobody above it. (semantics 6 and 10)
    """

    client_id = models.BigIntegerField(null=True)
    ticket_id = models.BigIntegerField(null=True)
    key = models.TextField()
    person = models.TextField()
    channel = models.TextField()
    address = models.TextField()
    alternatives = models.JSONField(default=list)
    subject = models.TextField(default="")
    body = models.TextField()
    state = models.TextField(default="queued")
    not_before = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    token = models.PositiveBigIntegerField(default=0)
    due_at = models.DateTimeField()
    handed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    receipt = models.TextField(default="")
    duplicate_possible = models.BooleanField(default=False)
    error = models.TextField(default="")

    objects = Deliveries.as_manager()

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(fields=["ticket_id", "key"], name="delivery_once_a_ticket"),
            models.UniqueConstraint(
                fields=["key"], condition=Q(ticket_id__isnull=True), name="delivery_once_without_a_ticket"
            ),
            models.CheckConstraint(condition=~Q(key=""), name="delivery_has_a_key"),
            models.CheckConstraint(
                condition=~Q(state="sent") | Q(sent_at__isnull=False), name="delivery_sent_knows_when"
            ),
        ]
        indexes = [
            models.Index(fields=["not_before"], condition=Q(state__in=WAITING), name="delivery_waiting"),
            models.Index(fields=["not_before"], condition=Q(state="dead"), name="delivery_dead"),
        ]

    def __str__(self) -> str:
        return f"{self.key} to {self.person} by {self.channel}: {self.state}"
