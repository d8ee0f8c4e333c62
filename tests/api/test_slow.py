"""Does a sender whose body never ends hold up nobody, and is it told?"""

from __future__ import annotations

import http.client
import json
import socket
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.api.server import web
from tests.monitor import Monitor
from tests.world import World
from tocsin.desk.intake_refusal import IntakeRefusal

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

P1 = json.dumps({"alert_uid": "core", "title": "The core switch is down", "severity": "critical"}).encode()
WITHIN_S = 60  # what a request would have to wait that waited for such a body


def begin(port: int, monitor: Monitor, length: str = "Content-Length: 500") -> socket.socket:
    """A POST whose body begins, and does not go on."""
    wire = socket.create_connection(("127.0.0.1", port), timeout=30)
    wire.sendall(
        f"POST /in/generic HTTP/1.1\r\nHost: localhost\r\n{length}\r\n"
        f"Authorization: Bearer {monitor.text}\r\n\r\n".encode()
    )
    wire.sendall(b'5\r\n{"ale\r\n' if "chunked" in length else b"{")
    return wire


def ask(port: int, method: str, path: str, body: bytes = b"", **headers: str) -> int:
    door = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        door.request(method, path, body, headers)
        return door.getresponse().status
    finally:
        door.close()


@pytest.mark.parametrize("length", ["Content-Length: 500", "Content-Length: 900000", "Transfer-Encoding: chunked"])
def test_fifty_bodies_that_do_not_end_stop_neither_a_health_check_nor_an_alert(tmp_path: Path, length: str):
    monitor = Monitor(World())
    with ExitStack() as held, web(tmp_path, TOCSIN_BODY_WITHIN=str(WITHIN_S)) as port:
        for _ in range(50):
            held.enter_context(begin(port, monitor, length))
        time.sleep(0.5)

        begun = time.monotonic()
        health = ask(port, "GET", "/healthz")
        alert = ask(port, "POST", "/in/generic", P1, Authorization=f"Bearer {monitor.text}")
        took = time.monotonic() - begun

    assert (health, alert) == (503, 202)  # there is no engine, and somebody was there to say so
    assert took < WITHIN_S / 2


@pytest.mark.parametrize("length", ["Content-Length: 500", "Content-Length: 900000", "Transfer-Encoding: chunked"])
def test_a_body_that_does_not_come_in_time_is_to_be_sent_again_and_is_counted(tmp_path: Path, length: str):
    monitor = Monitor(World())
    with web(tmp_path, TOCSIN_BODY_WITHIN="1") as port, begin(port, monitor, length) as wire:
        answer = wire.recv(65536)
        end = wire.recv(65536)

    assert answer.startswith(b"HTTP/1.1 503 ")
    assert b"retry-after: 5" in answer.lower()
    assert b"The body did not come in time." in answer
    assert end == b""
    assert IntakeRefusal.objects.get().reason == "too slow"


def test_a_body_that_comes_piece_by_piece_is_taken_whole(tmp_path: Path):
    monitor = Monitor(World())
    with web(tmp_path) as port, begin(port, monitor, f"Content-Length: {len(P1)}") as wire:
        for place in range(1, len(P1), 20):
            time.sleep(0.02)
            wire.sendall(P1[place : place + 20])

        answer = wire.recv(65536)

    assert answer.startswith(b"HTTP/1.1 202 ")


def test_a_large_body_with_a_wrong_key_is_refused_before_it_is_sent(tmp_path: Path):
    monitor = Monitor(World())
    monitor.text = "wrong"
    with web(tmp_path) as port, begin(port, monitor, "Content-Length: 900000") as wire:
        answer = wire.recv(65536)

    assert answer.startswith(b"HTTP/1.1 401 ")


def test_what_is_no_alert_is_refused_when_it_is_too_large_or_too_slow(tmp_path: Path):
    head = b"POST /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
    with web(tmp_path, TOCSIN_BODY_WITHIN="1") as port:
        said = []
        for length in (b"50000000", b"500"):
            with socket.create_connection(("127.0.0.1", port), timeout=30) as wire:
                wire.sendall(head + length + b"\r\n\r\nx")
                said.append(wire.recv(65536)[9:12])

    assert said == [b"413", b"408"]
