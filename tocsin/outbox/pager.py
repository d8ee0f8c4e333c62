"""Whose pager page listens, and what has it fetched?"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from tocsin.directory.person import Person
from tocsin.outbox.delivery import Delivery


class Pager(models.Model):
    """The pager page of one person, on however many devices it is open.

    `armed_at` is None while it is disarmed; `polled_at` is when any of the devices asked last, to within seconds.
    """

    person = models.OneToOneField(Person, primary_key=True, on_delete=models.CASCADE, related_name="+")
    armed_at = models.DateTimeField(null=True, blank=True)
    polled_at = models.DateTimeField()


class Call(models.Model):
    """A letter that a poll has fetched: it has arrived, whatever becomes of who sends it.

    It stands on the page until its reader puts it away, or it is old.
    """

    delivery = models.OneToOneField(Delivery, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", db_index=False)
    fetched_at = models.DateTimeField()
    put_away_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["person", "fetched_at"], name="call_of_person")]
        constraints = [
            models.CheckConstraint(
                condition=Q(put_away_at__isnull=True) | Q(put_away_at__gte=models.F("fetched_at")),
                name="call_put_away_after_it_came",
            )
        ]
