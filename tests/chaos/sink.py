"""What did the mail server take over, whatever the engines believe?

A real SMTP server that writes each letter to a file, and the file to the disk, before it answers; and that is slow to
answer, so that an engine is often killed between its letter's last byte and the answer.
"""

from __future__ import annotations

import json
import os
import random
import re
import socket
import socketserver
import threading
import time
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import SMTP
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Taken:
    """A letter as it was taken over: its Message-ID, whom it is for, which tickets it names, and whether it says that
    it may be a second one."""

    id: str
    to: str
    about: list[str]
    marked: bool


class Sink:
    """A door (a port) for each engine at a time, so that it is known whose letter is in hand. `pace_s`: the mean time
    it takes over a letter."""

    def __init__(self, record: Path, doors: int, dice: random.Random) -> None:
        self.record = record
        self.dice = dice
        self.pace_s = 0.0
        self.lock = threading.Lock()
        self.file = record.open("ab")
        self.inside = [0] * doors
        self.unanswered = [0] * doors  # letters being handed over, or handed over, whose sender knows nothing yet
        self.count = 0
        self.servers = [_Server(self, door) for door in range(doors)]
        self.ports = [server.server_address[1] for server in self.servers]
        for server in self.servers:
            threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()

    def close(self) -> None:
        for server in self.servers:
            server.shutdown()
            server.server_close()
        self.file.close()

    def take_over(self, letter: bytes) -> None:
        """The letter is on the disk, after those before it."""
        mail = message_from_bytes(letter, policy=SMTP)
        line = {
            "id": str(mail["Message-ID"]),
            "to": str(mail["To"]),
            "about": sorted(set(re.findall(r"INC-\d+", f"{mail['Subject']}\n{mail.get_content()}"))),
            "marked": mail["X-Tocsin-Possible-Duplicate"] == "yes",
        }
        with self.lock:
            self.file.write(json.dumps(line).encode() + b"\n")
            self.file.flush()
            os.fsync(self.file.fileno())
            self.count += 1

    def dawdle(self) -> None:
        time.sleep(self.dice.uniform(0, self.pace_s))

    def enter(self, door: int, counted: list[int], by: int) -> None:
        with self.lock:
            counted[door] += by

    def taken(self) -> list[Taken]:
        """Everything taken over, in order."""
        return [Taken(**json.loads(line)) for line in self.record.read_text(encoding="utf-8").splitlines()]


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, sink: Sink, door: int) -> None:
        self.sink, self.door = sink, door
        super().__init__(("127.0.0.1", 0), _Conversation)

    def get_request(self) -> tuple[socket.socket, Any]:
        # Counted here and not in the conversation's own thread: between the two, somebody may look.
        request = super().get_request()
        self.sink.enter(self.door, self.sink.inside, 1)
        return request

    def handle_error(self, request: Any, client_address: Any) -> None:
        """An engine that was killed leaves a broken pipe, which is no news here."""

    def shutdown_request(self, request: Any) -> None:
        super().shutdown_request(request)
        self.sink.enter(self.door, self.sink.inside, -1)


class _Conversation(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        self.say("220 sink.example ready")
        while line := self.rfile.readline():
            word = line[:4].upper().strip()
            if word == b"DATA":
                if not self.letter():
                    return
            elif word == b"QUIT":
                self.say("221 good-bye")
                return
            else:
                self.say("250 very well")

    def letter(self) -> bool:
        sink, door = self.server.sink, self.server.door
        sink.enter(door, sink.unanswered, 1)
        try:
            sink.dawdle()
            self.say("354 go on")
            lines = []
            while (line := self.rfile.readline()) != b".\r\n":
                if not line:
                    return False  # it died in mid-sentence: nothing was taken over
                lines.append(line[1:] if line.startswith(b".") else line)
            sink.take_over(b"".join(lines))
            sink.dawdle()
        finally:
            sink.enter(door, sink.unanswered, -1)
        self.say("250 taken over")
        return True

    def say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")
