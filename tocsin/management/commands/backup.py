"""How is everything a desk knows put into one file while it runs?"""

import os
import shutil
import sqlite3
import subprocess
import tarfile
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser

from tocsin.management.command import Command as Taught

NO_DESK = "there is no desk in it to copy. Are TOCSIN_HOME and TOCSIN_DATABASE_URL right?"


class Command(Taught):
    help = """
        Copy the database, the keys and the files into one archive that only you can read. The desk may run
        meanwhile: the copy is of one moment. Keep it somewhere else than the desk itself; whoever has it
        has the keys. docs/operate.md says how to bring it back.
        """
    example = """
        tocsin backup                                  into TOCSIN_HOME/backups/
        tocsin backup /mnt/elsewhere/tocsin.tar.gz
        """

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, metavar="FILE", help="where to (.tar.gz)")

    def handle(self, *, file: Path | None, **_: Any) -> None:
        stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%SZ")
        target = (file or settings.TOCSIN_HOME / "backups" / f"tocsin-{stamp}.tar.gz").absolute()
        if target.exists():
            raise CommandError(f"{target} is there already; name another file.")
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with TemporaryDirectory(dir=target.parent, prefix=".tocsin-backup-") as folder:
            draft = Path(folder) / "draft"
            copy = copied(settings.DATABASES["default"], Path(folder))
            with open(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600), "wb") as handle:
                with tarfile.open(fileobj=handle, mode="w:gz") as archive:
                    archive.add(copy, arcname=copy.name)
                    for name in ("keys", "files"):
                        if (settings.TOCSIN_HOME / name).is_dir():
                            archive.add(settings.TOCSIN_HOME / name, arcname=name)
                handle.flush()
                os.fsync(handle.fileno())
            draft.rename(target)
        self.stdout.write(f"{target} ({_size(target)}) holds database, keys and files.")


def _size(file: Path) -> str:
    size = file.stat().st_size
    return f"{size / 1e6:.1f} MB" if size >= 1e6 else f"{max(1, round(size / 1e3))} kB"


def copied(database: dict[str, Any], folder: Path) -> Path:
    """A copy of the database as it was at one moment, in this folder."""
    return _sqlite(database, folder) if database["ENGINE"].endswith("sqlite3") else _postgres(database, folder)


def _sqlite(database: dict[str, Any], folder: Path) -> Path:
    source = Path(database["NAME"])
    target = folder / "tocsin.sqlite3"
    live, copy = sqlite3.connect(f"{source.as_uri()}?mode=ro", uri=True), sqlite3.connect(target)
    try:
        live.backup(copy)
        if not copy.execute("SELECT 1 FROM sqlite_master").fetchone():
            raise CommandError(f"{source} is empty: {NO_DESK}")
        sound = copy.execute("PRAGMA integrity_check").fetchone()[0]
    finally:
        live.close()
        copy.close()
    if sound != "ok":
        raise CommandError(f"the copy is damaged, and so may be the database: {sound}")
    return target


def _postgres(database: dict[str, Any], folder: Path) -> Path:
    where = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGDATABASE": "NAME", "PGPASSWORD": "PASSWORD"}
    told = {name: str(database[key]) for name, key in where.items() if database.get(key)}
    if not shutil.which("pg_dump"):
        raise CommandError(
            "pg_dump is not here (Debian, Ubuntu: postgresql-client). On a host that has it, run\n"
            f"  pg_dump --format=custom --file=tocsin.pgdump --dbname={database['NAME']}"
            f" --host={told.get('PGHOST', 'localhost')}\n"
            f"and keep a copy of {settings.TOCSIN_HOME / 'keys'} beside it."
        )
    told |= {f"PG{name.upper()}": str(value) for name, value in database["OPTIONS"].items()}
    if not _has_tables({name.removeprefix("PG").lower(): value for name, value in told.items()}):
        raise CommandError(f"the database {database['NAME']} is empty: {NO_DESK}")
    target = folder / "tocsin.pgdump"
    done = subprocess.run(
        ["pg_dump", "--format=custom", f"--file={target}"],
        env={**os.environ, **told},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise CommandError(f"pg_dump could not copy the database: {done.stderr.strip()}")
    return target


def _has_tables(where: dict[str, str]) -> bool:
    import psycopg

    where["dbname"] = where.pop("database")
    try:
        with psycopg.connect(**where) as server:  # type: ignore[arg-type]
            ours = "schemaname NOT IN ('pg_catalog', 'information_schema')"
            return server.execute(f"SELECT 1 FROM pg_tables WHERE {ours} LIMIT 1").fetchone() is not None
    except psycopg.OperationalError as error:
        raise CommandError(f"the database cannot be reached: {str(error).strip()}") from error
