"""Who may send us alerts, from which source, for which client?"""

from django.db import models
from django.db.models import Q

RATE = 100
FASTEST = 10_000


class IntakeKey(models.Model):
    """A key of one source and one client; only its SHA-256 is stored, which is enough for 256 random bits.

    Alerts that come with it are about `service`, where it names one, and have `default_priority` when the standard
    makes nothing of their severity ("": the standard's own default). `rate` is how many POSTs a second it may send in
    the long run. A key is never deleted, only revoked: what came with it says so. (architecture, Safety)
    """

    client = models.ForeignKey("tocsin.Client", on_delete=models.PROTECT, related_name="+")
    source = models.TextField()
    service = models.ForeignKey("tocsin.Service", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    name = models.TextField(default="", blank=True)
    digest = models.CharField(max_length=64, unique=True)
    default_priority = models.TextField(default="", blank=True)
    rate = models.PositiveIntegerField(default=RATE)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["client", "source", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(source=""), name="intake_key_names_a_source"),
            models.CheckConstraint(condition=Q(rate__gte=1), name="intake_key_lets_something_in"),
        ]

    def __str__(self) -> str:
        return f"key {self.pk}, {self.source} of {self.client}"
