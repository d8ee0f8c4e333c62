"""How do alerts get in, however many, whatever else goes on?

A bare WSGI door before Django: key, size, rate and syntax are checked, the body is stored, 202. Reading it is the
engine's. What is ours to mend is a 5xx, on which senders try again, never a 4xx, on which they give up. (semantics 10,
R11.4)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime
from http import HTTPStatus
from math import ceil
from time import monotonic
from typing import Any, TypeVar

import structlog
from django.db import Error as DatabaseError
from django.db import connection

from tocsin.api.problem import Problem, StartResponse, answer
from tocsin.api.rate import Rates
from tocsin.api.refusals import Refusals
from tocsin.desk import intake, intake_keys
from tocsin.desk.intake_keys import Held

PREFIX = "/in/"
BODY_LIMIT = 1024 * 1024
KEY_KNOWN_S = 5.0
TRY_AGAIN_S = 5
KEY_LIMIT = 200
ADMITTED = "tocsin.admitted"  # where the environ of a request holds whose key it is, once that is known

Environ = dict[str, Any]
T = TypeVar("T")

log = structlog.get_logger(__name__)


class Door:
    """A WSGI application for `/in/<source>`; what it remembers (keys for 5 seconds, rates) is this process's own."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._held: dict[str, tuple[Held, float]] = {}
        self._rates = Rates()
        self._refusals = Refusals(clock)

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """The body is stored for good and answered 202, or refused; a 4xx only where it will never do."""

        def take() -> Iterable[bytes]:
            held, expected = self._admitted(environ)
            number = self._keep(held, self._body(environ, held, expected))
            return answer(start_response, HTTPStatus.ACCEPTED, "application/json", {"accepted": number})

        return self._answered(take, start_response)

    def admit(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Who may send is let in before the body is there: 100, and a later call will not ask for the key again."""

        def look() -> Iterable[bytes]:
            environ[ADMITTED] = self._admitted(environ)[0]
            start_response("100 Continue", [])
            return []

        return self._answered(look, start_response)

    def slow(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """The body did not come in time, or there are too many such: it should be sent again."""

        def refuse() -> Iterable[bytes]:
            self._turned_away(environ.get(ADMITTED) or self._key(environ), "too slow")
            raise Problem(
                HTTPStatus.SERVICE_UNAVAILABLE,
                "The body did not come in time.",
                "Send it again after Retry-After seconds, whole; nothing of it was kept.",
                ("Retry-After", str(TRY_AGAIN_S)),
                ("Connection", "close"),
            )

        return self._answered(refuse, start_response)

    @property
    def unsettled(self) -> bool:
        """Whether somebody was turned away of whom nothing is on record yet."""
        return self._refusals.waiting

    def settle(self) -> None:
        """Who was turned away is on record, at most once a second.

        No request should wait for it: the shipped server calls it by itself, others before their next request.
        """
        self._refusals.store_if_due()

    def _answered(self, say: Callable[[], Iterable[bytes]], start_response: StartResponse) -> Iterable[bytes]:
        try:
            return say()
        except Problem as problem:
            return problem.answer(start_response)
        except DatabaseError as error:
            log.error("intake cannot store", error=str(error).strip())
            return _away().answer(start_response)
        except Exception as error:
            log.error("intake raised", exc_info=error)
            return _ours().answer(start_response)

    def _admitted(self, environ: Environ) -> tuple[Held, int | None]:
        """Whose key it is, and how long the body says it is; nothing of that has been read."""
        expected = announced(environ)
        if ADMITTED in environ:
            return environ[ADMITTED], expected
        if environ["REQUEST_METHOD"] != "POST":
            raise Problem(
                HTTPStatus.METHOD_NOT_ALLOWED,
                "Alerts come in by POST.",
                "Let the monitor POST its JSON here; docs/intake.md shows how.",
                ("Allow", "POST"),
            )
        held = self._key(environ)
        source = environ["PATH_INFO"].removeprefix(PREFIX).rstrip("/")
        if source != held.source:
            self._turned_away(held, "wrong source")
            raise Problem(
                HTTPStatus.NOT_FOUND,
                f"This key is one for {held.source}.",
                f"POST to {PREFIX}{held.source}, or use a key made for the other source.",
            )
        if expected is not None and expected > BODY_LIMIT:
            self._too_large(held)
        wait = self._rates.wait(held.id, held.client_id, held.rate, now=self._clock())
        if wait:
            self._turned_away(held, intake.TOO_FAST)
            raise Problem(
                HTTPStatus.TOO_MANY_REQUESTS,
                f"This key may send {held.rate} POSTs a second in the long run, and its client has a limit too.",
                "Try again after Retry-After seconds; send several alerts in one POST.",
                ("Retry-After", str(ceil(wait))),
            )
        return held, expected

    def _keep(self, held: Held, body: bytes) -> int:
        try:
            intake.opened(body)
        except intake.NotJson as error:
            self._turned_away(held, "not JSON")
            raise Problem(HTTPStatus.BAD_REQUEST, str(error), "Send JSON in UTF-8; this body will never do.") from None
        return _asked(lambda: intake.store(held, body))

    def _key(self, environ: Environ) -> Held:
        scheme, _, text = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
        if scheme.lower() != "bearer":
            text = environ.get("HTTP_X_TOCSIN_KEY", "")
        text = text.strip()
        if text and len(text) <= KEY_LIMIT:
            digest = intake_keys.digest(text)
            held, until = self._held.get(digest, (None, 0.0))
            if held is not None and self._clock() < until:
                return held
            held = _asked(lambda: intake_keys.find(digest, now=datetime.now(UTC)))
            if held is not None:
                self._held[digest] = held, self._clock() + KEY_KNOWN_S
                return held
            self._held.pop(digest, None)
        self._turned_away(None, "no valid key")
        raise Problem(
            HTTPStatus.UNAUTHORIZED,
            "This key is not valid here, or no longer." if text else "There is no key with this.",
            "Send `Authorization: Bearer KEY` or `X-Tocsin-Key: KEY`; `tocsin intake key add` makes a key.",
            ("WWW-Authenticate", "Bearer"),
        )

    def _body(self, environ: Environ, held: Held, expected: int | None) -> bytes:
        """The whole body, once it is known to be small enough."""
        wanted = BODY_LIMIT + 1 if expected is None else expected
        parts, got = [], 0
        while got < wanted and (part := environ["wsgi.input"].read(wanted - got)):
            parts.append(part)
            got += len(part)
        if got > BODY_LIMIT:
            self._too_large(held)
        if expected is not None and got < expected:
            raise Problem(
                HTTPStatus.BAD_REQUEST,
                f"{expected} bytes were announced, and {got} came.",
                "The connection broke off, or Content-Length is wrong: send it again.",
            )
        return b"".join(parts)

    def _turned_away(self, held: Held | None, reason: str) -> None:
        self._refusals.note(held, reason, now=datetime.now(UTC))

    def _too_large(self, held: Held) -> None:
        self._turned_away(held, "too large")
        raise Problem(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            f"The body is larger than {BODY_LIMIT:,} bytes.",
            "Send fewer alerts in one POST.",
        )


def announced(environ: Environ) -> int | None:
    """How long the body says it is; None when it comes in chunks, and nobody knows."""
    length = environ.get("CONTENT_LENGTH") or ""
    if length.isascii() and length.isdigit():
        return int(length.lstrip("0")[:20] or 0)  # more digits are too large whatever they are, and int() has a limit
    chunked = environ.get("wsgi.input_terminated") or "chunked" in environ.get("HTTP_TRANSFER_ENCODING", "").lower()
    return None if chunked else 0


def _asked(ask: Callable[[], T]) -> T:
    """What the database says; asked anew over a fresh connection when the one at hand turns out to be dead.

    A body whose first answer was lost may be stored twice, which opens nothing twice.
    """
    try:
        return ask()
    except DatabaseError:
        if connection.in_atomic_block:
            raise
        with suppress(DatabaseError):
            connection.close()
        if connection.vendor == "sqlite":  # a file has no connection to lose: it is locked, and waited long enough
            raise
    return ask()


def _away() -> Problem:
    return Problem(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "The desk cannot store anything at the moment.",
        "Try again after Retry-After seconds; nothing of this was kept.",
        ("Retry-After", str(TRY_AGAIN_S)),
    )


def _ours() -> Problem:
    return Problem(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "Something is wrong with the desk, not with what was sent.",
        "Try again later; whoever runs the desk finds the reason in its log.",
    )
