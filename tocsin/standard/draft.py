"""What is somebody writing that may become a version of a standard?"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from tocsin.core.linted import Linted
from tocsin.standard.version import Policy, PolicyVersion

OPEN, ADOPTED, DISCARDED = "open", "adopted", "discarded"


class Draft(models.Model):
    """A text on its way: written by `by` last, read and judged as it was saved. Its saves are on its standard's log.

    `revision` counts the saves; whoever saves says which one they had read. `base` is the version it began as, `preset`
    the standard that ships, either or neither. An adopted one has the `version` it became.
    """

    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="drafts")
    text = models.TextField()
    sha256 = models.CharField(max_length=64)
    note = models.TextField(blank=True, default="")
    base = models.ForeignKey(PolicyVersion, null=True, on_delete=models.PROTECT, related_name="+")
    preset = models.TextField(blank=True, default="")
    version = models.ForeignKey(PolicyVersion, null=True, on_delete=models.PROTECT, related_name="+")
    state = models.TextField(default=OPEN)
    revision = models.PositiveIntegerField(default=1)
    said = models.JSONField(default=list)
    started_by = models.TextField()
    started_at = models.DateTimeField()
    by = models.TextField()
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ["-updated_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=[OPEN, ADOPTED, DISCARDED]), name="draft_has_a_state"),
            models.CheckConstraint(
                condition=Q(state=ADOPTED, version__isnull=False) | (~Q(state=ADOPTED) & Q(version__isnull=True)),
                name="draft_became_a_version",
            ),
        ]

    def __str__(self) -> str:
        return f"draft {self.pk} of {self.policy.name}"

    @property
    def linted(self) -> list[Linted]:
        """What was to be said of it when it was saved, in the order of its lines."""
        return [Linted(*each) for each in self.said]

    @property
    def mistakes(self) -> list[Linted]:
        """What nobody could work by: such a text is not adopted."""
        return [each for each in self.linted if each.level == "mistake"]

    @property
    def errors(self) -> list[Linted]:
        """What it promises and cannot keep: it is adopted only by who says that it is meant."""
        return [each for each in self.linted if each.level == "error"]
