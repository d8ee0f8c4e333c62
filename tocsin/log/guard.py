"""What keeps the database itself from changing a row that is on record?

A migration puts the guard up on each append-only table. SQLite drops a table's triggers whenever a later migration
has to remake that table, so such a migration must put it up again; a test looks after the last one.
"""

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations import RunPython

_POSTGRESQL_UP = """
CREATE OR REPLACE FUNCTION tocsin_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION tocsin_refuse_change();
CREATE TRIGGER {table}_never_emptied BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION tocsin_refuse_change();
"""
_POSTGRESQL_DOWN = """
DROP TRIGGER IF EXISTS {table}_append_only ON {table};
DROP TRIGGER IF EXISTS {table}_never_emptied ON {table};
"""
_SQLITE_UP = [
    """CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table}
       BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END""",
    """CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table}
       BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END""",
]
_SQLITE_DOWN = ["DROP TRIGGER IF EXISTS {table}_no_update", "DROP TRIGGER IF EXISTS {table}_no_delete"]


def put_up(connection: BaseDatabaseWrapper, table: str) -> None:
    """From here on an UPDATE, DELETE or TRUNCATE of the table raises IntegrityError."""
    _execute(connection, table, [_POSTGRESQL_UP] if connection.vendor == "postgresql" else _SQLITE_UP)


def take_down(connection: BaseDatabaseWrapper, table: str) -> None:
    """The table can be changed like any other."""
    _execute(connection, table, [_POSTGRESQL_DOWN] if connection.vendor == "postgresql" else _SQLITE_DOWN)


def operation(*tables: str) -> RunPython:
    """The migration step that puts the guard up on these tables."""

    def forwards(apps: Any, schema_editor: Any) -> None:
        for table in tables:
            put_up(schema_editor.connection, table)

    def backwards(apps: Any, schema_editor: Any) -> None:
        for table in tables:
            take_down(schema_editor.connection, table)

    return RunPython(forwards, backwards)


def _execute(connection: BaseDatabaseWrapper, table: str, statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement.replace("{table}", table), None)
