"""Where are the words kept that the log only has the fingerprint of?"""

from __future__ import annotations

from django.db import models


class Message(models.Model):
    """A text on a ticket, for staff or for the client; the event beside it holds its SHA-256.

    It has a row of its own, so that a leaked password can be blacked out, on record, without breaking the chain.
    """

    ticket = models.ForeignKey("tocsin.Ticket", on_delete=models.PROTECT, related_name="messages")
    client_id = models.BigIntegerField()
    audience = models.TextField()
    author = models.TextField()
    written_at = models.DateTimeField()
    subject = models.TextField(default="", blank=True)
    body = models.TextField()
    sha256 = models.CharField(max_length=64)
    blacked_out_at = models.DateTimeField(null=True, blank=True)
