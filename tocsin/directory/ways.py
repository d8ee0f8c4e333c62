"""Which way to reach somebody is tried first?"""

from __future__ import annotations

from django.db import transaction

from tocsin.directory.person import Person


@transaction.atomic
def put_first(person: Person, channel: str, address: str) -> None:
    """This way is tried before all others, which stay."""
    found = Person.objects.select_for_update().get(pk=person.pk)
    others = [list(way) for way in found.how_to_reach() if way.channel != channel]
    _keep(found, person, [[channel, address], *others])


@transaction.atomic
def take_away(person: Person, channel: str) -> None:
    """They are not reached by this channel any more; who has no other way chosen is reached by mail."""
    found = Person.objects.select_for_update().get(pk=person.pk)
    _keep(found, person, [list(way) for way in found.ways if way[0] != channel])


def _keep(found: Person, person: Person, ways: list[list[str]]) -> None:
    found.ways = [] if ways == [["email", found.email]] else ways
    found.save(update_fields=["ways"])
    person.ways = found.ways
