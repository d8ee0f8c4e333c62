"""Which version of which standard is in force where, and since which step?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import F, Q

from tocsin.standard.version import Policy, PolicyVersion

PILOT, ROLLOUT, ROLLBACK = "pilot", "rollout", "rollback"


class Standing(models.Model):
    """From `since` on, this version is in force at this client; never changed, the next row takes its place.

    Without a client it is so for every client whose contract names the standard and that has no row of its own. A row
    of a client's own wins while its contract names the standard it named then, `over`; without a version it says that
    the client has none of its own any more. A pilot is meant to end at `until`.

    One step is one `batch`: the event of this number on the log of `policy` tells it. A rollback `undoes` a batch.
    """

    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="standings")
    batch = models.PositiveBigIntegerField()
    step = models.TextField()
    client = models.ForeignKey("tocsin.Client", null=True, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(PolicyVersion, null=True, on_delete=models.PROTECT, related_name="+")
    over = models.TextField(default="")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    undoes = models.PositiveBigIntegerField(null=True)
    by = models.TextField(default="")
    why = models.TextField(default="")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["policy", "batch", "client"], condition=Q(client__isnull=False), name="standing_once_a_client"
            ),
            models.UniqueConstraint(
                fields=["policy", "batch"], condition=Q(client__isnull=True), name="standing_once_for_all"
            ),
            models.CheckConstraint(condition=Q(step__in=[PILOT, ROLLOUT, ROLLBACK]), name="standing_has_a_step"),
            models.CheckConstraint(
                condition=Q(client__isnull=False) | Q(version__isnull=False), name="standing_has_a_version_for_all"
            ),
            models.CheckConstraint(condition=Q(undoes__isnull=True) | Q(step=ROLLBACK), name="standing_undone_by_one"),
        ]

    def __str__(self) -> str:
        return f"{self.policy_id}#{self.batch}: {self.version or 'as everywhere'} at {self.client or 'everybody'}"


def standings() -> models.QuerySet[Standing]:
    """All rows with their versions, whose texts are left where they are."""
    return Standing.objects.select_related("version__policy").defer("version__text")


def in_force(client_pk: int, named: str, *, at: datetime | None = None) -> Standing | None:
    """The row by which this client works `at` this instant, whose contract names this standard then.

    Before the first version was in force it is that one. None where the standard was never adopted.
    """
    found: Standing | None = _in_force(standings(), client_pk, named, at)
    return found


def version_in_force(client_pk: int, named: str, *, at: datetime | None = None) -> int | None:
    """The version of that row, by primary key, for those who have read the version before."""
    found = _in_force(Standing.objects.values_list("version_id", named=True), client_pk, named, at)
    return found.version_id if found else None


def _in_force(rows: models.QuerySet[Any, Any], client_pk: int, named: str, at: datetime | None) -> Any:
    known = rows if at is None else rows.filter(since__lte=at)
    everywhere = Q(client=None, policy__name=named)
    found = known.filter(Q(client=client_pk, over=named) | everywhere)
    first = found.order_by(F("client").asc(nulls_last=True), "-pk").first()
    if first is not None and first.version_id is not None:
        return first
    return known.filter(everywhere).order_by("-pk").first() or rows.filter(everywhere).order_by("pk").first()


def everywhere(policy: Policy | str) -> Standing | None:
    """The row by which those clients work that have none of their own; None for what was never adopted."""
    name = policy if isinstance(policy, str) else policy.name
    return standings().filter(client=None, policy__name=name).order_by("-pk").first()


def own(rows: Iterable[Standing]) -> dict[tuple[int, str], Standing]:
    """By client and the standard its contract named, the last of these rows that is the client's own, if it has any."""
    last = {(row.client_id, row.over): row for row in rows if row.client_id is not None}
    return {place: row for place, row in last.items() if row.version_id is not None}  # type: ignore[misc]
