"""Is the end of every story sealed once a day, by a key that stays at home?"""

import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction

from tocsin.directory.client import Client
from tocsin.log.append import append
from tocsin.log.chain import Draft
from tocsin.log.root import Root, SealedHead, seal
from tocsin.log.signature import BadKey, is_signed, public_file, public_keys

pytestmark = pytest.mark.django_db
TEN = datetime(2026, 11, 20, 10, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.TOCSIN_HOME = tmp_path
    return tmp_path


def client(name):
    return Client.objects.create(name=name, slug=name.lower())


def note(row, now=TEN):
    append(row, [Draft("noted", now, "person/1")], now=now)


def test_a_root_names_the_head_of_every_stream_that_has_one():
    acme, globex, _silent = client("Acme"), client("Globex"), client("Initech")
    note(acme)
    note(acme)
    note(globex)

    root = seal(TEN)

    assert sorted(root.lines()) == sorted(
        [SealedHead(acme.stream_name, 2, acme.head_hash), SealedHead(globex.stream_name, 1, globex.head_hash)]
    )


def test_the_next_root_names_only_what_has_changed_since_and_follows_the_one_before():
    acme, globex = client("Acme"), client("Globex")
    note(acme)
    note(globex)
    first = seal(TEN)
    note(globex)

    second = seal(TEN + DAY)

    assert [head.stream for head in second.lines()] == [globex.stream_name]
    assert second.previous == first.digest


def test_what_an_import_dates_years_back_is_in_the_next_root_all_the_same():
    acme = client("Acme")
    seal(TEN)
    note(acme, now=TEN - 3650 * DAY)

    root = seal(TEN + DAY)

    assert [head.stream for head in root.lines()] == [acme.stream_name]


def test_a_day_has_one_root_however_often_it_is_asked_for():
    acme = client("Acme")
    note(acme)
    first = seal(TEN)
    note(acme)

    again = seal(TEN + timedelta(hours=5))

    assert again == first
    assert Root.objects.count() == 1


def test_a_clock_set_back_a_day_makes_no_root():
    last = seal(TEN)

    assert seal(TEN - DAY) == last


def test_the_key_is_made_once_and_its_private_half_is_its_owners_alone(home):
    one = seal(TEN)
    two = seal(TEN + DAY)

    private = home / "keys" / "root.key"
    assert stat.S_IMODE(private.stat().st_mode) == 0o600
    assert one.public_key == two.public_key
    assert public_keys(public_file()) == {one.public_key}
    assert is_signed(one.signed_text, one.signature, one.public_key)
    assert not is_signed(one.signed_text + "x", one.signature, one.public_key)


def test_a_machine_that_joins_adds_its_key_to_those_that_are_known(home):
    one = seal(TEN)
    (home / "keys" / "root.key").unlink()

    two = seal(TEN + DAY)

    assert public_keys(public_file()) == {one.public_key, two.public_key}


@pytest.mark.parametrize("text", ["", "no key at all", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"])
def test_a_file_that_holds_no_key_is_told_by_name(home: Path, text):
    (home / "bad.pub").write_text(text)

    with pytest.raises(BadKey, match=r"bad\.pub"):
        public_keys(home / "bad.pub")


@pytest.mark.django_db(transaction=True)
def test_two_engines_that_seal_at_once_make_one_root():
    with transaction.atomic():
        note(client("Acme"))

    def sealing(_):
        try:
            return seal(TEN).digest
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as engines:
        digests = set(engines.map(sealing, range(4)))

    assert digests == {Root.objects.get().digest}
