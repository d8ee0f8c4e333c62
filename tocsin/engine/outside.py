"""How does the desk say outside that it is well, or that it is not, when its own letters cannot be trusted?

Plain HTTP and a mail server of its own, apart from the outbox: what the audit doubts must not carry the alarm.
(semantics 10)
"""

from __future__ import annotations

import json
import socket
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import structlog
from django.conf import settings

from tocsin import __version__
from tocsin.channels.base import Letter, Refused, Uncertain, Unreachable
from tocsin.channels.email import Email
from tocsin.settings import Smtp

PATIENCE_S = 5.0

log = structlog.get_logger(__name__)


class NotTaken(Exception):
    """The other side did not take it; the text says why, without the address, which may be a secret."""


def heartbeat(url: str) -> None:
    """A dead man's switch has heard that all is well. Raises NotTaken."""
    _call(urllib.request.Request(url, headers=_headers()))


def alarm(event: str, text: str, findings: list[dict[str, Any]], at: datetime) -> bool:
    """Whoever is to be told has been, by every way that is set up; whether at least one of those took it.

    `event` is "alarm" or "recovered". Without a way outside the log alone has it, and that counts.
    """
    say = log.error if event == "alarm" else log.warning
    say(f"audit: {event}", text=text)
    ways: list[Callable[[], None]] = []
    if settings.TOCSIN_ALARM_URL:
        said = {"event": event, "desk": socket.gethostname(), "at": at.isoformat(), "text": text, "findings": findings}
        ways.append(lambda: post(settings.TOCSIN_ALARM_URL, said))
    for address in settings.TOCSIN_ALARM_MAIL:
        ways.append(lambda address=address: mail(settings.TOCSIN_ALARM_SMTP, address, text, at))  # type: ignore[misc]
    taken = 0
    for way in ways:
        try:
            way()
        except NotTaken as error:
            log.error("an alarm was not taken", why=str(error))
        else:
            taken += 1
    return bool(taken or not ways)


def post(url: str, said: dict[str, Any]) -> None:
    """A webhook has taken this JSON. Raises NotTaken."""
    body = json.dumps(said, ensure_ascii=False).encode()
    _call(urllib.request.Request(url, body, _headers() | {"Content-Type": "application/json"}, method="POST"))


def mail(smtp: Smtp, address: str, text: str, at: datetime) -> None:
    """A mail server has taken this for the address. Raises NotTaken."""
    first = text.splitlines()[0]
    try:
        Email(
            host=smtp.host,
            port=smtp.port,
            sender=settings.TOCSIN_MAIL_FROM,
            user=smtp.user,
            password=smtp.password,
            tls=smtp.tls,
            connect_timeout=PATIENCE_S,
            timeout=PATIENCE_S,
        ).send(Letter(address, first, text, f"audit/{at.isoformat()}/{address}"))
    except (Refused, Unreachable, Uncertain) as error:
        raise NotTaken(str(error)) from error


def _call(request: urllib.request.Request) -> None:
    host = urlsplit(request.full_url).hostname
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE_S):
            pass
    except urllib.error.HTTPError as error:
        error.close()
        raise NotTaken(f"{host} answered {error.code}") from error
    except (OSError, ValueError) as error:
        raise NotTaken(f"{host} cannot be reached: {getattr(error, 'reason', error)}") from error


def _headers() -> dict[str, str]:
    return {"User-Agent": f"Tocsin/{__version__}"}
