"""Does what a real Alertmanager sends become a ticket, a ladder and a mail, until all is well again?"""

from __future__ import annotations

import email
import email.policy
import json
import re
import shutil
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from tests.endtoend.desk import Desk, answers, database, free_port, process, wait

pytestmark = pytest.mark.slow

INTAKE_PAGE = Path(__file__).parents[2] / "docs" / "intake.md"
LABELS = {"alertname": "FileServerDown", "instance": "fs01", "severity": "critical"}
CRY = {"labels": LABELS, "annotations": {"summary": "File server fs01 is down"}}

# The preset, but the second on-call engineer is paged after seconds, not minutes: nobody wants to wait for this test.
IN_A_HURRY = """
from importlib.resources import files
from datetime import UTC, datetime
from tocsin.standard.adopt import adopt
text = (files("tocsin") / "policies" / "field-guide.toml").read_text("utf-8")
page, second = text.split('to = "on-call-secondary"')
assert 'P1 = "5m"' in second
adopt(page + 'to = "on-call-secondary"' + second.replace('P1 = "5m"', 'P1 = "3s"', 1), by="test", now=datetime.now(UTC))
"""

ON_RECORD = """
import json
from tocsin.desk.ticket import Ticket
from tocsin.log.event import Event
events = Event.objects.filter(stream=Ticket.objects.get().stream_name).order_by("seq")
print(json.dumps([{"kind": event.kind, **json.loads(event.body)["data"]} for event in events]))
"""


class Mailbox:
    """Every mail that a real SMTP server of its own took, while it runs."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.server = Controller(self, hostname="127.0.0.1", port=free_port())

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.server.port}"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        return "250 OK"

    def to(self, address: str) -> EmailMessage | None:
        return next((mail for mail in self.mails if address in mail["To"]), None)


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    box = Mailbox()
    box.server.start()
    yield box
    box.server.stop()


@contextmanager
def alertmanager(home: Path, desk: Desk, key: str) -> Iterator[str]:
    """Debian's Alertmanager runs, set up as docs/intake.md says, but quick; yields its address."""
    program = shutil.which("prometheus-alertmanager")
    assert program, "prometheus-alertmanager is not installed:  sudo apt-get install prometheus-alertmanager"
    (home / "key").write_text(key)
    documented = re.search(r"```yaml\n(route:.*?)```", INTAKE_PAGE.read_text("utf-8"), re.DOTALL)
    assert documented
    settings = re.sub(r"https://[\w.]+/in/", f"{desk.url}/in/", documented[1])
    settings = re.sub(r"credentials_file: \S+", f"credentials_file: {home / 'key'}", settings)
    settings = settings.replace("route:\n", "route:\n  group_wait: 100ms\n  group_interval: 1s\n", 1)
    (home / "alertmanager.yml").write_text(settings)
    url = f"http://127.0.0.1:{free_port()}"
    words = [
        program,
        f"--config.file={home / 'alertmanager.yml'}",
        f"--storage.path={home / 'alertmanager'}",
        f"--web.listen-address={url.removeprefix('http://')}",
        "--cluster.listen-address=",
    ]
    with process(words, {"PATH": "/usr/bin:/bin", "HOME": str(home)}, home / "alertmanager.log"):
        wait(lambda: answers(f"{url}/-/ready"), lambda: (home / "alertmanager.log").read_text())
        yield url


def post(alertmanager: str, **alert: Any) -> None:
    request = urllib.request.Request(
        f"{alertmanager}/api/v2/alerts", json.dumps([alert]).encode(), {"Content-Type": "application/json"}
    )
    urllib.request.urlopen(request, timeout=10).close()


def on_record(desk: Desk) -> list[dict[str, Any]]:
    """The events of the only ticket there is, in order."""
    return list(json.loads(desk.types("django", "shell", "-c", ON_RECORD).splitlines()[-1]))


def kinds(desk: Desk) -> list[str]:
    return [event["kind"] for event in on_record(desk)]


def test_an_alert_climbs_the_ladder_by_mail_until_alertmanager_says_it_is_over(tmp_path: Path, mailbox: Mailbox):
    desk = Desk(tmp_path, TOCSIN_SMTP_URL=mailbox.url, TOCSIN_MAIL_FROM="desk@msp.example", **database("alertmanager"))
    with desk.running():
        desk.types("django", "shell", "-c", IN_A_HURRY)
        key = desk.types("intake", "key", "add", "--client", "northgate-dental", "--source", "alertmanager", "--plain")
        with alertmanager(tmp_path, desk, key.strip()) as monitor:
            began = datetime.now(UTC).isoformat()

            post(monitor, startsAt=began, **CRY)
            first = wait(lambda: mailbox.to("tara@"), lambda: f"no page by mail; the desk said: {desk.console}")
            second = wait(lambda: mailbox.to("sam@"), lambda: f"nobody climbed; the desk said: {desk.console}")
            post(monitor, startsAt=began, endsAt=datetime.now(UTC).isoformat(), **CRY)
            wait(lambda: "alert_resolved" in kinds(desk), "Alertmanager never said that it was over")
            wait(
                lambda: kinds(desk).count("delivered") == len(mailbox.mails),
                "what arrived never came on record, or twice",
            )

        log = on_record(desk)
        proof = desk.types("verify")

    assert first["Subject"] == "P1 Northgate Dental: File server fs01 is down"
    assert "Why you: the page ladder asks the On-call engineer" in _text(first)
    assert "Why you: the page ladder asks the Second on-call engineer 3s after" in _text(second)
    opened, *_ = log
    assert (opened["priority"], opened["source"], opened["host"]) == ("P1", "alertmanager", "fs01")
    assert [event["still_firing"] for event in log if event["kind"] == "alert_resolved"] == [0]
    assert "every ticket shows what its log says" in proof


def _text(mail: EmailMessage) -> str:
    """The text in one line, however its lines were broken."""
    return " ".join(mail.get_content().split())
