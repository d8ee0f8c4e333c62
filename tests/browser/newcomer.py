"""What does a newcomer do with a desk that has just begun? They read its console, sign in, and let a monitor cry."""

from __future__ import annotations

import json
import re
import urllib.request

from tests.endtoend.desk import Desk, wait

WHO = "lena@tocsin-desk.example"
ALERTS = (
    ("db-1/disk", "critical", "Disk full on db-1, nobody can save"),
    ("fs-1/latency", "error", "File shares slow for the second floor"),
    ("mail/queue", "warning", "Outgoing mail is queueing"),
    ("ups/battery", "info", "UPS battery wants replacing"),
)


def password(desk: Desk) -> str:
    """With which everybody it begins with signs in."""
    return said(desk, r"all with the password\s+(\S.*)\n")


def report(desk: Desk) -> None:
    """The monitor has told the desk, and the desk has told somebody."""
    key = said(desk, r"Bearer (\S+)'")
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    for uid, severity, title in ALERTS:
        alert = {"alert_uid": uid, "title": title, "state": "alerting", "severity": severity}
        post = urllib.request.Request(f"{desk.url}/in/generic", json.dumps(alert).encode(), headers)
        urllib.request.urlopen(post, timeout=30).close()
    wait(lambda: "Why you:" in desk.console, "nobody was told")


def said(desk: Desk, pattern: str) -> str:
    found = re.search(pattern, desk.console)
    assert found, desk.console
    return found[1].strip()
