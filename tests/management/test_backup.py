"""Can a desk be brought back from its backup?"""

import os
import re
import sqlite3
import stat
import subprocess
import tarfile
from io import StringIO
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError

from tests.postgres import Cluster, programs_folder
from tocsin.settings import database, sqlite


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A desk's home with a SQLite database of one table and a key."""
    home = tmp_path / "desk"
    (home / "keys").mkdir(parents=True)
    (home / "keys" / "secret.key").write_text("secret")
    with sqlite3.connect(home / "tocsin.sqlite3") as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE said (words TEXT)")
        database.execute("INSERT INTO said VALUES ('before')")
    database.close()
    monkeypatch.setattr(settings, "TOCSIN_HOME", home)
    monkeypatch.setitem(settings.DATABASES, "default", sqlite(home / "tocsin.sqlite3"))
    return home


def unpack(archive: Path, folder: Path) -> None:
    """As docs/operate.md tells to."""
    folder.mkdir()
    subprocess.run(["tar", "-xzf", archive, "-C", folder], check=True)


def test_a_backup_holds_database_and_keys_and_only_its_owner_can_read_it(home: Path, tmp_path: Path):
    call_command("backup", tmp_path / "desk.tar.gz")

    assert stat.S_IMODE((tmp_path / "desk.tar.gz").stat().st_mode) == 0o600
    unpack(tmp_path / "desk.tar.gz", tmp_path / "back")
    assert (tmp_path / "back/keys/secret.key").read_text() == "secret"
    back = sqlite3.connect(tmp_path / "back/tocsin.sqlite3")
    assert back.execute("SELECT words FROM said").fetchall() == [("before",)]
    back.close()


def test_a_small_backup_has_its_size_told_in_kilobytes(home: Path, tmp_path: Path):
    said = StringIO()

    call_command("backup", tmp_path / "desk.tar.gz", stdout=said)

    assert re.search(r"desk\.tar\.gz \([1-9]\d* kB\) holds database, keys and files\.", said.getvalue())


def test_a_backup_while_somebody_writes_holds_what_was_committed(home: Path, tmp_path: Path):
    writer = sqlite3.connect(home / "tocsin.sqlite3")
    writer.execute("INSERT INTO said VALUES ('committed')")
    writer.commit()
    writer.execute("INSERT INTO said VALUES ('not yet')")

    call_command("backup", tmp_path / "desk.tar.gz")

    writer.close()
    unpack(tmp_path / "desk.tar.gz", tmp_path / "back")
    back = sqlite3.connect(tmp_path / "back/tocsin.sqlite3")
    assert back.execute("SELECT words FROM said").fetchall() == [("before",), ("committed",)]
    back.close()


def test_without_a_name_it_lies_among_the_backups_at_home(home: Path):
    call_command("backup")

    assert [file.suffixes for file in (home / "backups").iterdir()] == [[".tar", ".gz"]]


def test_a_backup_never_replaces_another(home: Path, tmp_path: Path):
    (tmp_path / "desk.tar.gz").write_text("precious")

    with pytest.raises(CommandError, match="there already"):
        call_command("backup", tmp_path / "desk.tar.gz")

    assert (tmp_path / "desk.tar.gz").read_text() == "precious"


def test_a_desk_without_a_database_has_nothing_to_copy(home: Path, tmp_path: Path):
    (home / "tocsin.sqlite3").unlink()

    with pytest.raises(CommandError, match=f"no desk in {home}: no tocsin.sqlite3 is there"):
        call_command("backup", tmp_path / "desk.tar.gz")

    assert not (tmp_path / "desk.tar.gz").exists()


def test_an_empty_database_is_no_desk_to_copy(home: Path, tmp_path: Path):
    (home / "tocsin.sqlite3").unlink()
    (home / "tocsin.sqlite3").touch()

    with pytest.raises(CommandError, match=r"tocsin.sqlite3 is empty: there is no desk in it to copy"):
        call_command("backup", tmp_path / "desk.tar.gz")

    assert [*tmp_path.iterdir()] == [home]


@pytest.mark.only_on("postgresql")
def test_an_empty_postgres_database_is_no_desk_to_copy(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    server = Cluster(os.environ["TOCSIN_DATABASE_URL"])
    monkeypatch.setenv("TOCSIN_DATABASE_URL", server.create("an_empty_one"))
    monkeypatch.setitem(settings.DATABASES, "default", database("TOCSIN_DATABASE_URL", home))
    monkeypatch.setenv("PATH", str(programs_folder()), prepend=":")

    with pytest.raises(CommandError, match="an_empty_one is empty: there is no desk in it to copy"):
        call_command("backup", tmp_path / "desk.tar.gz")


@pytest.mark.only_on("postgresql")
def test_postgres_is_dumped_by_its_own_program(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    url = Cluster(os.environ["TOCSIN_DATABASE_URL"]).create("backup_of_a_desk")
    with psycopg.connect(url) as desk:
        desk.execute("CREATE TABLE said (words TEXT)")
    monkeypatch.setenv("TOCSIN_DATABASE_URL", url)
    monkeypatch.setitem(settings.DATABASES, "default", database("TOCSIN_DATABASE_URL", home))
    monkeypatch.setenv("PATH", str(programs_folder()), prepend=":")

    call_command("backup", tmp_path / "desk.tar.gz")

    with tarfile.open(tmp_path / "desk.tar.gz") as archive:
        dump = archive.extractfile("tocsin.pgdump")
        assert dump is not None
        assert dump.read(5) == b"PGDMP"


@pytest.mark.only_on("postgresql")
def test_without_pg_dump_it_says_what_to_run(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    elsewhere = {"ENGINE": "django.db.backends.postgresql", "NAME": "desk", "HOST": "db.example", "OPTIONS": {}}
    monkeypatch.setitem(settings.DATABASES, "default", elsewhere)
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(CommandError, match=r"pg_dump --format=custom .* --dbname=desk --host=db\.example"):
        call_command("backup", tmp_path / "desk.tar.gz")
