"""Does an edited row show against its log?"""

import pytest

from tests.world import World
from tocsin.desk import tickets
from tocsin.desk.proof import refold
from tocsin.desk.ticket import Ticket
from tocsin.log.verify import verify

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return World()


def test_tickets_that_lived_a_little_show_what_their_logs_say(world):
    ticket = world.opens("Mail is slow", priority="P2")
    tickets.wait(ticket, on="client", reason="which mailbox?", by=world.lena, now=world.now)
    world.forward(hours=1)
    tickets.resume(ticket, by=world.lena, now=world.now)
    world.forward(hours=3)

    faults = [*verify(), *refold()]

    assert faults == []


def test_an_edited_projection_is_named_by_stream_sequence_and_column(world):
    ticket = world.opens(priority="P2")
    Ticket.objects.filter(pk=ticket.pk).update(priority="P4", solved_at=world.now)

    (fault,) = refold()

    assert (fault.stream, fault.seq) == (ticket.stream_name, 2)
    assert fault.what == (
        f"INC-1 shows what its log does not say: priority (stored P4, told P2), "
        f"solved_at (stored {world.now}, told None)"
    )


def test_an_edited_reading_names_the_clock(world):
    ticket = world.opens(priority="P2")
    Ticket.objects.filter(pk=ticket.pk).update(
        reading=ticket.reading.replace('"breached_at":null', '"breached_at":"x"', 1)
    )

    (fault,) = refold()

    assert "the reading of its clocks (of client_notified)" in fault.what


def test_an_edited_title_kind_or_client_is_named(world):
    ticket = world.opens("Mail is slow", priority="P2")
    bolt = world.client("Bolt")
    Ticket.objects.filter(pk=ticket.pk).update(title="All is well", kind="request", client=bolt)

    (fault,) = [fault for fault in refold() if fault.stream == ticket.stream_name]

    assert f"client (stored {bolt.pk}, told {ticket.client_id})" in fault.what
    assert "title (stored All is well, told Mail is slow)" in fault.what
    assert "kind (stored request, told incident)" in fault.what
