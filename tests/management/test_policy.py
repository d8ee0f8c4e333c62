"""Can a standard live in a file: judged, adopted and shown from a shell?"""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.world import FIELD_GUIDE, World
from tocsin.log.event import Event
from tocsin.management.policy import subcommands
from tocsin.standard.version import PolicyVersion

pytestmark = pytest.mark.django_db
GUIDE = FIELD_GUIDE.read_text("utf-8")


@pytest.fixture(autouse=True)
def world(db: None) -> World:
    return World()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file with the field guide in other words."""
    file = tmp_path / "desk.toml"
    file.write_text(f"{GUIDE}\n# Reviewed in November.\n", "utf-8")
    return file


def policy(*words: object) -> str:
    out = io.StringIO()
    call_command("policy", *map(str, words), stdout=out)
    return out.getvalue()


def refused(*words: object) -> str:
    with pytest.raises(CommandError) as refusal:
        policy(*words)
    return str(refusal.value)


def test_a_file_is_adopted_once_with_author_and_reason_on_the_standards_log(file: Path, world: World):
    said = policy("adopt", file, "--by", "Mona", "--why", "reviewed in November")
    again = policy("adopt", file)

    version = PolicyVersion.objects.get(number=2)
    event = Event.objects.get(stream=version.policy.stream_name, key="adopt/2")
    assert said.startswith("field-guide 2 is in force for every client")
    assert "nothing to do" in again and PolicyVersion.objects.count() == 2
    assert version.text == file.read_text("utf-8")
    assert (event.data["why"], event.actor) == ("reviewed in November", world.mona.actor)


def test_a_standard_is_adopted_under_another_name(file: Path):
    policy("adopt", file, "--name", "desk-north")

    assert PolicyVersion.objects.get(policy__name="desk-north").number == 1


def test_what_cannot_be_read_is_named_by_line_and_stored_nowhere(file: Path):
    file.write_text(GUIDE.replace('"15m"', '"15"', 1), "utf-8")
    line = GUIDE[: GUIDE.index('"15m"')].count("\n") + 1

    out = io.StringIO()
    with pytest.raises(CommandError, match="1 mistake: nobody could work by it"):
        call_command("policy", "adopt", str(file), stdout=out)

    assert out.getvalue().startswith(f"{file}:{line}: ")
    assert PolicyVersion.objects.count() == 1


def test_who_is_named_must_be_somebody_of_the_desk(file: Path):
    assert refused("adopt", file, "--by", "Monna") == "Nobody here is 'Monna': did you mean 'Mona'?"
    assert PolicyVersion.objects.count() == 1


def test_what_there_is_is_shown_with_who_adopted_it_and_its_text_can_be_taken_up(file: Path):
    policy("adopt", file, "--by", "Mona")

    shown = policy()

    first, second, third = shown.splitlines()
    assert first == "field-guide: Field guide"
    assert second.split()[:2] == ["2", "in"] and second.endswith("UTC by Mona")
    assert third.split()[0] == "1"
    assert policy("show", "field-guide", "--text") == file.read_text("utf-8")


def test_a_mistyped_standard_is_answered_with_the_nearest():
    assert refused("show", "field-gide") == "No standard 'field-gide' was adopted here: did you mean 'field-guide'?"


def test_each_act_teaches_by_example(capsys: pytest.CaptureFixture[str]):
    for each in subcommands():
        with pytest.raises(SystemExit):
            call_command("policy", each.NAME, "--help")

        assert f"For example:\n  tocsin policy {each.NAME}" in capsys.readouterr().out
