"""What does every test find ready?"""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.conf import settings
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from pytest_django import DjangoDbBlocker

# The same examples every time where a change must land or not; new ones on the machine of whoever made it.
hypothesis.settings.register_profile(
    "ci", derandomize=True, deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
if os.environ.get("CI", "").lower() in ("1", "true", "yes"):
    hypothesis.settings.load_profile("ci")

# What a mail server of the tests chats about when it stops would be written to a console that a test has closed.
logging.getLogger("mail.log").setLevel(logging.ERROR)


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """SQLite in a file, as it is run: one in memory has no WAL, and its threads see each other's open transactions."""
    database = connections["default"]
    if database.vendor == "sqlite":
        Path(settings.TOCSIN_HOME).mkdir(parents=True, exist_ok=True)
        database.settings_dict["TEST"]["NAME"] = str(Path(settings.TOCSIN_HOME) / "test.sqlite3")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Between tests that commit, tables are emptied; the log refuses that, so its guard steps aside for that moment."""
    database = connections["default"]
    empty = database.ops.execute_sql_flush

    def emptied(statements: Any) -> None:
        with unguarded(database):
            empty(statements)

    database.ops.execute_sql_flush = emptied


@contextmanager
def unguarded(database: BaseDatabaseWrapper) -> Iterator[None]:
    """No trigger fires inside the block; all are back afterwards. For tests that clean up or that tamper."""
    with database.cursor() as cursor:
        if database.vendor == "postgresql":
            cursor.execute("SET session_replication_role = replica")
            try:
                yield
            finally:
                cursor.execute("SET session_replication_role = origin")
            return
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
        for name, _ in triggers:
            cursor.execute(f'DROP TRIGGER "{name}"')
        try:
            yield
        finally:
            for _, sql in triggers:
                cursor.execute(sql)


def tamper(statement: str, *values: Any) -> None:
    """What somebody with the right to do anything has done to the database, behind the desk's back."""
    with unguarded(connections["default"]), connections["default"].cursor() as cursor:
        cursor.execute(statement, values)
        assert cursor.rowcount
