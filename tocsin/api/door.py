"""Whose key is this, may it do that, and has it been answered before?"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from http import HTTPStatus
from math import ceil
from time import monotonic
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from ninja import Schema
from ninja.security import HttpBearer
from pydantic import BaseModel, ConfigDict, field_validator

from tocsin.api.problem import PROBLEM_JSON, Problem
from tocsin.api.rate import Rates
from tocsin.desk.refusal import Refusal
from tocsin.directory import api_keys
from tocsin.directory.access import may_write
from tocsin.directory.api_key import ApiKey
from tocsin.directory.person import Person

TOKEN_LIMIT = 200
TEXT_LIMIT = 200
WRITES = ("tickets:write", "alerts:write")

_rates = Rates()


class Said(Schema):
    """What was sent. No text of it may have a NUL in it, which no database keeps; what it does not know is refused."""

    model_config = ConfigDict(extra="forbid")

    @field_validator("*", mode="before")
    @classmethod
    def can_be_kept(cls, value: Any) -> Any:
        if isinstance(value, str) and "\0" in value:
            raise ValueError("a NUL character cannot be kept: leave it out")
        return value


class Bearer(HttpBearer):
    """`Authorization: Bearer KEY`; afterwards `request.key` is it, `request.person` whose it is, `request.at` now."""

    def authenticate(self, request: HttpRequest, token: str) -> ApiKey:
        request.at = datetime.now(UTC)  # type: ignore[attr-defined]
        key = api_keys.find(token, now=request.at) if len(token) <= TEXT_LIMIT else None  # type: ignore[attr-defined]
        if key is None:
            raise unknown("This key is not valid here, or no longer.")
        bucket = int(key.digest[:15], 16)
        wait = _rates.wait(bucket, bucket, key.rate, now=monotonic())
        if wait:
            raise Problem(
                HTTPStatus.TOO_MANY_REQUESTS,
                f"This key may send {key.rate} requests a second in the long run.",
                "Try again after Retry-After seconds.",
                ("Retry-After", str(ceil(wait))),
            )
        request.key, request.person = key, key.person  # type: ignore[attr-defined]
        return key


def unknown(detail: str) -> Problem:
    """Nobody knows who asks."""
    return Problem(
        HTTPStatus.UNAUTHORIZED,
        detail,
        "Send `Authorization: Bearer KEY`; `tocsin key add` makes a key.",
        ("WWW-Authenticate", "Bearer"),
    )


def allowed(request: HttpRequest, scope: str) -> ApiKey:
    """The key, if it was made for this and its person may do it. Raises Problem."""
    key: ApiKey = request.key  # type: ignore[attr-defined]
    person: Person = key.person
    if not key.may(scope):
        remedy = f"Make a key with the scope {scope}: tocsin key add --help"
        raise Problem(HTTPStatus.FORBIDDEN, f"This key was not made for {scope}.", remedy)
    if scope in WRITES and not may_write(person):
        remedy = "Use a key of somebody who may write."
        raise Problem(HTTPStatus.FORBIDDEN, f"{person} reads here and changes nothing.", remedy)
    return key


def once(request: HttpRequest, perform: Callable[[], HttpResponse]) -> HttpResponse:
    """What it does is done, once for each Idempotency-Key: a request that comes again has the same answer again.

    A refusal by the desk is an answer, too; what is wrong with the desk is none, and can be tried again.
    """
    token = request.headers.get("Idempotency-Key", "")
    if not token:
        return _performed(perform)
    if len(token) > TOKEN_LIMIT:
        raise invalid(f"An Idempotency-Key has at most {TOKEN_LIMIT} characters.")
    body = request.body
    fingerprint = sha256(b"\0".join([str(request.method).encode(), request.path.encode(), body])).hexdigest()
    with transaction.atomic():
        kept = api_keys.answer_to(request.key, token, fingerprint, now=request.at)  # type: ignore[attr-defined]
        if kept.fingerprint != fingerprint:
            raise invalid("This Idempotency-Key came with another request before.")
        if kept.status:
            return HttpResponse(
                kept.body, status=kept.status, content_type=kept.kind, headers={"Idempotency-Replayed": "true"}
            )
        response = _performed(perform)
        kept.status, kept.kind, kept.body = response.status_code, response["Content-Type"], response.content.decode()
        kept.save(update_fields=["status", "kind", "body"])
        return response


def _performed(perform: Callable[[], HttpResponse]) -> HttpResponse:
    try:
        with transaction.atomic():
            return perform()
    except Refusal as refusal:
        return refused(refusal)
    except Problem as problem:
        return answer_of(problem)


def invalid(detail: str, remedy: str = "See /api/v1/openapi.json for what is asked.") -> Problem:
    """What was sent cannot be read as what was asked for."""
    return Problem(HTTPStatus.UNPROCESSABLE_ENTITY, detail, remedy)


def missing(what: str) -> Problem:
    """There is no such thing, or it is not theirs to see."""
    return Problem(HTTPStatus.NOT_FOUND, f"There is no {what} that this key may see.", "Check it, and whose key it is.")


def refused(refusal: Refusal) -> HttpResponse:
    """The desk does not allow it: its own sentence."""
    return answer_of(
        Problem(HTTPStatus.CONFLICT, str(refusal), "Look at the ticket as it stands, and do what it allows.")
    )


def answer_of(problem: Problem) -> HttpResponse:
    """The problem as application/problem+json, to Django."""
    text = json.dumps(problem.said, ensure_ascii=False) + "\n"
    headers = {"Cache-Control": "no-store", **dict(problem.headers)}
    return HttpResponse(text, status=problem.status.value, content_type=PROBLEM_JSON, headers=headers)


def said(what: BaseModel, status: int = 200, **headers: Any) -> HttpResponse:
    """What was asked for, which nobody on the way keeps."""
    kept = {"Cache-Control": "no-store", **headers}
    return HttpResponse(what.model_dump_json(), status=status, content_type="application/json", headers=kept)


__all__ = [
    *("WRITE", "Bearer", "Said", "allowed", "answer_of", "invalid"),
    *("missing", "once", "refused", "said", "unknown"),
]
