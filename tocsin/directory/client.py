"""Whom do we work for, and on what?"""

from django.db import models

from tocsin.log.stream import Stream


class Client(Stream):
    """A firm we look after. `zone` is the time zone its people live by; `ended_on` is set when it has left."""

    stream_kind = "client"

    name = models.TextField(unique=True)
    slug = models.SlugField(unique=True)
    zone = models.TextField(default="UTC")
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(name=""), name="client_has_a_name"),
            models.CheckConstraint(condition=~models.Q(slug=""), name="client_has_a_slug"),
        ]

    def __str__(self) -> str:
        return self.name


class Service(models.Model):
    """Something a client has and we keep running; promises may differ by it."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="services")
    name = models.TextField()
    slug = models.SlugField()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["client", "slug"], name="service_once_at_client"),
            models.CheckConstraint(condition=~models.Q(slug=""), name="service_has_a_slug"),
        ]

    def __str__(self) -> str:
        return self.name
