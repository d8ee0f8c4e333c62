"""Who keeps the rosters, and who the standards?"""

from __future__ import annotations

from datetime import datetime

from tocsin.directory.access import may_write
from tocsin.directory.holders import Holders
from tocsin.directory.person import EVERY_CLIENT, Person
from tocsin.directory.roster import Roster

KEEPERS = (
    *("service-desk-manager", "on-call-manager", "operations-manager", "service-delivery-manager"),
    *("team-lead", "director"),
)


GOVERNORS = ("service-desk-manager", "operations-manager", "service-delivery-manager", "director")


def may_govern(person: Person, *, at: datetime) -> bool:
    """Whether they may write standards and say where one is in force: who manages the desk and sees every client.

    On a desk where nobody manages anything yet, everybody who sees every client may, or nobody could begin. (R17.3)
    """
    if not may_write(person) or person.access != EVERY_CLIENT:
        return False
    held = Holders.of([], at=at)
    managers = {who for role in GOVERNORS for who in held.people(role, None)}
    return person in managers or not managers


def may_keep(person: Person, *, at: datetime, roster: Roster | None = None) -> bool:
    """Whether they may make and change rosters: who manages, and of one roster its owner.

    On a desk where nobody manages anything yet, everybody who sees every client may, or nobody could begin.
    """
    if not may_write(person):
        return False
    if roster is not None and roster.owner_id == person.pk:
        return True
    held = Holders.of([], at=at)
    managers = {who for role in KEEPERS for who in held.people(role, None)}
    return person in managers or (not managers and person.access == EVERY_CLIENT)
