"""Does every letter lie in the outbox once, ready to be sent, with nobody forgotten?"""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from tocsin.outbox.delivery import Delivery
from tocsin.outbox.queue import AlreadyQueued, Letter, queue

pytestmark = pytest.mark.django_db
TEN = datetime(2026, 11, 20, 10, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def letter(key="step/management@1/team-lead", ticket=17, **fields):
    given = {
        "client_id": 3,
        "ticket_id": ticket,
        "key": key,
        "person": "person/1",
        "ways": [("terminal", "ann"), ("email", "ann@msp.example")],
        "subject": "[P1] Acme",
        "body": "The mail server is down.",
        "due_at": TEN,
    }
    return Letter(**(given | fields))


def test_a_letter_goes_by_the_first_way_and_keeps_the_others():
    queue([letter()])

    stored = Delivery.objects.get()
    assert (stored.channel, stored.address, stored.alternatives) == ("terminal", "ann", [["email", "ann@msp.example"]])
    assert (stored.state, stored.attempts, stored.token, stored.due_at, stored.not_before) == ("queued", 0, 0, TEN, TEN)
    assert (stored.sent_at, stored.lease_until, stored.duplicate_possible) == (None, None, False)


def test_a_letter_that_may_not_go_yet_waits():
    queue([letter(not_before=TEN + MINUTE)])

    assert list(Delivery.objects.due(TEN)) == []
    assert Delivery.objects.due(TEN + MINUTE).count() == 1


def test_a_letter_to_somebody_nobody_can_reach_is_left_to_the_sender_to_find_out():
    queue([letter(ways=[], person="contact/9")])

    stored = Delivery.objects.get()
    assert (stored.state, stored.channel, stored.alternatives) == ("queued", "", [])
    assert list(Delivery.objects.due(TEN)) == [stored]


def test_a_key_is_queued_once_a_ticket_and_the_transaction_can_go_on():
    queue([letter()])

    with pytest.raises(AlreadyQueued, match="step/management@1/team-lead of ticket 17"):
        queue([letter(key="another"), letter()])

    queue([letter(ticket=18)])
    assert sorted(Delivery.objects.values_list("ticket_id", "key")) == [(17, letter().key), (18, letter().key)]


def test_a_letter_about_no_ticket_has_its_key_once_in_the_outbox():
    queue([letter(key="alarm/silent", ticket=None)])

    with pytest.raises(AlreadyQueued):
        queue([letter(key="alarm/silent", ticket=None)])


def test_no_text_a_monitor_can_send_keeps_somebody_asleep():
    queue([letter(subject="disk\0full", body="half a character: \ud83d, and \\N, a tab\tand\nlines")])

    stored = Delivery.objects.get()
    assert stored.subject == "disk\ufffdfull"
    assert stored.body == "half a character: ?, and \\N, a tab\tand\nlines"


def test_a_hundred_letters_are_one_statement(django_assert_num_queries):
    with django_assert_num_queries(3):  # a savepoint, the rows, and its release
        queue([letter(key=f"step@{n}") for n in range(100)])

    assert Delivery.objects.count() == 100


@pytest.mark.django_db(transaction=True)
def test_letters_are_queued_only_together_with_what_they_tell_of():
    with pytest.raises(transaction.TransactionManagementError):
        queue([letter()])


def test_due_are_those_waiting_and_those_whose_sender_did_not_come_back():
    queue([letter(key=key) for key in ("queued", "held", "lapsed", "sent", "dead", "withdrawn")])
    Delivery.objects.filter(key="held").update(state="sending", lease_until=TEN + MINUTE)
    Delivery.objects.filter(key="lapsed").update(state="sending", lease_until=TEN - MINUTE)
    Delivery.objects.filter(key="sent").update(state="sent", sent_at=TEN)
    for state in ("dead", "withdrawn"):
        Delivery.objects.filter(key=state).update(state=state)

    assert {delivery.key for delivery in Delivery.objects.due(TEN)} == {"queued", "lapsed"}


def test_what_was_sent_knows_when():
    queue([letter()])

    with pytest.raises(IntegrityError), transaction.atomic():
        Delivery.objects.update(state="sent")


def test_what_is_due_is_found_by_the_small_index_of_those_waiting():
    queue([letter(key=f"step@{n}") for n in range(2000)])
    Delivery.objects.exclude(key="step@7").update(state="sent", sent_at=TEN)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE tocsin_delivery")

    plan = Delivery.objects.due(TEN).explain()

    assert "delivery_waiting" in plan
