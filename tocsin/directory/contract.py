"""What was agreed with a client?"""

from itertools import count
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from tocsin.core.hours import Calendar
from tocsin.directory.client import Client

_generations = count(1)


class Contract(models.Model):
    """Support hours, standard and differences agreed with a client, in force from a date until the next one's.

    `hours` is a Calendar's spec. `policy` names the standard. `overrides` differ from it, for the whole client and,
    under "services", by a service's slug. Each save makes a new `revision`; those made by `clients.sign` and
    `clients.revise` stay on the client's record, and tickets opened before `revised_at` keep to them.
    """

    generation: ClassVar[int] = 0  # another number whenever this process has changed a contract, for those who keep any

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="contracts")
    policy = models.TextField(default="field-guide")
    hours = models.JSONField()
    overrides = models.JSONField(default=dict, blank=True)
    starts_on = models.DateField()
    emergency_phone = models.TextField(blank=True, default="")
    revision = models.PositiveIntegerField(default=1, editable=False)
    revised_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["client", "-starts_on"]
        constraints = [
            models.UniqueConstraint(fields=["client", "starts_on"], name="contract_one_from_a_day"),
            models.CheckConstraint(condition=Q(revision__gte=1), name="contract_revision_from_one"),
            models.CheckConstraint(condition=~Q(policy=""), name="contract_names_a_policy"),
        ]

    def __str__(self) -> str:
        return f"contract/{self.pk} from {self.starts_on}"

    def save(self, *args: Any, **options: Any) -> None:
        """As ever, and the revision is a new one. Hours nobody can work by raise BadCalendar."""
        Calendar.from_spec(self.hours)
        Contract.generation = next(_generations)
        if self._state.adding:
            super().save(*args, **options)
            return
        self.revision = F("revision") + 1
        if (fields := options.get("update_fields")) is not None:
            options["update_fields"] = {*fields, "revision"}
        super().save(*args, **options)
        self.refresh_from_db(fields=["revision"])

    def delete(self, *args: Any, **options: Any) -> tuple[int, dict[str, int]]:
        Contract.generation = next(_generations)
        return super().delete(*args, **options)

    def content(self) -> dict[str, Any]:
        """What this revision says, as it goes on record."""
        return {
            "policy": self.policy,
            "hours": self.hours,
            "overrides": self.overrides,
            "starts_on": str(self.starts_on),
            "emergency_phone": self.emergency_phone,
        }
