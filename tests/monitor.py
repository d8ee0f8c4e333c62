"""What does a monitor do in a test? It POSTs to the desk's door, and looks at what it is answered."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from typing import Any

from tests.world import World
from tocsin.api.intake import Door
from tocsin.desk import intake_keys
from tocsin.desk.alert import Alert
from tocsin.desk.intake_item import IntakeItem
from tocsin.desk.ticket import Ticket
from tocsin.directory.client import Client


@dataclass
class Answer:
    """What the door said."""

    status: int
    headers: dict[str, str]
    said: dict[str, Any]


class Monitor:
    """One source of one client, with a key of its own, in front of a door."""

    def __init__(
        self, world: World, *, source: str = "generic", client: Client | None = None, door: Any = None, **key: Any
    ) -> None:
        self.world = world
        self.source = source
        self.door = door or Door()
        self.key, self.text = intake_keys.add(
            client=client or world.acme, source=source, by="test", now=world.now, **key
        )

    def post(self, body: Any, *, path: str = "", method: str = "POST", **headers: str | None) -> Answer:
        """Send a body (bytes as they are, anything else as JSON); a header given as None is left out."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path or f"/in/{self.source}",
            "wsgi.input": io.BytesIO(raw),
            "CONTENT_LENGTH": str(len(raw)),
            "HTTP_AUTHORIZATION": f"Bearer {self.text}",
        }
        environ |= {name: value for name, value in headers.items() if value is not None}
        for name in [name for name, value in headers.items() if value is None]:
            environ.pop(name, None)
        return call(self.door, environ)

    def says(self, state: str = "alerting", *, uid: str = "disk", **more: Any) -> Answer:
        """Send one generic alert; whatever the engine makes of it is for the next turn."""
        answer = self.post({"alert_uid": uid, "title": "Disk full on db-1", "state": state, **more})
        assert answer.status == 202, answer.said
        # What was stored by the clock of the database was received at the world's.
        IntakeItem.objects.filter(pk=answer.said["accepted"]).update(received_at=self.world.now)
        return answer

    @property
    def tickets(self) -> list[Ticket]:
        return list(Ticket.objects.filter(client=self.key.client).order_by("pk"))

    def alert(self, uid: str = "disk") -> Alert:
        return Alert.objects.exclude(state="left").get(source=self.source, dedup_key=uid, client=self.key.client)

    def outcome(self, answer: Answer) -> str:
        return IntakeItem.objects.get(pk=answer.said["accepted"]).outcome


def call(door: Any, environ: dict[str, Any]) -> Answer:
    """One request to a WSGI application."""
    begun: list[Any] = []
    body = b"".join(door(environ, lambda status, headers, exc_info=None: begun.append((status, headers))))
    status, headers = begun[0]
    return Answer(int(status[:3]), dict(headers), json.loads(body))
