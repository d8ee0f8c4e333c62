"""Whom do we talk to at the client?"""

from django.db import models

from tocsin.directory.client import Client
from tocsin.directory.reach import Reachable


class Contact(Reachable):
    """A person at a client. `role` is theirs there: primary-contact, it-manager, executive-sponsor …; "" for none."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="contacts")
    role = models.TextField(blank=True, default="")

    class Meta:
        ordering = ["name", "pk"]
