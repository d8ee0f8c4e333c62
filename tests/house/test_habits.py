"""Do faces keep their hands off rows, does only who may look at the clock, and does no key point up a floor?"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import ForeignKey, OneToOneField

PACKAGE = Path(__file__).parents[2] / "tocsin"
FACES = ("web", "portal", "api", "urls.py", "rsgi.py", "wsgi.py", "__main__.py")
MAY_LOOK_AT_THE_CLOCK = (*FACES, "management", "engine/loop.py")


def sources(folder: Path) -> Iterator[tuple[str, ast.Module]]:
    for file in sorted(folder.rglob("*.py")):
        yield file.relative_to(folder).as_posix(), ast.parse(file.read_text("utf-8"))


def within(name: str, places: tuple[str, ...]) -> bool:
    return any(name == place or name.startswith(f"{place}/") for place in places)


def rows_touched(folder: Path) -> list[str]:
    """Where a face asks a model for rows by itself."""
    return [
        f"{name}:{node.lineno}"
        for name, tree in sources(folder)
        if within(name, FACES)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in ("objects", "_default_manager")
    ]


def clocks_read(folder: Path) -> list[str]:
    """Where the time is asked for by code that should have been told."""
    return [
        f"{name}:{node.lineno}"
        for name, tree in sources(folder)
        if not within(name, MAY_LOOK_AT_THE_CLOCK)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and _asks_the_time(node.func)
    ]


def _asks_the_time(called: ast.expr) -> bool:
    if isinstance(called, ast.Attribute):
        of_time = isinstance(called.value, ast.Name) and called.value.id == "time"
        return called.attr in ("now", "utcnow", "today") or (called.attr in ("time", "time_ns") and of_time)
    return isinstance(called, ast.Name) and called.id in ("now", "utcnow")


def test_no_face_touches_rows_itself():
    assert rows_touched(PACKAGE) == []


def test_nobody_asks_the_time_but_faces_the_loop_and_commands():
    assert clocks_read(PACKAGE) == []


@pytest.mark.parametrize(
    ("name", "line", "found"),
    [
        ("api/intake.py", "Ticket.objects.get(pk=1)", rows_touched),
        ("urls.py", "Ticket._default_manager.all()", rows_touched),
        ("desk/tickets.py", "timezone.now()", clocks_read),
        ("core/clock.py", "datetime.now(UTC)", clocks_read),
        ("log/append.py", "now()", clocks_read),
        ("log/append.py", "time.time()", clocks_read),
        ("engine/tickets.py", "date.today()", clocks_read),
    ],
)
def test_a_bad_habit_is_noticed(tmp_path: Path, name: str, line: str, found):
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text(line)

    assert found(tmp_path) == [f"{name}:1"]


@pytest.mark.parametrize(
    ("name", "line", "found"),
    [
        ("desk/tickets.py", "Ticket.objects.get(pk=1)", rows_touched),
        ("engine/loop.py", "datetime.now(UTC)", clocks_read),
        ("core/clock.py", "read(story, now=now)", clocks_read),
        ("core/clock.py", "span.time()", clocks_read),
    ],
)
def test_a_good_habit_is_left_alone(tmp_path: Path, name: str, line: str, found):
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text(line)

    assert found(tmp_path) == []


def test_a_key_that_crosses_rooms_grows_no_attribute_on_the_other_side():
    crossing = [
        field
        for model in apps.get_app_config("tocsin").get_models()
        for field in model._meta.get_fields()
        if isinstance(field, ForeignKey | OneToOneField) and _room(field.model) != _room(field.related_model)
    ]

    assert [str(field) for field in crossing if field.remote_field.related_name != "+"] == []


def _room(model) -> str:
    return model.__module__.split(".")[1]
