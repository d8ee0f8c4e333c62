"""How is a program told what is wrong with what it sent?"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

PROBLEM_JSON = "application/problem+json"

Headers = list[tuple[str, str]]
StartResponse = Callable[[str, Headers], Any]


class Problem(Exception):
    """A refusal: what is wrong and what to do about it, a sentence each, and headers that belong to it. (RFC 9457)"""

    def __init__(self, status: HTTPStatus, detail: str, remedy: str, *headers: tuple[str, str]) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.remedy = remedy
        self.headers = headers

    @property
    def said(self) -> dict[str, Any]:
        """The problem as its JSON has it."""
        return {
            "type": "about:blank",
            "title": self.status.phrase,
            "status": self.status.value,
            "detail": self.detail,
            "remedy": self.remedy,
        }

    def answer(self, start_response: StartResponse) -> Iterable[bytes]:
        """The problem as application/problem+json, to a WSGI server."""
        return answer(start_response, self.status, PROBLEM_JSON, self.said, *self.headers)


def answer(
    start_response: StartResponse, status: HTTPStatus, kind: str, said: dict[str, Any], *headers: tuple[str, str]
) -> Iterable[bytes]:
    """A JSON answer to a WSGI server, which nobody on the way keeps."""
    body = json.dumps(said, ensure_ascii=False).encode() + b"\n"
    start_response(
        f"{status.value} {status.phrase}",
        [("Content-Type", kind), ("Content-Length", str(len(body))), ("Cache-Control", "no-store"), *headers],
    )
    return [body]
