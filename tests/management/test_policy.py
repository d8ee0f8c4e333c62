"""Can a standard live in a file: judged, adopted and shown from a shell?"""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.world import FIELD_GUIDE, World
from tocsin.log.event import Event
from tocsin.management.policy import subcommands
from tocsin.standard import life
from tocsin.standard.terms import version_for
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
    assert said.startswith(
        "field-guide 2 is stored, and in force nowhere yet. Next:\n  tocsin policy pilot field-guide"
    )
    assert str(version_for(world.acme)) == "field-guide 1"
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

    first, second, third, where = shown.splitlines()
    assert first == "field-guide: Field guide"
    assert second.split()[:2] == ["2", "-"] and second.endswith("UTC by Mona")
    assert third.split()[:3] == ["1", "in", "force"]
    assert where.strip() == "wherever the contract names it: Acme"
    assert policy("show", "field-guide", "--text") == GUIDE


def test_a_mistyped_standard_is_answered_with_the_nearest():
    assert refused("show", "field-gide") == "No standard 'field-gide' was adopted here: did you mean 'field-guide'?"


def test_each_act_teaches_by_example(capsys: pytest.CaptureFixture[str]):
    for each in subcommands():
        with pytest.raises(SystemExit):
            call_command("policy", each.NAME, "--help")

        assert f"For example:\n  tocsin policy {each.NAME}" in capsys.readouterr().out


def test_adopted_everywhere_it_is_in_force_at_once(file: Path, world: World):
    said = policy("adopt", file, "--everywhere")

    assert said == "field-guide 2 is in force for every client whose contract names field-guide.\n"
    assert str(version_for(world.acme)) == "field-guide 2"


def test_one_that_ships_is_adopted_by_its_name_and_a_mistyped_one_answered_with_the_nearest():
    assert policy("adopt", "sla-guard").startswith("sla-guard 1 is in force for every client whose contract names")
    assert refused("adopt", "sla-gard") == (
        "There is no file sla-gard, and no standard that ships: did you mean 'sla-guard'?"
    )


def test_a_pilot_is_looked_at_first_taken_shown_and_rolled_back(world: World):
    assert refused("pilot", "sla-guard", "--client", "acme", "--until", "2999-12-31") == (
        "The standard sla-guard ships, and was not adopted yet: tocsin policy adopt sla-guard"
    )
    policy("adopt", "sla-guard")
    assert refused("pilot", "sla-guard", "--client", "acme", "--until", "9999-12-31") == (
        "9999-12-31 is no day that anybody decides on: give a nearer one."
    )
    pilot = ("pilot", "sla-guard", "--client", "acme", "--until", "2999-12-30", "--by", "Mona", "--why", "a try")
    world.opens()

    said = policy(*pilot, "--dry-run")
    change = "Acme: field-guide 1 → sla-guard 1, a pilot until 2999-12-31 00:00 UTC\n"
    assert said == f"{change}1 open ticket keeps the version it was opened under.\nNothing was changed (--dry-run).\n"
    assert str(version_for(world.acme)) == "field-guide 1"

    said = policy(*pilot)
    assert said.startswith(change) and said.endswith("To undo it: tocsin policy rollback sla-guard --step 2\n")
    assert str(version_for(world.acme)) == "sla-guard 1"
    shown = policy("show", "sla-guard").splitlines()
    assert re.fullmatch(r" +at Acme since .* by Mona, a pilot until 2999-12-31 00:00 UTC", shown[3])
    assert re.fullmatch(r"    2  .* sla-guard 1 piloted at Acme until 2999-12-31 .* by Mona: a try", shown[5])

    said = policy("rollback", "sla-guard")
    assert said.startswith("Acme: sla-guard 1, a pilot until 2999-12-31 00:00 UTC → field-guide 1\n")
    assert str(version_for(world.acme)) == "field-guide 1"
    assert "(rolled back in step 3): a try" in policy("show", "sla-guard")


def test_a_pilot_whose_end_has_passed_is_shown_as_overdue(world: World):
    policy("adopt", "sla-guard")
    version, long_ago = PolicyVersion.objects.get(policy__name="sla-guard"), datetime(2001, 1, 1, tzinfo=UTC)
    life.pilot(version, world.acme, until=long_ago + timedelta(days=9), by="test", now=long_ago)

    assert "a pilot until 2001-01-10 00:00 UTC, OVERDUE: roll it out or back" in policy("show", "sla-guard")


def test_it_is_rolled_out_to_chosen_clients_to_each_there_is_and_everywhere(file: Path, world: World):
    bolt = world.client("Bolt")
    policy("adopt", "sla-guard")
    policy("adopt", file)

    policy("rollout", "sla-guard", "--client", "bolt")
    assert [str(version_for(client)) for client in (world.acme, bolt)] == ["field-guide 1", "sla-guard 1"]
    policy("rollout", "field-guide", "--everywhere")
    assert [str(version_for(client)) for client in (world.acme, bolt)] == ["field-guide 2", "sla-guard 1"]
    said = policy("rollout", "sla-guard", "--every-client")
    assert said.splitlines()[0] == "Acme: field-guide 2 → sla-guard 1"
    policy("rollback", "sla-guard")
    assert [str(version_for(client)) for client in (world.acme, bolt)] == ["field-guide 2", "sla-guard 1"]


