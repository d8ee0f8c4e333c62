"""Who holds a role when? A role held in turns."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from tocsin.directory.client import Client
from tocsin.directory.person import Person
from tocsin.log.stream import Stream


class Roster(Stream):
    """The turns in which our people hold a role: for one client, or, without a client, for all.

    `spec` is a Rota's, with people as the log names them (person/5). `hours`, a Calendar's spec, says when somebody has
    to be on duty; None is always. Whoever is on duty comes before those who hold the role without a time; in a hole the
    `fallback` does. The `owner` hears of holes ahead. `swaps` are those proposed and not answered yet. One that has
    ended asks nobody any more. At `look_at` the engine looks ahead for holes. (semantics 6)
    """

    stream_kind = "roster"

    name = models.TextField()
    role = models.TextField()
    client = models.ForeignKey(Client, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    spec = models.JSONField()
    hours = models.JSONField(null=True, blank=True)
    owner = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    fallback = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    swaps = models.JSONField(default=list, blank=True)
    revision = models.PositiveIntegerField(default=1, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True)
    look_at = models.DateTimeField(null=True, editable=False, db_index=True)

    class Meta:
        ordering = ["role", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="roster_has_a_name"),
            models.CheckConstraint(condition=~Q(role=""), name="roster_names_a_role"),
            models.UniqueConstraint(
                fields=["role"], condition=Q(client=None, ended_at=None), name="roster_one_for_a_role"
            ),
            models.UniqueConstraint(
                fields=["role", "client"], condition=Q(ended_at=None), name="roster_one_for_a_role_at_a_client"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def address(self) -> str:
        """What it is called in an address: its role, and the client whose it is: on-call-primary@acme."""
        return f"{self.role}@{self.client.slug}" if self.client is not None else self.role

    def content(self) -> dict[str, Any]:
        """What this revision says, as it goes on record."""
        return {
            "name": self.name,
            "role": self.role,
            "client": self.client_id,
            "spec": self.spec,
            "hours": self.hours,
            "owner": self.owner_id,
            "fallback": self.fallback_id,
            "swaps": self.swaps,
            "revision": self.revision,
            "ended_at": self.ended_at,
        }
