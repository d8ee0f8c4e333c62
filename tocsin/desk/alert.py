"""What does a monitor say about one thing, and on which ticket?"""

from django.db import models
from django.db.models import Q

FIRING, ACKNOWLEDGED, RESOLVED, LEFT = "firing", "acknowledged", "resolved", "left"
OPEN = (FIRING, ACKNOWLEDGED)


class Alert(models.Model):
    """One alert on its ticket; the same source and key is the same alert, and a client has it open once.

    `state`: firing, acknowledged (the monitor says that somebody has seen it), resolved, or left (its ticket was over
    while it fired on, and it fired again: another ticket has it). `count` is how often it fired; summary, severity and
    the rest are what the last firing said. (R11.1)
    """

    client = models.ForeignKey("tocsin.Client", on_delete=models.PROTECT, related_name="+")
    ticket = models.ForeignKey("tocsin.Ticket", on_delete=models.PROTECT, related_name="alerts")
    source = models.TextField()
    dedup_key = models.TextField()
    state = models.TextField(default=FIRING)
    severity = models.TextField(default="", blank=True)
    summary = models.TextField()
    host = models.TextField(default="", blank=True)
    service = models.TextField(default="", blank=True)
    message = models.TextField(default="", blank=True)
    link = models.TextField(default="", blank=True)
    details = models.JSONField(default=dict, blank=True)
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True, blank=True)
    count = models.PositiveBigIntegerField(default=1)

    class Meta:
        constraints = [
            # The last word on two alerts that are new at the same instant: one of them joins the other's ticket.
            models.UniqueConstraint(
                fields=["client", "source", "dedup_key"], condition=Q(state__in=OPEN), name="alert_open_once"
            ),
            models.CheckConstraint(condition=~Q(dedup_key=""), name="alert_has_a_key"),
        ]
        indexes = [models.Index(fields=["client", "source", "dedup_key"], name="alert_key")]

    def __str__(self) -> str:
        return f"{self.summary} ({self.source}, {self.state})"
