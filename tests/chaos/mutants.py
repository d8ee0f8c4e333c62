"""Which faults of engine and outbox must show when engines are killed?

They are found only by what a crash, a sleeping engine or a second one makes of them; the tests are shortened here.
"""

from __future__ import annotations

from tests.mutate import Mutant

KILLED = ("tests/chaos/test_sigkill.py",)
HELD = ("tests/outbox/test_lease.py", "tests/engine/test_deliveries.py")  # a kill seldom falls into the moment
IN_HAND = ("tests/chaos/test_in_hand.py",)
SQLITE = {"TOCSIN_TEST_DATABASE": "sqlite", "TOCSIN_TEST_KILLS": "20"}
POSTGRES = {"TOCSIN_TEST_DATABASE": "postgres", "TOCSIN_TEST_KILLS": "20"}

DELIVERIES = "tocsin/engine/deliveries.py"
LEASE = "tocsin/outbox/lease.py"
TICKETS = "tocsin/engine/tickets.py"
LOG_TABLE = "tocsin/migrations/0001_log.py"
OUTBOX_TABLE = "tocsin/migrations/0004_outbox.py"

KEY_UNIQUE = (
    "models.UniqueConstraint(condition=models.Q(('key__isnull', False)), fields=('stream', 'key'),"
    " name='event_key_once_in_stream'), "
)
PLACE_UNIQUE = "models.UniqueConstraint(fields=('stream', 'seq'), name='event_once_in_stream'), "
LETTER_UNIQUE = "models.UniqueConstraint(fields=('ticket_id', 'key'), name='delivery_once_a_ticket'), "
LOCK = '        tickets = tickets.select_for_update(skip_locked=True, of=("self",))\n'
SEND = "        try:\n            receipt = channels()[delivery.channel].send(letter)\n"
GATHER = "        entries += drafted\n"
COMMIT = """        connection.cursor().execute("COMMIT")
        connection.cursor().execute("BEGIN")
"""

CHAOS = [
    Mutant(
        "a row lock dropped, so that two engines decide at once", TICKETS, LOCK, "        pass\n", IN_HAND, POSTGRES
    ),
    # Row lock, place in the chain and letter's key each keep the second effect from being written, too; all go.
    Mutant(
        "unique keys dropped, and nothing else keeps two engines apart",
        LOG_TABLE,
        KEY_UNIQUE,
        "",
        KILLED,
        POSTGRES,
        also=((LOG_TABLE, PLACE_UNIQUE, ""), (OUTBOX_TABLE, LETTER_UNIQUE, ""), (TICKETS, LOCK, "        pass\n")),
    ),
    Mutant(
        "receipt recorded before the send",
        DELIVERIES,
        SEND,
        "        with transaction.atomic():\n"
        '            id = str(channels()[delivery.channel].message(letter)["Message-ID"])\n'
        "            self._taken(delivery, Receipt(id), Sent(), self.clock())\n" + SEND,
        KILLED,
        SQLITE,
    ),
    Mutant(
        "a letter claimed without a lock",
        LEASE,
        "            found = found.select_for_update(skip_locked=True)\n",
        "            pass\n",
        IN_HAND,  # the token alone keeps two from sending it: without the lock it only comes late
        POSTGRES,
    ),
    Mutant(
        "a lost lease taken for one that is held",
        LEASE,
        "WHERE id = %s AND token = %s AND",
        "WHERE id = %s AND token >= 0 * %s AND",
        HELD,
        POSTGRES,
    ),
    Mutant(
        "a page claimed by a dead engine waits like one that may have left",
        LEASE,
        "until, state = now + CLAIMED_FOR",
        "until, state = now + HELD_FOR",
        ("tests/stories/test_outbox.py",),
    ),
    Mutant(
        "a second copy not marked",
        DELIVERIES,
        "        delivery.duplicate_possible |= delivery.handed_at is not None",
        "        pass",
        KILLED,
        SQLITE,
    ),
    Mutant(
        "the handing over not written down before it",
        LEASE,
        "keep(delivery, handed_at=now, lease_until",
        "keep(delivery, lease_until",
        KILLED,
        SQLITE,
    ),
    Mutant(
        "a commit between the events and their letters",
        TICKETS,
        GATHER,
        "        insert(drafted)\n        save_all([ticket])\n" + COMMIT,
        KILLED,
        SQLITE,
    ),
    Mutant(
        "a commit between the events and look_at",
        TICKETS,
        GATHER,
        "        insert(drafted)\n" + COMMIT,
        KILLED,
        SQLITE,
    ),
]
