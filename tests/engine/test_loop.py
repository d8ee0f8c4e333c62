"""Does an engine with much to do let others write?"""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from time import sleep

import pytest
from django.db import connection, transaction

from tocsin import __version__
from tocsin.engine import loop
from tocsin.engine.beat import Beat

pytestmark = [pytest.mark.slow, pytest.mark.only_on("sqlite"), pytest.mark.django_db(transaction=True)]


def test_an_engine_that_is_busy_for_long_lets_the_web_write_in_between(monkeypatch):
    """As in a storm: one transaction after the other, each holding the only lock that SQLite has."""

    def busy(at: datetime, total: object) -> bool:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            sleep(1)
        return True

    monkeypatch.setattr(loop, "decide", busy)
    engine = loop.Engine()
    thread = threading.Thread(target=engine.run)
    thread.start()
    try:
        sleep(1)
        for number in range(5):
            at = datetime.now(UTC)
            Beat.objects.create(name=f"web:{number}", version=__version__, started_at=at, last_turn_at=at)
            sleep(0.2)  # the next one comes when the engine is at it again
    finally:
        engine.stop()
        thread.join()

    # Who is kept out for 20 s gives up with an error; nobody was.
    assert Beat.objects.filter(name__startswith="web:").count() == 5