def test_a_refusal_is_a_sentence_that_says_what_to_do(world: World):
    policy("adopt", "sla-guard")
    lower = policy("pilot", "sla-guard", "--client", "acme", "--until", "2999-12-31").splitlines()[-1].split()[1]
    policy("rollout", "sla-guard", "--client", "acme")

    assert "Roll that back first." in refused("rollback", "sla-guard", "--step", lower)
    assert refused("rollback", "sla-guard", "--step", "99") == "sla-guard has no step 99: its history names them."
    assert refused("pilot", "sla-guard", "--client", "acne", "--until", "2999-12-31") == (
        "There is no client 'acne': did you mean 'acme'?"
    )
    assert refused("pilot", "sla-guard", "--client", "acme", "--until", "soon") == (
        "'soon' is no day: write it as 2026-12-31."
    )
    assert refused("rollout", "sla-guard", "--version", "7", "--everywhere") == (
        "sla-guard has no version 7: its newest is 1."
    )


def test_what_counts_for_a_client_is_shown_merged_and_apart(world: World):
    bolt = world.client("Bolt", overrides={"targets": {"resolution": {"P2": "6h"}}})

    said = policy("show", "--client", "bolt").splitlines()

    assert said[0].startswith("Bolt works by field-guide 1 since ")
    assert said[1] == "1 target of its contract differs from the standard's."
    assert said[2].split(None, 2)[:2] == ["resolution", "P2"]
    assert re.search(r"6h on always +client +instead of standard field-guide 1: 8h on always$", said[2])
    assert all("instead of" not in line for line in said[3:]) and len(said) > 10
    policy("adopt", "sla-guard")
    policy("rollout", "sla-guard", "--client", bolt.slug)
    assert policy("show", "--client", "bolt").startswith("Bolt works by sla-guard 1, in place of field-guide since ")
    assert refused("show", "--client", "bolt", "--service", "file") == (
        "Bolt has no service 'file': did you mean 'files'?"
    )


def test_what_a_file_would_change_is_told_in_words_with_an_answer_for_ci(file: Path, world: World):
    world.opens(priority="P2")
    assert policy("diff", "field-guide@1", file) == "They say the same.\n"
    file.write_text(
        GUIDE.replace('P2 = "8h"', 'P2 = "2h"', 1).replace('P1 = "15m", P2 = "30m"', 'P1 = "15m", P2 = "20m"', 1)
    )

    out = io.StringIO()
    with pytest.raises(SystemExit) as answer:
        call_command("policy", "diff", "field-guide", str(file), "--tickets", stdout=out)

    assert answer.value.code == 1
    assert "P2 resolution 8h → 2h, affects 1 open ticket" in out.getvalue()
    assert out.getvalue().endswith("2 differences, 1 open ticket.\n")
    with pytest.raises(CommandError, match="has no version 9") as trouble:
        policy("diff", "field-guide@9", file)
    assert trouble.value.returncode == 2


def test_open_tickets_are_looked_at_and_moved_from_a_shell(file: Path, world: World):
    ticket = world.opens(priority="P2")
    file.write_text(GUIDE.replace('P1 = "4h", P2 = "8h"', 'P1 = "4h", P2 = "6h"', 1))
    policy("adopt", file)

    looked = policy("move", "field-guide", "--client", "acme")
    assert "INC-1 P2 Acme: Disk full on db-1" in looked and "Resolution: due" in looked
    assert looked.endswith("1 ticket. Nothing was moved: add --yes and --why.\n")
    moved = policy("move", "field-guide", "--ticket", "INC-1", "--yes", "--by", "Mona", "--why", "agreed")

    ticket.refresh_from_db()
    assert moved == "1 ticket moved to field-guide 2.\n"
    assert ticket.policy_version.number == 2
    assert "Say which tickets" in refused("move", "field-guide")
    assert "could not be moved" in refused("move", "field-guide", "--version", "1", "--ticket", "INC-1", "--yes")


def test_a_pilot_is_measured_from_a_shell_with_n_beside_every_figure(world: World):
    world.opens(priority="P1")
    world.forward(minutes=6)

    said = policy("measure", "acme", "--since", "2026-11-16", "--until", "2026-11-17")

    assert "Acme, 2026-11-15 00:00 to 2026-11-16 00:00 UTC (0 tickets) and 2026-11-16 00:00 to" in said
    assert "pages to Omar: 0 → 1" in said
    assert "time to resolve, working time: no data → no data" in said
    assert "No pilot goes on at Acme" in refused("measure", "acme")
    assert "is no day" in refused("measure", "acme", "--since", "soon")
