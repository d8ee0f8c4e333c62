"""In which time zone does this browser's owner live?

theme.js says so in a cookie; until it has, times are in UTC. Every time shown names its zone.
"""

from __future__ import annotations

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.http import HttpRequest

UTC = ZoneInfo("UTC")


def zone_of(request: HttpRequest) -> ZoneInfo:
    """The zone the cookie names, if there is one of that name; else UTC."""
    name = request.COOKIES.get("zone", "")
    try:
        return ZoneInfo(name) if name else UTC
    except (ZoneInfoNotFoundError, ValueError, OSError):  # whoever sends the cookie may write anything in it
        return UTC
