"""Does an engine say what it does and what it cannot do, and does it seal its days?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tocsin import __version__
from tocsin.engine import heartbeats
from tocsin.engine.beat import Beat
from tocsin.engine.done import Turn
from tocsin.engine.heartbeats import Heart
from tocsin.log.root import Root

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 21, 23, 59, 50, tzinfo=UTC)


@pytest.fixture
def heart() -> Heart:
    heart = Heart("here:1")
    heart.start(NOW)
    return heart


@pytest.fixture
def key(settings, tmp_path) -> Path:
    settings.TOCSIN_HOME = tmp_path
    (tmp_path / "keys").mkdir()
    return tmp_path / "keys" / "root.key"


def test_what_was_done_is_on_record_every_other_second_and_nothing_is_left_out(heart):
    heart.beat(NOW, Turn(obligations=2, lateness=[0.1, 70.0]))
    heart.beat(NOW + timedelta(seconds=1), Turn(obligations=3, failed=1, lateness=[0.2]))
    early = Beat.objects.get().performed
    heart.beat(NOW + timedelta(seconds=2), Turn(obligations=1))

    beat = Beat.objects.get()
    assert (early, beat.performed, beat.failed, beat.worst_s) == (2, 6, 1, 70.0)
    assert beat.lateness == {"0.5": 2, "300": 1}
    assert beat.last_turn_at == NOW + timedelta(seconds=2)


def test_each_day_is_sealed_by_its_first_beat(heart):
    for second in range(0, 30, 2):
        heart.beat(NOW + timedelta(seconds=second), Turn())

    assert [(str(root.day), f"{root.sealed_at:%H:%M:%S}") for root in Root.objects.all()] == [
        ("2026-11-21", "23:59:50"),
        ("2026-11-22", "00:00:00"),
    ]


def test_a_key_that_cannot_be_read_is_said_once_with_the_remedy_and_tried_again_hourly(heart, key, caplog):
    key.write_text("garbage")

    for minute in range(60):
        heart.beat(NOW + timedelta(minutes=minute), Turn())
    said = [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]
    trouble = Beat.objects.get().trouble
    key.unlink()
    heart.beat(NOW + timedelta(minutes=60), Turn())

    assert len(said) == 1
    assert "cannot be read as a private key" in trouble
    assert "Bring the file back from a backup" in trouble
    assert "Traceback" not in caplog.text
    assert [str(root.day) for root in Root.objects.all()] == ["2026-11-22"]
    assert Beat.objects.get().trouble == ""


def test_a_folder_that_cannot_be_written_is_said_once_and_all_else_goes_on(heart, settings, tmp_path, caplog):
    settings.TOCSIN_HOME = tmp_path
    (tmp_path / "keys").write_text("where a folder should be, there is none")

    for minute in range(60):
        heart.beat(NOW + timedelta(minutes=minute), Turn(obligations=1))
    beat = Beat.objects.get()
    said = [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]
    (tmp_path / "keys").unlink()
    heart.beat(NOW + timedelta(minutes=60), Turn())

    assert (beat.last_turn_at, beat.performed) == (NOW + timedelta(minutes=59), 60)
    assert "see that its disk is not full" in beat.trouble
    assert len(said) == 1
    assert "Traceback" not in caplog.text
    assert [str(root.day) for root in Root.objects.all()] == ["2026-11-22"]
    assert Beat.objects.get().trouble == ""


def test_an_engine_waits_for_one_of_another_version_until_that_is_silent(heart):
    Beat.objects.create(name="old:9", version="0.0.1", started_at=NOW - timedelta(hours=1), last_turn_at=NOW)

    assert __version__ != "0.0.1"
    assert not heart.may_work(NOW)
    heart.beat(NOW + timedelta(seconds=20), Turn())
    assert not heart.may_work(NOW + timedelta(seconds=29))
    assert heart.may_work(NOW + timedelta(seconds=31))
    assert not Root.objects.filter(sealed_at__lt=NOW + timedelta(seconds=31)).exists()


class Fleet:
    """Engines of several versions, asked every second who of them may work; who lives beats, as the loop does."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.monkeypatch = monkeypatch
        self.now = NOW
        self.versions: dict[str, str] = {}
        self.hearts: dict[str, Heart] = {}
        self.frozen: set[str] = set()

    def starts(self, name: str, version: str) -> None:
        self.versions[name], self.hearts[name] = version, Heart(name)
        self._is(name).start(self.now)

    def stops(self, name: str) -> None:
        self._is(name).stop(self.now)
        del self.hearts[name]

    def passes(self, *, seconds: int) -> list[str]:
        """Who has worked meanwhile, in the order in which they began or took over; two at once are one word."""
        seen: list[str] = []
        for _ in range(seconds):
            self.now += timedelta(seconds=1)
            working = [name for name in self.hearts if name not in self.frozen and self._works(name)]
            if working and (not seen or seen[-1] != "+".join(working)):
                seen.append("+".join(working))
        return seen

    def _works(self, name: str) -> bool:
        heart = self._is(name)
        works = heart.may_work(self.now)
        heart.beat(self.now, Turn())
        return works

    def _is(self, name: str) -> Heart:
        self.monkeypatch.setattr(heartbeats, "__version__", self.versions[name])
        return self.hearts[name]


@pytest.fixture
def fleet(monkeypatch) -> Fleet:
    return Fleet(monkeypatch)


def test_an_engine_goes_on_when_one_of_a_newer_version_starts_which_waits_until_it_has_stopped(fleet):
    fleet.starts("a:1", "1.0")
    fleet.passes(seconds=10)
    fleet.starts("b:2", "2.0")

    assert fleet.passes(seconds=120) == ["a:1"]
    fleet.stops("a:1")
    assert fleet.passes(seconds=2) == ["b:2"]


def test_of_two_engines_that_started_at_one_instant_exactly_one_works(fleet):
    fleet.starts("a:1", "1.0")
    fleet.starts("b:2", "2.0")

    assert fleet.passes(seconds=120) == ["a:1"]


def test_engines_of_one_version_work_side_by_side(fleet):
    fleet.starts("a:1", "1.0")
    fleet.starts("b:2", "1.0")
    fleet.starts("c:3", "2.0")

    assert fleet.passes(seconds=120) == ["a:1+b:2"]


def test_an_engine_that_was_taken_for_gone_waits_for_whoever_took_over(fleet):
    fleet.starts("a:1", "1.0")
    fleet.starts("b:2", "2.0")
    fleet.passes(seconds=10)
    fleet.frozen = {"a:1"}

    assert fleet.passes(seconds=60) == ["b:2"]
    fleet.frozen = set()
    assert fleet.passes(seconds=120) == ["b:2"]
    fleet.stops("b:2")
    assert fleet.passes(seconds=2) == ["a:1"]


@pytest.mark.parametrize("seconds", range(22, 36))
def test_however_long_an_engine_was_frozen_no_two_versions_work_at_once(fleet, seconds):
    fleet.starts("a:1", "1.0")
    fleet.starts("b:2", "2.0")
    fleet.passes(seconds=10)
    fleet.frozen = {"a:1"}
    fleet.passes(seconds=seconds)
    fleet.frozen = set()

    assert len(fleet.passes(seconds=120)) == 1


def test_when_all_were_away_for_a_minute_one_version_goes_on(fleet):
    """As when their database was."""
    fleet.starts("a:1", "1.0")
    fleet.starts("b:2", "2.0")
    fleet.passes(seconds=10)
    fleet.now += timedelta(minutes=1)

    assert fleet.passes(seconds=120) in (["a:1"], ["b:2"])
