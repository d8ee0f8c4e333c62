"""Which standards has the desk adopted, in which versions?"""

from itertools import count
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from tocsin.log.stream import Stream

_generations = count(1)


class Policy(Stream):
    """A standard by name; its versions, and who adopted them, are on its own stream."""

    stream_kind = "policy"

    name = models.TextField(unique=True)

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "policies"
        constraints = [models.CheckConstraint(condition=~Q(name=""), name="policy_has_a_name")]

    def __str__(self) -> str:
        return self.name


class PolicyVersion(models.Model):
    """One text of a standard as it was adopted: never changed, never deleted; the database itself refuses both."""

    generation: ClassVar[int] = 0  # another number whenever this process has stored a version: for those who keep them

    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    text = models.TextField()
    sha256 = models.CharField(max_length=64)
    adopted_at = models.DateTimeField()

    class Meta:
        ordering = ["policy", "number"]
        constraints = [
            models.UniqueConstraint(fields=["policy", "number"], name="policy_version_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="policy_version_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.number}"

    def save(self, *args: Any, **options: Any) -> None:
        PolicyVersion.generation = next(_generations)
        super().save(*args, **options)

    @property
    def name(self) -> str:
        return self.policy.name
