"""Who works here, and who holds which role?"""

from django.db import models
from django.db.models import Q

from tocsin.directory.client import Client
from tocsin.directory.contact import Contact
from tocsin.directory.reach import Reachable

EVERY_CLIENT, ASSIGNED, READ_ONLY = "every-client", "assigned", "read-only"


class Person(Reachable):
    """One of the staff. `level` is the one they work at (L1, L2, …; "" for none).

    `access` says whose rows they may see: every client's, only those of the `clients` assigned, or, as an auditor,
    every client's without changing anything. A word that is none of these opens nothing. (R17.3, R17.4)
    """

    level = models.TextField(blank=True, default="")
    active = models.BooleanField(default=True)
    access = models.TextField(default=EVERY_CLIENT)
    clients = models.ManyToManyField(Client, blank=True, related_name="+")

    class Meta:
        ordering = ["name", "pk"]
        verbose_name_plural = "people"


def here(person: Person | None) -> Person | None:
    """The person, if they still work here: whoever has left owns and does nothing any more."""
    return person if person is not None and person.active else None


class Holding(models.Model):
    """Who holds a role: for one client, or, without a client, for all who have no holder of their own.

    Rank 0 is the primary, 1 the backup, and so on. The role "on-call:L2" is being on call at L2. One of our people
    holds it, or a client's contact: a small firm's owner is primary contact, IT manager and sponsor at once.
    """

    role = models.TextField()
    client = models.ForeignKey(Client, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.CASCADE, related_name="holdings")
    contact = models.ForeignKey(Contact, null=True, blank=True, on_delete=models.CASCADE, related_name="holdings")
    rank = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["role", "rank", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(role=""), name="holding_names_a_role"),
            models.CheckConstraint(
                condition=Q(person__isnull=False, contact__isnull=True)
                | Q(person__isnull=True, contact__isnull=False, client__isnull=False),
                name="holding_is_of_one_person_or_contact",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role}: {self.person or self.contact}"


def colleagues() -> models.QuerySet[Person]:
    """Everybody who works here."""
    return Person.objects.filter(active=True)
