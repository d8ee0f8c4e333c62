"""Does a real desk call a dead man's switch while it is well, and cry by the second path when it is not?"""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from tests.endtoend.desk import Desk, database, wait
from tests.engine.outsiders import Outsider, outsider

pytestmark = pytest.mark.slow


def watched(home: Path, outside: Outsider, name: str) -> Desk:
    paths = {"TOCSIN_HEARTBEAT_URL": outside.url("/beat"), "TOCSIN_ALARM_URL": outside.url("/alarm")}
    return Desk(home, TOCSIN_AUDIT_EVERY="1", **paths, **database(name))


def health(desk: Desk) -> tuple[int, dict[str, Any]]:
    try:
        with urllib.request.urlopen(f"{desk.url}/healthz") as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def test_a_desk_that_is_well_beats_and_alarms_nobody(tmp_path: Path):
    with outsider() as outside:
        desk = watched(tmp_path, outside, "watched_well")
        with desk.running():
            wait(lambda: len(outside.at("/beat")) >= 3, lambda: f"no heartbeat came; it said: {desk.console}")
            status, said = health(desk)

    assert (status, said["audit"], said["heartbeat"], said["findings"]) == (200, "ok", "ok", {})
    assert outside.at("/alarm") == []


def test_a_desk_whose_key_is_garbage_goes_on_says_so_once_and_does_not_beat(tmp_path: Path):
    key = tmp_path / "desk" / "keys" / "root.key"
    key.parent.mkdir(parents=True)
    key.write_text("garbage")
    with outsider() as outside:
        desk = watched(tmp_path, outside, "watched_ill")
        with desk.running():
            wait(lambda: outside.at("/alarm"), lambda: f"no alarm came; it said: {desk.console}")
            wait(lambda: health(desk)[1]["audit"] == "failed", "it never said so")
            time.sleep(3)  # for as many audits, each of which could say it again
            status, said = health(desk)

    (alarm,) = outside.at("/alarm")
    assert (alarm["event"], alarm["findings"][0]["kind"]) == ("alarm", "seal")
    assert "Bring the file back from a backup" in alarm["text"]
    assert (status, said["engine"], said["audit"], said["findings"]) == (503, "ok", "failed", {"seal": 1})
    assert outside.at("/beat") == []
    assert desk.console.count("the day cannot be sealed") == 1
    assert "Traceback" not in desk.console
