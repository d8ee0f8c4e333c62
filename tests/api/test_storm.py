"""Does the real web server take the same new alert from everywhere at once, with no fault and no second ticket?"""

from __future__ import annotations

import http.client
import json
import socket
import threading
from collections import Counter
from pathlib import Path

import pytest

from tests.api.server import web
from tests.monitor import Monitor
from tests.world import World
from tocsin.desk.alert import Alert
from tocsin.desk.intake_item import IntakeItem

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

SENDERS, EACH = 8, 25


def send(port: int, monitor: Monitor, bodies: list[bytes], start: threading.Barrier, statuses: Counter[int]) -> None:
    door = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    start.wait()
    for body in bodies:
        door.request("POST", "/in/generic", body, {"Authorization": f"Bearer {monitor.text}"})
        answer = door.getresponse()
        answer.read()
        statuses[answer.status] += 1
    door.close()


def test_eight_senders_of_the_same_new_alerts_make_one_ticket_each_and_no_fault(tmp_path: Path):
    world = World()
    monitor = Monitor(world)
    bodies = [json.dumps({"alert_uid": f"disk-{n}", "title": f"Disk {n} is full"}).encode() for n in range(EACH)]
    statuses: Counter[int] = Counter()
    start = threading.Barrier(SENDERS)
    with web(tmp_path) as port:
        senders = [threading.Thread(target=send, args=(port, monitor, bodies, start, statuses)) for _ in range(SENDERS)]
        for sender in senders:
            sender.start()
        for sender in senders:
            sender.join()

    world.turn()

    assert statuses == {202: SENDERS * EACH}
    assert IntakeItem.objects.filter(state="read").count() == SENDERS * EACH
    assert len(monitor.tickets) == EACH
    assert set(Alert.objects.values_list("count", flat=True)) == {SENDERS}


def test_a_body_too_large_for_the_door_is_refused_while_it_is_still_being_sent(tmp_path: Path):
    monitor = Monitor(World())
    with web(tmp_path) as port, socket.create_connection(("127.0.0.1", port), timeout=30) as wire:
        wire.sendall(
            b"POST /in/generic HTTP/1.1\r\nHost: localhost\r\nContent-Length: 50000000\r\n"
            b"Authorization: Bearer " + monitor.text.encode() + b"\r\n\r\n{"
        )

        answer = wire.recv(65536)

    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"application/problem+json" in answer
