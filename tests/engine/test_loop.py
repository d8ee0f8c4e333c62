"""Do the threads of an engine leave each other, the web and other engines alone?"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from time import monotonic, sleep

import pytest
from django.db import connection, transaction

from tests.world import Edge
from tocsin import __version__
from tocsin.engine import loop, ways
from tocsin.engine.beat import Beat
from tocsin.outbox.queue import Letter, queue

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def running() -> Iterator[None]:
    """An engine runs, as `tocsin engine` starts it."""
    engine = loop.Engine()
    thread = threading.Thread(target=engine.run)
    thread.start()
    try:
        yield
    finally:
        engine.stop()
        thread.join()


def is_to_hear(who: str, by: str) -> None:
    """A letter is due to them, by this channel."""
    with transaction.atomic():
        queue([Letter(None, None, f"news/{who}", f"person/{who}", [(by, who)], "News", "Some.", datetime.now(UTC))])


def until(true: Callable[[], bool], *, seconds: float) -> bool:
    """Whether it comes true within so many seconds."""
    deadline = monotonic() + seconds
    while not true() and monotonic() < deadline:
        sleep(0.02)
    return true()


def test_an_engine_that_finds_an_elder_one_of_another_version_sends_nothing_until_that_has_stopped():
    at = datetime.now(UTC)
    elder = {"version": "0.0.1", "started_at": at - timedelta(hours=1), "last_turn_at": at}
    Beat.objects.create(name="old:9", **elder)
    is_to_hear("lena", by="phone")

    phone = Edge()
    with ways.using(phone=phone), running():
        while_it_lives = until(lambda: bool(phone.letters), seconds=1)
        Beat.objects.filter(name="old:9").update(stopped_at=at)
        when_it_has_stopped = until(lambda: bool(phone.letters), seconds=10)

    assert (while_it_lives, when_it_has_stopped) == (False, True)


@pytest.mark.slow
@pytest.mark.only_on("sqlite")
def test_an_engine_that_is_busy_for_long_lets_the_web_write_in_between(monkeypatch):
    """As in a storm: one transaction after the other, each holding the only lock that SQLite has."""

    def busy(at: datetime, total: object) -> bool:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            sleep(1)
        return True

    monkeypatch.setattr(loop, "decide", busy)
    with running():
        sleep(1)
        for number in range(5):
            at = datetime.now(UTC)
            Beat.objects.create(name=f"web:{number}", version=__version__, started_at=at, last_turn_at=at)
            sleep(0.2)  # the next one comes when the engine is at it again

    # Who is kept out for 20 s gives up with an error; nobody was.
    assert Beat.objects.filter(name__startswith="web:").count() == 5
