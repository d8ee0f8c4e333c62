"""Is the database up to date? Django's migrate, saying only what a person wants to know."""

import fcntl
from argparse import SUPPRESS
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser
from django.core.management.commands import migrate as djangos
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor

from tocsin.desk.anew import fill_next_at
from tocsin.management.command import Command as Taught

MIGRATING = 7_046_281  # any number will do, as long as every version of Tocsin takes the same


class Command(Taught, djangos.Command):
    help = """
        Bring the database to the shape this version needs. Safe to run at any time, and twice: what is done
        already is not done again. `tocsin run` does it by itself at every start.
        """
    example = """
        tocsin migrate
        TOCSIN_DATABASE_URL=postgres://tocsin:secret@db.example/tocsin tocsin migrate
        """
    needs_desk = False
    furnishes = True

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        for option in parser._actions:
            if option.dest != "help":
                option.help = SUPPRESS  # Django's, for developers: they work, and nobody else needs them

    def handle(self, *args: Any, **options: Any) -> None:
        with alone(connections[options.get("database") or DEFAULT_DB_ALIAS]):
            self._bring(*args, **options)

    def _bring(self, *args: Any, **options: Any) -> None:
        alias = options.get("database") or DEFAULT_DB_ALIAS
        executor = MigrationExecutor(connections[alias])
        steps = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
        wordy = options["verbosity"] == 1
        if wordy and steps:
            self.stdout.write(f"Bringing the database up to date: {steps} {'step' if steps == 1 else 'steps'}")
        super().handle(*args, **{**options, "verbosity": 0 if wordy else options["verbosity"]})
        if steps and not (options["migration_name"] or options["plan"] or options["check_unapplied"]):
            fill_next_at()
        if wordy:
            self.stdout.write("The database is up to date.")


@contextmanager
def alone(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Whoever else migrates this database waits until the block ends: two that start at once must not both begin."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATING])
        try:
            yield
        finally:
            with suppress(DatabaseError), connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATING])
        return
    with open(settings.TOCSIN_HOME / "migrate.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
