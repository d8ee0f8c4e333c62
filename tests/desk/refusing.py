"""How does a test show that something was refused, and nothing of it stored?"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tocsin.desk.message import Message
from tocsin.desk.numbers import Counter
from tocsin.desk.refusal import Refusal
from tocsin.desk.ticket import Ticket
from tocsin.log.event import Event
from tocsin.outbox.delivery import Delivery

STORED = (Event, Message, Delivery, Ticket, Counter)


@contextmanager
def refused(sentence: str) -> Iterator[None]:
    """What is done inside is refused with exactly this sentence, and every table is as it was."""
    before = [list(model._base_manager.order_by("pk").values_list()) for model in STORED]
    with pytest.raises(Refusal) as caught:
        yield
    assert str(caught.value) == sentence
    assert [list(model._base_manager.order_by("pk").values_list()) for model in STORED] == before
