"""Does `tocsin intake` show what came, what was turned away and what could not be read, and does it let monitors in?"""

from __future__ import annotations

import io
import json
import re
import shlex
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.monitor import Monitor
from tests.world import World
from tocsin.api.intake import Door
from tocsin.desk import intake_keys
from tocsin.desk.intake_item import IntakeItem
from tocsin.desk.intake_key import IntakeKey
from tocsin.sources import SOURCES

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return World()


def tocsin_intake(*arguments: str) -> str:
    out = io.StringIO()
    call_command("intake", *arguments, stdout=out)
    return out.getvalue()


def test_an_empty_desk_says_how_to_let_a_monitor_in():
    assert "Nothing has come in yet" in tocsin_intake()


def test_what_came_what_waits_and_what_could_not_be_read_is_counted_by_client_and_source(world: World):
    monitor = Monitor(world)
    monitor.says()
    bad = monitor.post({"no": "alert"}).said["accepted"]
    world.turn()
    monitor.says()

    said = tocsin_intake()

    assert re.search(r"^Acme +generic +3 +1 +1 +2", said, re.MULTILINE)
    assert re.search(rf'^{bad} .*Acme +generic +The alert cannot be read: it has no "title"', said, re.MULTILINE)
    assert "tocsin intake retry ID" in said


def test_what_was_turned_away_is_listed_with_why(world: World):
    monitor = Monitor(world, door=Door(lambda: 1000.0), rate=1)
    for _ in range(11):
        monitor.says() if len(IntakeItem.objects.all()) < 10 else monitor.post({})

    said = tocsin_intake()

    assert re.search(rf"Acme +key {monitor.key.pk}, generic +too fast +1 ", said)


def test_a_body_nested_deeply_is_shown_and_does_not_fill_the_screen_with_space(world: World):
    monitor = Monitor(world)
    deep = b'{"a":' * 900 + b"[" + b"1," * 10_000 + b"1]" + b"}" * 900
    number = monitor.post(deep).said["accepted"]

    said = tocsin_intake("show", str(number))

    assert said.rstrip().endswith(deep.decode())
    assert len(said) < 2 * len(deep)


def test_a_body_is_shown_as_it_came_without_anything_that_moves_a_cursor(world: World):
    bad = Monitor(world).post({"no": "\x1b[2Jalert \u202e"}).said["accepted"]
    world.turn()

    said = tocsin_intake("show", str(bad))

    assert '"no": "\\u001b[2Jalert \ufffd"' in said
    assert re.search(r"^error +The alert cannot be read", said, re.MULTILINE)
    assert "\x1b" not in said


def test_one_that_could_not_be_read_is_tried_again(world: World):
    bad = Monitor(world).post({"no": "alert"}).said["accepted"]
    world.turn()

    assert "new again" in tocsin_intake("retry", str(bad))
    assert IntakeItem.objects.get(pk=bad).state == "new"
    with pytest.raises(CommandError, match="is new"):
        tocsin_intake("retry", str(bad))


def test_all_that_could_not_be_read_are_tried_again_together(world: World):
    monitor = Monitor(world)
    for _ in range(3):
        monitor.post({"no": "alert"})
    world.turn()

    assert tocsin_intake("retry", "--all").startswith("3 items")


@pytest.mark.parametrize("source", sorted(SOURCES))
def test_a_new_key_is_printed_once_with_a_curl_that_works(world: World, source: str):
    said = tocsin_intake("key", "add", "--client", "acme", "--source", source)

    command = shlex.split(said[said.index("curl") :].replace("\\\n", " "))
    headers = [command[place + 1] for place, word in enumerate(command) if word == "-H"]
    body = command[command.index("-d") + 1]
    key = IntakeKey.objects.get()
    text = headers[0].removeprefix("Authorization: Bearer ")
    assert intake_keys.digest(text) == key.digest
    assert said.count(text) == 2
    monitor = Monitor(world, source=source)
    answer = monitor.post(body.encode(), HTTP_AUTHORIZATION=f"Bearer {text}")
    world.turn()
    assert answer.status == 202
    assert len(monitor.tickets) == 1


def test_a_key_alone_is_printed_for_scripts(world: World):
    text = tocsin_intake("key", "add", "--client", "acme", "--source", "generic", "--plain").strip()

    assert IntakeKey.objects.get().digest == intake_keys.digest(text)


def test_a_key_gets_what_was_asked_for(world: World):
    options = {"--service": "files", "--priority": "P2", "--rate": "7", "--name": "grafana"}
    asked = [word for pair in options.items() for word in pair]

    tocsin_intake("key", "add", "--client", "acme", "--source", "generic", *asked)

    key = IntakeKey.objects.get()
    assert (key.service.slug, key.default_priority, key.rate, key.name) == ("files", "P2", 7, "grafana")
    listed = tocsin_intake("key", "list")
    assert re.search(rf"^{key.pk} +Acme +generic +Files +grafana +7/s .* never +valid$", listed, re.MULTILINE)


def test_a_key_is_revoked_and_listed_as_such(world: World):
    key = Monitor(world).key

    tocsin_intake("key", "revoke", str(key.pk))

    assert "revoked 20" in tocsin_intake("key", "list", "--client", "acme")
    with pytest.raises(CommandError, match="revoked before"):
        tocsin_intake("key", "revoke", str(key.pk))


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["key", "add", "--client", "acne", "--source", "generic"], "Did you mean acme?"),
        (["key", "add", "--client", "acme", "--source", "nagios"], "it is one of alertmanager, generic"),
        (["key", "add", "--client", "acme", "--source", "generic", "--service", "file"], "Did you mean files?"),
        (["key", "revoke", "99"], "There is no key 99"),
        (["show", "99"], "There is no item 99"),
    ],
)
def test_what_does_not_exist_is_said_with_the_remedy(world: World, arguments: list[str], says: str):
    with pytest.raises(CommandError) as told:
        tocsin_intake(*arguments)

    assert says in str(told.value)


def test_the_page_of_the_formats_names_every_answer_the_door_gives():
    page = (Path(__file__).parents[2] / "docs" / "intake.md").read_text("utf-8")

    listed = " ".join(re.findall(r"^\| (\d{3}) \|", page, re.MULTILINE))
    assert listed == "202 400 401 404 405 413 429 503 500"
    assert json.dumps({"accepted": 17}) in page
