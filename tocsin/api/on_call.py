"""What can a program ask about who is on call?"""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field

from tocsin.api.door import allowed, said
from tocsin.api.shapes import Somebody, somebody
from tocsin.directory import duty
from tocsin.directory.api_key import READ
from tocsin.directory.holders import Holders
from tocsin.directory.person import Person

router = Router()


class Duty(Schema):
    """Who has a role at this moment by a roster, and who is told first."""

    role: str
    client: str | None = Field(description="the client's slug; null for all that have no roster of their own")
    roster: str
    on_duty: list[Somebody] = Field(description="empty in a hole")
    until: datetime | None = Field(description="when that changes; null where nobody foresees it")
    wanted: bool = Field(description="whether somebody has to be on duty now")
    asked: list[Somebody] = Field(description="who is told, the first first: in a hole the fallback")


class OnCall(Schema):
    """Every roster that the key may see."""

    at: datetime
    on_call: list[Duty]


@router.get("/on-call", response=OnCall, url_name="on-call", summary="Who is on call now, by role, and until when")
def on_call(request: HttpRequest) -> HttpResponse:
    key, at = allowed(request, READ), request.at  # type: ignore[attr-defined]
    rosters = list(duty.seen_by(key))
    here = duty.working()
    held = Holders.of({roster.client_id for roster in rosters if roster.client_id}, at=at)
    found = [
        Duty(
            role=each.roster.role,
            client=each.roster.client.slug if each.roster.client else None,
            roster=each.roster.name,
            on_duty=_shown(each.people),
            until=each.changes(here),
            wanted=each.wanted,
            asked=_shown(held.people(each.roster.role, each.roster.client_id)),
        )
        for each in duty.on_duty(rosters, at)
    ]
    return said(OnCall(at=at, on_call=found))


def _shown(people: list[Person] | tuple[Person, ...]) -> list[Somebody]:
    return [one for each in people if (one := somebody(each)) is not None]
