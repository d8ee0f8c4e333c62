"""Is this the only engine on its SQLite database? Two would take each other's pages, each for a console of its own."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.management.base import CommandError

PATIENCE_S = 10.0  # one that was killed or asked to stop may have something in hand yet
LOOK_EVERY_S = 0.1


@contextmanager
def only_engine(command: str, say: Callable[[str], None]) -> Iterator[int | None]:
    """No other engine has the desk's database inside the block, nor has a child that is given the descriptor it yields.

    The lock is a file beside the database and belongs to processes: it is gone with the last of them, however that
    ended. On PostgreSQL there is none (None): any number of engines share one. Raises CommandError.
    """
    database = settings.DATABASES["default"]
    if not database["ENGINE"].endswith("sqlite3"):
        yield None
        return
    try:
        lock = os.open(_beside(database["NAME"]), os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise CommandError(
            f"{error.filename}: {error.strerror}. Is there such a folder, and may you write to it? TOCSIN_HOME and "
            "TOCSIN_DATABASE_URL say where."
        ) from error
    try:
        if not _taken(lock):
            say(f"{_holder(lock)} has this desk. If it is about to stop, that is waited for, {PATIENCE_S:.0f} seconds.")
            deadline = time.monotonic() + PATIENCE_S
            while not _taken(lock):
                if time.monotonic() > deadline:
                    raise CommandError(_refusal(_holder(lock), database["NAME"]))
                time.sleep(LOOK_EVERY_S)
        os.ftruncate(lock, 0)
        os.pwrite(lock, f"tocsin {command}, process {os.getpid()},".encode(), 0)
        yield lock
    finally:
        os.close(lock)


def inherited(lock: int) -> bool:
    """Whether this descriptor is the lock, held already by whoever started us."""
    try:
        ours = os.stat(_beside(settings.DATABASES["default"]["NAME"]))
        return os.path.samestat(os.fstat(lock), ours) and _taken(lock)
    except OSError:
        return False


def _beside(database: str) -> Path:
    path = Path(database).resolve()
    return path.with_name(f"{path.name}.lock")


def _taken(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _holder(lock: int) -> str:
    return os.pread(lock, 200, 0).decode(errors="replace").strip() or "another engine"


def _refusal(holder: str, database: str) -> str:
    return (
        f"{holder} works on {database}, and on SQLite one engine does all. One of these helps:\n"
        "  stop that one first\n"
        "  TOCSIN_HOME=/another/folder tocsin run         another desk, with a database of its own\n"
        "  TOCSIN_DATABASE_URL=postgres://…               several engines for one desk: docs/operate.md"
    )
