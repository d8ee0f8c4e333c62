"""How does a program speak to the desk in these tests?"""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

from django.http import HttpResponse
from django.test import Client as Http

from tocsin.directory import api_keys
from tocsin.directory.api_key import SCOPES, ApiKey
from tocsin.directory.client import Client
from tocsin.directory.person import Person


class Caller:
    """A program with a key of this person's."""

    def __init__(
        self, person: Person, *, scopes: Collection[str] = SCOPES, client: Client | None = None, rate: int = 100
    ) -> None:
        self.key: ApiKey
        self.key, self.text = api_keys.add(
            person=person, scopes=scopes, client=client, rate=rate, now=datetime.now(UTC)
        )
        self._http = Http(headers={"authorization": f"Bearer {self.text}"})

    def get(self, path: str, **query: Any) -> HttpResponse:
        return self._http.get(f"/api/v1{path}", query)

    def post(self, path: str, body: Any = None, *, token: str = "") -> HttpResponse:
        headers = {"Idempotency-Key": token} if token else {}
        return self._http.post(f"/api/v1{path}", json.dumps(body), content_type="application/json", headers=headers)
