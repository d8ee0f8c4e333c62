"""What was turned away at the door, and how often?"""

from django.db import models
from django.db.models import Q


class IntakeRefusal(models.Model):
    """How often one key was refused for one reason on one day (UTC); without a key: those who had no valid one.

    `reason`: too fast, too large, too slow, not JSON, wrong source or no valid key.
    """

    key = models.ForeignKey("tocsin.IntakeKey", on_delete=models.PROTECT, null=True, related_name="refusals")
    client_id = models.BigIntegerField(null=True)
    reason = models.TextField()
    day = models.DateField()
    count = models.PositiveBigIntegerField(default=0)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        ordering = ["-day", "-last_at"]
        constraints = [
            models.UniqueConstraint(fields=["key", "reason", "day"], name="intake_refusal_once_a_day"),
            models.UniqueConstraint(
                fields=["reason", "day"], condition=Q(key__isnull=True), name="intake_refusal_without_key_once_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.count} × {self.reason} on {self.day}"
