"""Does what one engine has in hand stay with it, and does what clashes stop nobody else?"""

from __future__ import annotations

from datetime import timedelta

import psycopg
import pytest
from django.db import connection, transaction

from tests.world import World
from tocsin.desk import tickets
from tocsin.engine import tickets as deciding
from tocsin.log.event import Event
from tocsin.outbox import lease
from tocsin.outbox.delivery import Delivery
from tocsin.outbox.queue import Letter, queue


@pytest.mark.only_on("postgresql")
@pytest.mark.django_db(transaction=True)
def test_a_ticket_that_one_engine_has_in_hand_is_left_to_it_and_the_others_are_served() -> None:
    world = World()
    in_hand = tickets.open(client=world.acme, title="Disk full", priority="P1", by=world.lena, now=world.now)
    other = tickets.open(client=world.acme, title="Mail late", priority="P1", by=world.lena, now=world.now)

    connection.cursor().execute(
        "SET lock_timeout = '3s'"
    )  # rather than to wait for ever, should it want what is locked
    with psycopg.connect(_dsn()) as engine:
        engine.execute("SELECT 1 FROM tocsin_ticket WHERE id = %s FOR UPDATE", [in_hand.pk])
        while_it_has_it = deciding.turn(world.now)
    afterwards = deciding.turn(world.now)

    assert (while_it_has_it.tickets, afterwards.tickets) == (1, 1)
    first = [event.stream for event in Event.objects.filter(kind="step").order_by("id")]
    assert first == [other.stream_name, in_hand.stream_name]


@pytest.mark.only_on("postgresql")
@pytest.mark.django_db(transaction=True)
def test_a_letter_that_one_engine_is_claiming_is_left_to_it_and_the_others_go_out() -> None:
    world = World()
    ways = [("phone", "omar")]
    letters = [Letter(None, None, key, world.omar.actor, ways, "News", "Some.", world.now) for key in ("a", "b")]
    with transaction.atomic():
        queue(letters)

    connection.cursor().execute("SET lock_timeout = '3s'")
    with psycopg.connect(_dsn()) as engine:
        engine.execute("SELECT 1 FROM tocsin_delivery WHERE key = 'a' FOR UPDATE")
        while_it_claims = lease.claim(world.now, 10)
    afterwards = lease.claim(world.now, 10)

    assert [[letter.key for letter in claimed] for claimed in (while_it_claims, afterwards)] == [["b"], ["a"]]


@pytest.mark.django_db
def test_a_ticket_whose_letter_lies_in_the_outbox_already_is_put_off_and_stops_no_other() -> None:
    world = World()
    clashing = tickets.open(client=world.acme, title="Disk full", priority="P1", by=world.lena, now=world.now)
    other = tickets.open(client=world.acme, title="Mail late", priority="P1", by=world.lena, now=world.now)
    Delivery.objects.create(
        ticket_id=clashing.pk,
        key=f"step/page@1/primary/{world.omar.actor}",
        person=world.omar.actor,
        channel="phone",
        address="omar",
        body="from nowhere",
        not_before=world.now,
        due_at=world.now,
    )

    done = deciding.turn(world.now)

    assert (done.tickets, done.failed) == (1, 1)
    assert world.keys(other, "step/page") == ["step/page@1/primary"]
    assert world.last(clashing, "engine_error").data["error"].startswith("AlreadyQueued")
    clashing.refresh_from_db()
    assert clashing.not_before is not None and clashing.not_before > world.now + timedelta(minutes=1)


def _dsn() -> str:
    told = connection.get_connection_params()
    return psycopg.conninfo.make_conninfo(
        **{name: told[name] for name in ("dbname", "user", "password", "host", "port") if told.get(name)}
    )
