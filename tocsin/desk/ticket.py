"""What is one ticket, as it stands now?

The truth is its stream of events. What it was opened as stays as it is; the rest is a projection, written by
`desk/timeline.py` alone. `desk/proof.py` proves both against the log.
"""

from typing import Any

from django.db import models
from django.db.models import Q

from tocsin.log.stream import Stream


class Ticket(Stream):
    """An incident, request, complaint or drill of one client.

    `look_at` is the next instant at which anything falls due (None: nothing will by itself), `not_before` puts off a
    ticket that raised. `stage` is the one the work is in, where its standard has stages. `next_at` is when the first
    item of its agenda is due, and stays where that is late. `reading` is the JSON text of its clocks as of its last
    event. `stopped_at` is since when the line is stopped on it (None: it is not); `incident_manager` and `comms_lead`
    lead there, or did the last time.
    `moves` is JSON text: from which version to which it was moved, and when, the first first (standard/terms.py).
    `correction_since` is when the first of its corrections was drafted that still wait for somebody to decide; None
    where none does. `approval_since` is the same of what was asked to be approved.
    """

    stream_kind = "ticket"

    client = models.ForeignKey("tocsin.Client", on_delete=models.PROTECT, related_name="+")
    service = models.ForeignKey("tocsin.Service", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    contact = models.ForeignKey("tocsin.Contact", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    number = models.TextField(unique=True)
    kind = models.TextField(default="incident")
    title = models.TextField()
    priority = models.TextField()
    status = models.TextField(default="new")
    pending_on = models.TextField(default="", blank=True)
    level = models.TextField(default="")
    asked_level = models.TextField(default="", blank=True)
    stage = models.TextField(default="", blank=True)
    owner = models.ForeignKey("tocsin.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    worker = models.ForeignKey("tocsin.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reported_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    solved_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    look_at = models.DateTimeField(null=True, blank=True)
    not_before = models.DateTimeField(null=True, blank=True)
    next_at = models.DateTimeField(null=True, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)
    incident_manager = models.ForeignKey(
        "tocsin.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    comms_lead = models.ForeignKey(
        "tocsin.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    policy_version = models.ForeignKey("tocsin.PolicyVersion", on_delete=models.PROTECT, related_name="+")
    moves = models.TextField(default="[]")
    reading = models.TextField(default="{}")
    updates_sent = models.PositiveIntegerField(default=0)
    correction_since = models.DateTimeField(null=True, blank=True)
    approval_since = models.DateTimeField(null=True, blank=True)
    imported = models.BooleanField(default=False)
    external_id = models.TextField(default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["client", "external_id"], condition=~Q(external_id=""), name="ticket_external_id_once_a_client"
            ),
        ]
        indexes = [
            models.Index(fields=["look_at"], condition=Q(look_at__isnull=False), name="ticket_look_at"),
            models.Index(fields=["client", "status"], name="ticket_client_status"),
            models.Index(fields=["status", "owner"], name="ticket_status_owner"),
            models.Index(fields=["status", "priority"], name="ticket_status_priority"),
            models.Index(fields=["asked_level"], name="ticket_asked_level"),
            models.Index(
                fields=["correction_since"],
                condition=Q(correction_since__isnull=False),
                name="ticket_correction_since",
            ),
            models.Index(
                fields=["approval_since"], condition=Q(approval_since__isnull=False), name="ticket_approval_since"
            ),
            models.Index(fields=["next_at"], condition=Q(next_at__isnull=False), name="ticket_next_at"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def as_opened(self) -> dict[str, Any]:
        """What its opening has on record of it beside client, times, priority and level, and what never changes."""
        return {
            "number": self.number,
            "title": self.title,
            "kind_of_ticket": self.kind,
            "service": self.service_id,
            "contact": self.contact_id,
            "external_id": self.external_id,
        }

    @property
    def worked_by(self) -> dict[str, Any]:
        """By which version it is worked, and by which it was before. (R16.1)"""
        return {"policy_version": self.policy_version_id, "moves": self.moves}

    @property
    def hands(self) -> dict[str, int | None]:
        """Whose it is, as an event names them: owner and worker, by their primary keys. (R4.6)"""
        return {"owner": self.owner_id, "worker": self.worker_id}

    @property
    def line(self) -> dict[str, Any]:
        """Since when the line is stopped on it, and who leads there, by their primary keys. (R1.13)"""
        return {
            "stopped_at": self.stopped_at,
            "incident_manager": self.incident_manager_id,
            "comms_lead": self.comms_lead_id,
        }
