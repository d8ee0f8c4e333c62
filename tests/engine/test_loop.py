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
from tocsin.channels.base import Letter as Handed
from tocsin.channels.base import Receipt, Unreachable
from tocsin.engine import loop, ways
from tocsin.engine.beat import Beat
from tocsin.outbox.delivery import Delivery
from tocsin.outbox.queue import Letter, queue

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def running() -> Iterator[loop.Engine]:
    """An engine runs, as `tocsin engine` starts it."""
    engine = loop.Engine()
    thread = threading.Thread(target=engine.run)
    thread.start()
    try:
        yield engine
    finally:
        engine.stop()
        thread.join()


class Slow(Edge):
    """A far side that works, and keeps whoever hands over waiting until it is told to go on."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.reached, self.goes_on = threading.Event(), threading.Event()

    def send(self, letter: Handed) -> Receipt:
        self.reached.set()
        self.goes_on.wait(20)
        return super().send(letter)


def is_to_hear(who: str, *by: str) -> None:
    """A letter is due to them, by these channels, the first first."""
    ways = [(channel, who) for channel in by]
    with transaction.atomic():
        queue([Letter(None, None, f"news/{who}", f"person/{who}", ways, "News", "Some.", datetime.now(UTC))])


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
    is_to_hear("lena", "phone")

    phone = Edge()
    with ways.using(phone=phone), running():
        while_it_lives = until(lambda: bool(phone.letters), seconds=1)
        Beat.objects.filter(name="old:9").update(stopped_at=at)
        when_it_has_stopped = until(lambda: bool(phone.letters), seconds=10)

    assert (while_it_lives, when_it_has_stopped) == (False, True)


def test_a_mail_server_that_is_slow_and_works_holds_up_nobody_who_is_reached_another_way():
    for name in ("carla", "ivan", "eva"):
        is_to_hear(name, "email")
    mail, phone = Slow("email"), Edge()
    with ways.using(email=mail, phone=phone), running() as engine:
        assert mail.reached.wait(10)
        handed_at = datetime.now(UTC)
        is_to_hear("omar", "phone")
        is_to_hear("nils", "pager", "phone")  # the desk has no pager
        both_heard = until(lambda: len(phone.letters) == 2, seconds=10)
        waiting = Delivery.objects.filter(channel="email").exclude(state="sent").count()
        looked_at = engine.heart.sent_at
        mail.goes_on.set()
        all_sent = until(lambda: not Delivery.objects.exclude(state="sent").exists(), seconds=10)

    assert both_heard and waiting == 3
    assert looked_at is not None and looked_at < handed_at  # the one who stands still is what the engine says of itself
    assert all_sent and len(mail.letters) == 3


def test_what_the_mail_server_does_not_take_goes_by_phone_at_once():
    mail, phone = Edge("email"), Edge()
    mail.fails(Unreachable("no answer"))
    is_to_hear("omar", "email", "phone")

    with ways.using(email=mail, phone=phone), running():
        heard = until(lambda: bool(phone.letters), seconds=10)

    assert heard and not mail.letters


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
