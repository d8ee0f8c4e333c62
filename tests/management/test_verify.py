"""Does `tocsin verify` say no, by name, to every way of tampering with a desk that has lived?"""

import subprocess
import sys
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from tests.conftest import tamper
from tests.world import World
from tocsin.__main__ import run
from tocsin.desk import tickets
from tocsin.desk.ticket import Ticket
from tocsin.log.root import seal

pytestmark = pytest.mark.django_db


@pytest.fixture
def ticket(settings, tmp_path):
    """A ticket with a story of some length, sealed by a daily root."""
    settings.TOCSIN_HOME = tmp_path
    world = World()
    ticket = world.opens("Mail is slow", priority="P2")
    for minutes in (5, 10, 15):
        tickets.note(ticket, f"looked at it, {minutes}", by=world.lena, now=world.now + timedelta(minutes=minutes))
    seal(world.now + timedelta(days=1))
    return ticket


def verified():
    """The exit code of the command, and what it printed."""
    said = StringIO()
    try:
        call_command("verify", stdout=said)
    except CommandError as error:
        return error.returncode, said.getvalue()
    return 0, said.getvalue()


def test_a_desk_as_it_was_recorded_passes(ticket):
    code, said = verified()

    assert code == 0
    assert "every ticket shows what its log says" in said


def test_a_changed_byte_ends_in_exit_code_1_and_its_place(ticket):
    tamper(
        "UPDATE tocsin_event SET body = replace(body, 'noted', 'Noted') WHERE stream = %s AND seq = 4",
        ticket.stream_name,
    )

    code, said = verified()

    assert code == 1
    assert f"{ticket.stream_name} 4: " in said


def test_a_deleted_row_ends_in_exit_code_1_and_its_place(ticket):
    tamper("DELETE FROM tocsin_event WHERE stream = %s AND seq = 3", ticket.stream_name)

    code, said = verified()

    assert code == 1
    assert f"{ticket.stream_name} 3: " in said


def test_two_swapped_rows_end_in_exit_code_1_and_both_places(ticket):
    for was, now in ((4, 99), (3, 4), (99, 3)):
        tamper("UPDATE tocsin_event SET seq = %s WHERE stream = %s AND seq = %s", now, ticket.stream_name, was)

    code, said = verified()

    assert code == 1
    assert f"{ticket.stream_name} 3: " in said
    assert f"{ticket.stream_name} 4: " in said


def test_a_cut_tail_whose_head_was_set_back_ends_in_exit_code_1_and_its_place(ticket):
    tamper("DELETE FROM tocsin_event WHERE stream = %s AND seq = 5", ticket.stream_name)
    tamper(
        "UPDATE tocsin_ticket SET head_seq = 4, sealed_seq = 4, head_hash = "
        "(SELECT hash FROM tocsin_event WHERE stream = %s AND seq = 4) WHERE id = %s",
        ticket.stream_name,
        ticket.pk,
    )

    code, said = verified()

    assert code == 1
    assert f"{ticket.stream_name} 5: " in said


def test_an_edited_projection_ends_in_exit_code_1_and_its_place(ticket):
    Ticket.objects.filter(pk=ticket.pk).update(look_at=None)

    code, said = verified()

    assert code == 1
    assert f"{ticket.stream_name} 5: {ticket.number} shows what its log does not say: the next instant to look" in said


def test_promises_rewritten_behind_the_log_end_in_exit_code_1_and_their_place(ticket):
    tamper("UPDATE tocsin_contract SET revised_at = NULL, overrides = %s", '{"targets":{"resolution":{"P2":"9000h"}}}')

    code, said = verified()

    assert code == 1
    assert f"client/{ticket.client_id} 2: contract/" in said


def test_a_standards_text_rewritten_ends_in_exit_code_1_and_its_place(ticket):
    tamper("UPDATE tocsin_policyversion SET text = text || '\n# no more'")

    code, said = verified()

    assert code == 1
    assert f"{ticket.policy_version.policy.stream_name} 1: version 1 is not the one that was adopted" in said


def test_an_edited_note_ends_in_exit_code_1_and_its_place(ticket):
    tamper("UPDATE tocsin_message SET body = 'All is well' WHERE id = (SELECT min(id) FROM tocsin_message)")

    code, said = verified()

    assert code == 1
    assert f"{ticket.stream_name} 3: message " in said


def test_keys_that_are_none_are_said(ticket, tmp_path):
    (tmp_path / "keys.txt").write_text("no keys — at all")

    with pytest.raises(CommandError, match=r"keys\.txt cannot be read as public keys"):
        call_command("verify", trusted=tmp_path / "keys.txt")


@pytest.mark.parametrize("most", ["-3", "x", "1.5"])
def test_a_number_of_faults_that_is_none_is_a_mistyped_command(capsys, most):
    with pytest.raises(SystemExit) as end:
        run(["verify", "--most", most])

    assert end.value.code == 2
    assert f"{most!r} is not a number of faults, 0 or more" in capsys.readouterr().err


def test_a_file_that_is_no_text_is_said_without_the_machines_words(ticket, tmp_path):
    (tmp_path / "keys.bin").write_bytes(b"\x00\xff\x80")

    with pytest.raises(CommandError, match=r"keys\.bin cannot be read as public keys: byte 1 is none of a text file's"):
        call_command("verify", trusted=tmp_path / "keys.bin")


def test_a_block_that_is_no_key_is_said_without_the_machines_words(ticket, tmp_path):
    (tmp_path / "keys.txt").write_text("-----BEGIN PUBLIC KEY-----\nx\n-----END PUBLIC KEY-----")

    with pytest.raises(CommandError, match=r"keys\.txt cannot be read as public keys: a block of it is not in PEM\."):
        call_command("verify", trusted=tmp_path / "keys.txt")


def test_a_directory_in_place_of_a_file_of_keys_is_said(ticket, tmp_path):
    with pytest.raises(CommandError, match=r"is a directory: name the file with the public keys"):
        call_command("verify", trusted=tmp_path)


@pytest.mark.only_on("sqlite")
@pytest.mark.django_db(transaction=True)
def test_the_script_of_the_page_checks_a_chain_and_knows_no_stream_that_is_none(ticket, tmp_path):
    page = (Path(__file__).parents[2] / "docs" / "integrity.md").read_text("utf-8")
    (tmp_path / "check.py").write_text(page.split("```python\n")[1].split("```")[0])

    def checked(stream):
        script = [sys.executable, tmp_path / "check.py", connection.settings_dict["NAME"], stream]
        done = subprocess.run(script, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr

    ticket.refresh_from_db()
    assert checked(ticket.stream_name) == (0, f"{ticket.stream_name} holds; its last hash is {ticket.head_hash}\n")
    assert checked("ticket/999999") == (1, "there is no stream ticket/999999\n")
