"""How many requests a second does a web server answer over a few connections, how late, and with which status?"""

import selectors
import socket
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from time import perf_counter

TIMEOUT_S = 30.0


@dataclass
class Knocked:
    """Answers by status, the seconds each took, and the seconds for all of them."""

    statuses: Counter[int] = field(default_factory=Counter)
    latencies: list[float] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def per_second(self) -> float:
        return len(self.latencies) / self.seconds

    def percentile(self, percent: float) -> float:
        """In milliseconds."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))] * 1000

    @property
    def faults(self) -> int:
        """Answers of 500 and above, and connections that were cut."""
        return sum(count for status, count in self.statuses.items() if status >= 500 or status == 0)


def post(path: str, body: bytes, **headers: str) -> bytes:
    """A POST as it goes over the wire."""
    lines = [f"POST {path} HTTP/1.1", "Host: localhost", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


def knock(port: int, requests: Iterator[bytes], *, connections: int = 8, seconds: float = 5.0) -> Knocked:
    """Send the requests, one after the other on each of the connections, until all are answered or the time is up."""
    found = Knocked()
    waiting: dict[socket.socket, float] = {}
    with selectors.DefaultSelector() as selector:
        begun = perf_counter()
        for _ in range(connections):
            _next(_connected(port, selector), requests, waiting)
        while waiting:
            ready = selector.select(TIMEOUT_S)
            if not ready:
                found.statuses[0] += len(waiting)
                break
            for key, _ in ready:
                door = key.fileobj
                assert isinstance(door, socket.socket)
                answer = door.recv(65536)  # an answer of a few hundred bytes comes in one piece on loopback
                now = perf_counter()
                found.statuses[int(answer[9:12]) if answer else 0] += 1
                found.latencies.append(now - waiting.pop(door))
                if not answer:
                    selector.unregister(door)
                    door.close()
                    door = _connected(port, selector)
                if now - begun < seconds:
                    _next(door, requests, waiting)
        found.seconds = perf_counter() - begun
        for key in list(selector.get_map().values()):
            key.fileobj.close()  # type: ignore[union-attr]
    return found


def _connected(port: int, selector: selectors.BaseSelector) -> socket.socket:
    door = socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT_S)
    door.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    selector.register(door, selectors.EVENT_READ)
    return door


def _next(door: socket.socket, requests: Iterator[bytes], waiting: dict[socket.socket, float]) -> None:
    request = next(requests, None)
    if request is not None:
        waiting[door] = perf_counter()
        door.sendall(request)
