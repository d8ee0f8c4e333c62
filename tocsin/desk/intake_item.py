"""What came in, exactly as it came?"""

from django.db import models
from django.db.models import Q

NEW, READ, UNREADABLE = "new", "read", "unreadable"


class IntakeItem(models.Model):
    """The body of one POST, stored before it was answered 202, and what became of it.

    `state`: new (not looked at yet), read, or unreadable (`error` says why; `tocsin intake retry` makes it new again).
    `outcome` says in words what it did. A body of very many alerts is read in several transactions: `alerts_read` is
    how many of them are done. `digest` is the body's SHA-256, which the events it caused name too. Nothing of it is
    ever deleted by Tocsin. (semantics 10, R11.4)
    """

    key = models.ForeignKey("tocsin.IntakeKey", on_delete=models.PROTECT, related_name="items", db_index=False)
    client_id = models.BigIntegerField()
    source = models.TextField()
    received_at = models.DateTimeField()
    body = models.BinaryField()
    digest = models.CharField(max_length=64)
    state = models.TextField(default=NEW)
    read_at = models.DateTimeField(null=True, blank=True)
    alerts_read = models.PositiveIntegerField(default=0, db_default=0)
    outcome = models.TextField(default="", blank=True)
    error = models.TextField(default="", blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(state=UNREADABLE) | ~Q(error=""), name="intake_item_says_why"),
        ]
        indexes = [
            models.Index(fields=["client_id", "id"], condition=Q(state=NEW), name="intake_item_new"),
            models.Index(fields=["id"], condition=Q(state=UNREADABLE), name="intake_item_unreadable"),
        ]

    def __str__(self) -> str:
        return f"item {self.pk} from {self.source}: {self.state}"
