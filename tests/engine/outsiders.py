"""Who listens outside? A real web server on loopback that remembers who called, and answers as it is told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any


@dataclass
class Outsider:
    """`heard`: (method, path, what was said) of each call; `status` is what the next ones are answered."""

    port: int = 0
    status: int = 200
    heard: list[tuple[str, str, Any]] = field(default_factory=list)

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def at(self, path: str) -> list[Any]:
        """What was said at this address, in order."""
        return [said for _, where, said in self.heard if where == path]


@contextmanager
def outsider() -> Iterator[Outsider]:
    """It listens inside the block."""
    told = Outsider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            told.heard.append((self.command, self.path, json.loads(body) if body else None))
            self.send_response(told.status)
            self.end_headers()

        do_POST = do_GET

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        told.port = server.server_address[1]
        thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield told
        finally:
            server.shutdown()
            thread.join()
