"""Which channels has this desk been given?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.conf import settings

from tocsin.channels.base import Channel
from tocsin.channels.email import Email
from tocsin.channels.pager import Pager
from tocsin.channels.terminal import Terminal
from tocsin.outbox.pagers import Polls

_in_use: dict[str, Channel] = {}


def channels() -> Mapping[str, Channel]:
    """By name, ready to send; made once in a process."""
    if not _in_use:
        _in_use.update(_from_settings())
    return _in_use


def _from_settings() -> dict[str, Channel]:
    ready: dict[str, Channel] = {"terminal": Terminal(), "pager": Pager(Polls())}
    smtp = settings.TOCSIN_SMTP
    if smtp is not None:
        ready["email"] = Email(
            host=smtp.host,
            port=smtp.port,
            sender=settings.TOCSIN_MAIL_FROM,
            user=smtp.user,
            password=smtp.password,
            tls=smtp.tls,
        )
    return ready


@contextmanager
def using(**ready: Channel) -> Iterator[None]:
    """Inside the block these are the desk's channels, whatever the settings say."""
    before = dict(_in_use)
    _in_use.clear()
    _in_use.update(ready)
    try:
        yield
    finally:
        _in_use.clear()
        _in_use.update(before)
