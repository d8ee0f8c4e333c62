"""Why can this not be done?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class Refusal(Exception):
    """Somebody asked for what the rules do not allow; the text is a sentence fit to show, with the remedy."""


FARTHEST = timedelta(days=3653)
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)


def in_sight(at: datetime, now: datetime, what: str) -> None:
    """Refuses an instant so far ahead that somebody mistyped the year; nobody counts working time until then."""
    if at - now > FARTHEST:
        raise Refusal(f"{what} would be in the year {at.year}: check the year.")
