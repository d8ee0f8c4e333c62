"""Is every way to tamper with the log named, by stream and sequence, and nothing else?"""

from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.db import connection, transaction

from tests.conftest import tamper
from tocsin.directory.client import Client
from tocsin.log.append import append
from tocsin.log.chain import Draft, chain, link
from tocsin.log.event import Event
from tocsin.log.root import Root, digest, seal
from tocsin.log.snapshot import snapshot
from tocsin.log.verify import Fault, verify

pytestmark = pytest.mark.django_db
TEN = datetime(2026, 11, 20, 10, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.TOCSIN_HOME = tmp_path
    return tmp_path


@pytest.fixture
def acme():
    """A client with nine events, the head of its story sealed after the sixth and again after the ninth."""
    client = Client.objects.create(name="Acme", slug="acme")
    other = Client.objects.create(name="Globex", slug="globex")
    note(client, *range(1, 7))
    note(other, 1, 2)
    seal(TEN)
    note(client, 7, 8, 9)
    seal(TEN + DAY)
    return client


def note(client, *numbers):
    for number in numbers:
        draft = Draft("noted", TEN, "person/1", {"text": f"remark {number}"}, key=f"note@{number}")
        append(client, [draft], now=TEN + number * MINUTE, client_id=client.pk)


def faults():
    return [(fault.stream, fault.seq) for fault in verify()]


def told():
    return "\n".join(str(fault) for fault in verify())


def test_a_log_as_it_was_recorded_has_no_fault(acme):
    assert list(verify()) == []


def test_an_empty_log_has_no_fault():
    assert list(verify()) == []


def test_a_changed_byte_is_named(acme):
    tamper("UPDATE tocsin_event SET body = replace(body, 'remark 4', 'remark 5') WHERE seq = 4")

    assert faults() == [(acme.stream_name, 4)]
    assert "its text or its hash was changed" in told()


def test_a_changed_hash_is_named_and_not_the_event_after_it(acme):
    tamper("UPDATE tocsin_event SET hash = %s WHERE seq = 4", "0" * 64)

    assert faults() == [(acme.stream_name, 4)]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("kind", "solved"),
        ("actor", "person/2"),
        ("client_id", 99),
        ("key", "another"),
        ("effective_at", "2026-11-20 09:00:00+00"),
        ("recorded_at", "2026-11-20 10:04:00.000001+00"),
    ],
)
def test_a_column_that_no_longer_says_what_its_text_says_is_named(acme, column, value):
    tamper(f"UPDATE tocsin_event SET {column} = %s WHERE seq = 4", value)

    assert faults() == [(acme.stream_name, 4)]
    assert f"its {column} was changed" in told()


def test_a_deleted_event_is_named(acme):
    tamper("DELETE FROM tocsin_event WHERE seq = 4")

    assert faults() == [(acme.stream_name, 4)]
    assert "missing" in told()


def test_a_deleted_first_event_is_named(acme):
    tamper("DELETE FROM tocsin_event WHERE seq = 1 AND stream = %s", acme.stream_name)

    assert faults() == [(acme.stream_name, 1)]


def test_several_events_deleted_in_a_row_are_one_fault_that_names_the_last_too(acme):
    tamper("DELETE FROM tocsin_event WHERE seq IN (3, 4, 5)")

    assert [(fault.seq, "up to 5" in fault.what) for fault in verify()] == [(3, True)]


def test_two_swapped_events_are_both_named_and_their_neighbours_are_not(acme):
    swap(acme, 4, 5)

    assert faults() == [(acme.stream_name, 4), (acme.stream_name, 5)]


def test_two_distant_events_swapped_are_both_named_and_their_neighbours_are_not(acme):
    swap(acme, 3, 8)

    assert faults() == [(acme.stream_name, 3), (acme.stream_name, 8)]
    assert f"its text is that of {acme.stream_name} 8" in told()


def swap(client, one, other):
    for old, new in ((one, 99), (other, one), (99, other)):
        tamper("UPDATE tocsin_event SET seq = %s WHERE seq = %s AND stream = %s", new, old, client.stream_name)


def test_a_deleted_event_whose_followers_were_renumbered_is_named(acme):
    tamper("DELETE FROM tocsin_event WHERE seq = 4")
    for seq in range(5, 10):
        tamper("UPDATE tocsin_event SET seq = %s WHERE seq = %s", seq - 1, seq)

    assert (acme.stream_name, 4) in faults()
    assert f"its text is that of {acme.stream_name} 5" in told()


