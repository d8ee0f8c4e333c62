"""Does an engine with much to do let others write?"""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from time import monotonic, sleep

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
            sleep(0.5)
        return True

    monkeypatch.setattr(loop, "decide", busy)
    engine = loop.Engine()
    thread = threading.Thread(target=engine.run)
    thread.start()
    try:
        sleep(1)
        waited = []
        for number in range(6):
            began, at = monotonic(), datetime.now(UTC)
            Beat.objects.create(name=f"web:{number}", version=__version__, started_at=at, last_turn_at=at)
            waited.append(monotonic() - began)
            sleep(0.2)  # the next one comes when the engine is at it again
    finally:
        engine.stop()
        thread.join()

    assert max(waited) < 5
