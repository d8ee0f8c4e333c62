"""Who would work by what, once a step is taken?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple, TypeVar

from django.db import transaction

from tocsin.standard.history import Place, places

_T = TypeVar("_T")


class Change(NamedTuple):
    """By which version a client works before and after a step; before is None where it had none."""

    before: Place | None
    after: Place


def changes(step: Callable[[], _T], *, now: datetime, dry_run: bool = False) -> tuple[_T, list[Change]]:
    """Takes the step; what it returns, and what it changes for whom. With `dry_run` it is taken back at once.

    So a preview cannot say anything else than what happens, and refuses what would be refused.
    """
    with transaction.atomic():
        before = {place.client.pk: place for place in places(now)}
        done = step()
        found = [Change(before.get(place.client.pk), place) for place in places(now)]
        if dry_run:
            transaction.set_rollback(True)
    return done, [each for each in found if _differs(each)]


def _differs(change: Change) -> bool:
    if change.before is None:
        return True
    return (change.before.version, change.before.until) != (change.after.version, change.after.until)
