"""How does a program that has a key of the API report an alert?"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import ConfigDict, Field

from tocsin.api.door import allowed, missing, once, said
from tocsin.api.shapes import Accepted
from tocsin.desk import intake, intake_keys
from tocsin.directory import clients
from tocsin.directory.api_key import ALERT

router = Router()


class Alert(Schema):
    """An alert in the generic form of docs/intake.md, and whose it is; what else it says is kept, too."""

    model_config = ConfigDict(extra="allow")
    client: str = Field(description="the client's slug")
    alert_uid: str = Field(min_length=1, max_length=500)
    title: str = Field(min_length=1, max_length=500)
    state: str = Field("alerting", description="alerting or ok")
    severity: str = ""


@router.post("/alerts", response={202: Accepted}, url_name="alerts", summary="Report an alert")
def report(request: HttpRequest, alert: Alert) -> HttpResponse:
    key = allowed(request, ALERT)
    at: Any = request.at  # type: ignore[attr-defined]

    def perform() -> HttpResponse:
        client = clients.seen_by(key).filter(slug=alert.client, ended_on=None).first()
        if client is None:
            raise missing(f"client {alert.client}")
        body = alert.model_dump_json(exclude={"client"}, exclude_defaults=False).encode()
        return said(Accepted(accepted=intake.store(intake_keys.of_api(client, now=at), body)), 202)

    return once(request, perform)
