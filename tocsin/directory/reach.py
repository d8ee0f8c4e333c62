"""How does one reach a person?"""

from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import models


class Way(NamedTuple):
    """A channel's name and the person's address there."""

    channel: str
    address: str


def are_ways(value: Any) -> None:
    """Raises ValidationError for what is not a list of [channel, address], none of them empty."""
    right = isinstance(value, list) and all(
        isinstance(way, list | tuple) and len(way) == 2 and all(isinstance(part, str) and part.strip() for part in way)
        for way in value
    )
    if not right:
        raise ValidationError('Write the ways to reach somebody as [["email", "ann@msp.example"], …], the first first.')


class Reachable(models.Model):
    """Somebody with an address or two. `ways` is in the order in which they are to be tried."""

    name = models.TextField()
    email = models.EmailField(blank=True, default="")
    phone = models.TextField(blank=True, default="")
    ways = models.JSONField(default=list, blank=True, validators=[are_ways])

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def actor(self) -> str:
        """How the log names them: person/5, contact/12."""
        return f"{self._meta.model_name}/{self.pk}"

    def how_to_reach(self) -> list[Way]:
        """The ways to try, first first: those that were chosen, else email; none when nothing is known."""
        if self.ways:
            return [Way(channel, address) for channel, address in self.ways]
        return [Way("email", self.email)] if self.email else []


def actor(by: Reachable | str) -> str:
    """How the log names who acted; text stands for what is no person: engine, import, rule/P2-P1."""
    return by if isinstance(by, str) else by.actor