def test_a_cut_tail_shows_against_the_head_on_its_row(acme):
    note(acme, 10, 11)
    tamper("DELETE FROM tocsin_event WHERE seq > 9")

    assert faults() == [(acme.stream_name, 10)]
    assert "stands at 11, its story ends at 9" in told()


def test_a_cut_tail_with_the_head_set_back_shows_against_the_signed_root(acme):
    tamper("DELETE FROM tocsin_event WHERE seq > 7")
    set_head(acme, Event.objects.get(stream=acme.stream_name, seq=7))

    assert faults()[0] == (acme.stream_name, 8)
    assert "root/2026-11-21 sealed 9" in told()


def test_a_cut_tail_does_not_pass_by_setting_the_row_back_altogether(acme):
    tamper("DELETE FROM tocsin_event WHERE seq > 7")
    set_head(acme, Event.objects.get(stream=acme.stream_name, seq=7))
    tamper("UPDATE tocsin_client SET sealed_seq = 7 WHERE id = %s", acme.pk)

    assert faults() == [(acme.stream_name, 8)]


def test_a_story_cut_off_whole_shows_against_the_signed_root(acme):
    tamper("DELETE FROM tocsin_event WHERE stream = %s", acme.stream_name)
    nothing = "head_seq = 0, head_hash = '', head_at = NULL, sealed_seq = 0"
    tamper(f"UPDATE tocsin_client SET {nothing} WHERE id = %s", acme.pk)

    assert faults() == [(acme.stream_name, 1)]
    assert "all its events are gone" in told()


def test_a_story_rewritten_with_true_hashes_shows_against_every_root_that_sealed_it(acme):
    rewrite_from(acme, 5)

    assert faults() == [(acme.stream_name, 6), (acme.stream_name, 9)]
    assert "rewritten after root/2026-11-20 sealed it" in told()


def test_a_root_over_a_rewritten_story_does_not_hide_what_an_earlier_root_sealed(acme):
    rewrite_from(acme, 5)
    note(Client.objects.get(pk=acme.pk), 10)
    seal(TEN + 2 * DAY)

    assert (acme.stream_name, 6) in faults()


def rewrite_from(client, seq):
    story = list(Event.objects.filter(stream=client.stream_name).order_by("seq"))
    before = story[seq - 2].hash
    for event in story[seq - 1 :]:
        body = event.body.replace(f"remark {seq}", "nothing at all")
        before = link(before, body)
        tamper("UPDATE tocsin_event SET body = %s, hash = %s WHERE id = %s", body, before, event.pk)
    set_head(client, Event.objects.get(stream=client.stream_name, seq=len(story)))


def set_head(client, event):
    Client.objects.filter(pk=client.pk).update(head_seq=event.seq, head_hash=event.hash, head_at=event.recorded_at)


@pytest.mark.parametrize(
    ("change", "seq", "words"),
    [
        ("head_seq = 8", 9, "stands at 8, its story ends at 9"),
        ("head_hash = 'abc'", 9, "another hash"),
        ("head_at = '2026-11-20 10:00:00+00'", 9, "another instant"),
        ("sealed_seq = 12", 0, "no root does"),
    ],
)
def test_an_edited_head_is_named(acme, change, seq, words):
    tamper(f"UPDATE tocsin_client SET {change} WHERE id = %s", acme.pk)

    assert faults() == [(acme.stream_name, seq)]
    assert words in told()


def test_a_story_whose_row_is_gone_is_named(acme):
    tamper("DELETE FROM tocsin_client WHERE id = %s", acme.pk)

    assert faults() == [(acme.stream_name, 9)]
    assert "the row of this stream is gone" in told()


def test_a_story_moved_to_another_stream_is_named_in_both(acme):
    tamper("UPDATE tocsin_event SET stream = 'client/999' WHERE stream = %s", acme.stream_name)

    assert {stream for stream, _ in faults()} == {acme.stream_name, "client/999"}


def test_an_event_slipped_in_with_a_true_hash_shows_against_the_head(acme):
    row = Client.objects.get(pk=acme.pk)
    (entry,) = chain(row.stream_name, row.head_seq, row.head_hash, [Draft("noted", TEN, "x")], recorded_at=TEN + DAY)
    Event.objects.create(**entry._asdict())

    assert faults() == [(acme.stream_name, 10)]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("heads = replace(heads, ' 9 ', ' 8 ')", "not the one that was signed"),
        ("heads = heads || ' '", "not the one that was signed"),
        ("signature = substr(signature, 2) || substr(signature, 1, 1)", "signature is wrong"),
        ("public_key = substr(public_key, 2) || substr(public_key, 1, 1)", "key that is not trusted"),
    ],
)
def test_an_edited_root_is_named(acme, change, words):
    tamper(f"UPDATE tocsin_root SET {change} WHERE day = '2026-11-21'")

    assert faults() == [("root/2026-11-21", 0)]
    assert words in told()


