"""Does an edited row show against its log?"""

from datetime import timedelta
from itertools import count

import pytest
from django.db import transaction

from tests.conftest import tamper
from tests.world import FIELD_GUIDE, World
from tocsin.desk import tickets
from tocsin.desk.proof import refold
from tocsin.desk.ticket import Ticket
from tocsin.directory.contract import Contract
from tocsin.log.verify import verify
from tocsin.standard.adopt import adopt
from tocsin.standard.version import PolicyVersion

pytestmark = pytest.mark.django_db
_forgotten = count(-1, -1)


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


def edits(world: World, ticket: Ticket) -> dict[str, object]:
    """Another value for every column of a ticket that no rule decides."""
    other = adopt(FIELD_GUIDE.read_text() + "\n# later\n", by="test", now=world.now)
    return {
        "number": "INC-99",
        "service": world.acme_files.pk,
        "contact": world.ivan.pk,
        "policy_version": other.pk,
        "external_id": "elsewhere/1",
        "reported_at": ticket.reported_at - timedelta(days=3),
        "opened_at": ticket.opened_at + timedelta(hours=3),
        "owner": world.sam.pk,
        "worker": world.sam.pk,
        "updates_sent": 7,
        "imported": True,
    }


@pytest.mark.parametrize(
    "column",
    [
        "number",
        "service",
        "contact",
        "policy_version",
        "external_id",
        "reported_at",
        "opened_at",
        "owner",
        "worker",
        "updates_sent",
        "imported",
    ],
)
def test_an_edit_of_what_no_rule_decides_is_named(world, column):
    ticket = world.opens(priority="P2", contact=world.carla)
    world.updates(ticket)
    edited = edits(world, ticket)[column]
    Ticket.objects.filter(pk=ticket.pk).update(**{column: edited})

    (fault,) = refold()

    assert (fault.stream, fault.seq) == (ticket.stream_name, world.last(ticket, "updated").seq)
    assert f"{column} (stored {edited}, told " in fault.what


def test_whose_it_is_is_what_assignments_acceptances_and_returns_say(world):
    ticket = world.opens(priority="P2")
    world.escalates(ticket, "L2")
    world.accepts(ticket, by="sam")
    assert [*refold()] == []
    world.sends_back(ticket, by="sam")
    assert [*refold()] == []
    tickets.assign(ticket, owner=world.tara, by=world.lena, now=world.now)
    assert [*refold()] == []

    Ticket.objects.filter(pk=ticket.pk).update(owner=world.lena, worker=world.sam)

    (fault,) = refold()
    assert f"owner (stored {world.lena.pk}, told {world.tara.pk})" in fault.what
    assert f"worker (stored {world.sam.pk}, told {world.lena.pk})" in fault.what


def test_a_contact_who_was_deleted_is_no_fault_and_one_who_was_taken_off_a_ticket_is(world):
    world.opens(contact=world.carla)
    second = world.opens(contact=world.ivan)
    world.carla.delete()
    Ticket.objects.filter(pk=second.pk).update(contact=None)

    (fault,) = refold()

    assert fault.stream == second.stream_name


def test_what_an_opening_of_an_earlier_version_does_not_say_is_not_compared(world, monkeypatch):
    of_before = property(lambda ticket: {"title": ticket.title, "kind_of_ticket": ticket.kind})
    with monkeypatch.context() as earlier:
        earlier.setattr(Ticket, "as_opened", of_before)
        world.opens(priority="P2", contact=world.carla)

    assert [*verify(), *refold()] == []


def test_an_edited_title_kind_or_client_is_named(world):
    ticket = world.opens("Mail is slow", priority="P2")
    bolt = world.client("Bolt")
    Ticket.objects.filter(pk=ticket.pk).update(title="All is well", kind="request", client=bolt)

    (fault,) = [fault for fault in refold() if fault.stream == ticket.stream_name]

    assert f"client (stored {bolt.pk}, told {ticket.client_id})" in fault.what
    assert "title (stored All is well, told Mail is slow)" in fault.what
    assert "kind (stored request, told incident)" in fault.what


@pytest.mark.parametrize("text", ["[]", "5", "null", '"x"', "{", ""])
def test_a_reading_that_is_none_is_named_and_the_next_ticket_still_told(world, text):
    first, second = world.opens(priority="P2"), world.opens(priority="P2")
    Ticket.objects.filter(pk=first.pk).update(reading=text)
    Ticket.objects.filter(pk=second.pk).update(title="All is well")

    one, other = refold()

    assert (one.stream, one.seq) == (first.stream_name, 2)
    assert "the reading of its clocks (stored text is no reading)" in one.what
    assert other.stream == second.stream_name


def test_a_contract_that_cannot_be_read_costs_its_own_clients_tickets_and_no_other(world):
    ticket = world.opens(priority="P2")
    other = world.opens(priority="P2", client=world.client("Bolt"))
    Ticket.objects.filter(pk=other.pk).update(title="All is well")
    tamper("UPDATE tocsin_contract SET overrides = '[]' WHERE client_id = %s", world.acme.pk)
    forget_terms()

    first, second = refold()

    assert (first.stream, first.seq) == (ticket.stream_name, 2)
    assert "its story cannot be told: AttributeError" in first.what
    assert second.stream == other.stream_name


def test_a_ticket_whose_standard_is_gone_is_named(world):
    ticket = world.opens(priority="P2")
    with transaction.atomic():
        tamper("DELETE FROM tocsin_policyversion")
        forget_terms()

        (fault,) = refold()

        transaction.set_rollback(True)  # or the database itself would find it missing at the end of the test

    assert (fault.stream, fault.seq) == (ticket.stream_name, 2)
    assert "PolicyVersion matching query does not exist" in fault.what


@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize(
    "change",
    [
        "UPDATE tocsin_ticket SET title = CAST(x'ff' AS TEXT) WHERE id = %s",
        "UPDATE tocsin_event SET body = CAST(x'ff' AS TEXT) WHERE stream = 'ticket/' || %s AND seq = 2",
        "UPDATE tocsin_event SET body = 'no json' WHERE stream = 'ticket/' || %s AND seq = 1",
        "UPDATE tocsin_event SET recorded_at = 'yesterday' WHERE stream = 'ticket/' || %s AND seq = 2",
    ],
)
def test_what_cannot_even_be_read_is_a_fault_of_its_own_ticket_and_no_crash(world, change):
    before, ticket, after = (world.opens(priority="P2") for _ in range(3))
    tamper(change, ticket.pk)

    found = {fault.stream for fault in refold()}

    assert found == {ticket.stream_name}
    assert before.pk < ticket.pk < after.pk


def forget_terms():
    """As another process, or this one tomorrow, would read them."""
    Contract.generation = PolicyVersion.generation = next(_forgotten)