@pytest.mark.parametrize("change", ["heads = heads || ' '", "digest = 'abc'", "sealed_at = '2026-11-20 11:00:00+00'"])
def test_an_edited_root_is_said_once_and_not_of_the_root_after_it(acme, change):
    tamper(f"UPDATE tocsin_root SET {change} WHERE day = '2026-11-20'")

    assert faults() == [("root/2026-11-20", 0)]


def test_the_last_root_taken_away_is_said_once_of_all_its_streams(acme):
    note(Client.objects.get(slug="globex"), 3)
    seal(TEN + 2 * DAY)
    note(Client.objects.get(slug="globex"), 4)
    note(Client.objects.get(slug="acme"), 10)
    seal(TEN + 3 * DAY)
    tamper("DELETE FROM tocsin_root WHERE day = '2026-11-23'")

    (fault,) = told().splitlines()
    assert "its row says that a root has sealed it up to " in fault
    assert fault.endswith("and no root does (so with 1 more)")


@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize("change", ["heads = CAST(x'ff' AS TEXT)", "sealed_at = 'yesterday'"])
def test_a_root_that_cannot_be_read_is_a_fault_and_no_crash(acme, change):
    tamper(f"UPDATE tocsin_root SET {change} WHERE day = '2026-11-20'")

    assert told() == "root/2026-11-20: it cannot be read"


def test_a_root_left_out_is_named_at_the_one_after_it(acme):
    tamper("DELETE FROM tocsin_root WHERE day = '2026-11-20'")

    assert ("root/2026-11-21", 0) in faults()
    assert "does not follow the root before it" in told()


def test_a_root_made_anew_with_another_key_is_named(acme):
    root = Root.objects.get(day="2026-11-21")
    root.heads = "\n".join(line for line in root.heads.splitlines() if not line.startswith(acme.stream_name))
    key = Ed25519PrivateKey.generate()
    own = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()
    tamper(
        "UPDATE tocsin_root SET heads = %s, digest = %s, signature = %s, public_key = %s WHERE id = %s",
        root.heads,
        digest(root.signed_text),
        key.sign(root.signed_text.encode()).hex(),
        own,
        root.pk,
    )

    assert ("root/2026-11-21", 0) in faults()
    assert "not trusted here" in told()


def test_an_auditors_own_copy_of_the_key_decides_and_not_this_machines(acme, home, tmp_path_factory):
    theirs = tmp_path_factory.mktemp("auditor") / "root.pub"
    theirs.write_bytes((home / "keys" / "root.pub").read_bytes())
    for name in ("root.key", "root.pub"):
        (home / "keys" / name).unlink()
    seal(TEN + 2 * DAY)

    found = list(verify(trusted=theirs))

    assert found == [Fault("root/2026-11-22", 0, "it is signed with a key that is not trusted here")]


@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize(
    "change",
    [
        "body = CAST(x'7b22c3' AS TEXT)",
        "body = 'no json'",
        "body = x'00'",
        "recorded_at = 'yesterday'",
        "kind = CAST(x'ff' AS TEXT)",
        "hash = ''",
    ],
)
def test_what_cannot_even_be_read_is_a_fault_and_no_crash(acme, change):
    tamper(f"UPDATE tocsin_event SET {change} WHERE seq = 4")

    assert (acme.stream_name, 4) in faults()


def test_progress_is_told_up_to_the_last_event(acme):
    seen = []

    list(verify(progress=lambda done, total: seen.append((done, total))))

    assert seen[-1] == (11, 11)


@pytest.mark.django_db(transaction=True)
def test_what_is_recorded_while_one_verifies_is_no_fault_and_need_not_wait(home):
    with transaction.atomic():
        client = Client.objects.create(name="Acme", slug="acme")
        note(client, 1, 2, 3)
    seal(TEN)

    def write():
        try:
            with transaction.atomic():
                note(Client.objects.get(pk=client.pk), 4)
        finally:
            connection.close()

    with snapshot():
        before = Event.objects.count()
        writer = Thread(target=write)
        writer.start()
        writer.join(timeout=10)
        assert not writer.is_alive()
        found = list(verify())
        after = Event.objects.count()

    assert found == []
    assert (before, after, Event.objects.count()) == (3, 3, 4)
