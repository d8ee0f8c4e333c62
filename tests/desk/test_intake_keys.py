"""How does a monitor get a key, change it, and lose it?"""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.world import World
from tocsin.desk import intake_keys
from tocsin.desk.intake_key import IntakeKey
from tocsin.desk.refusal import Refusal
from tocsin.log.event import Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return World()


def add(world: World, **given):
    given = {"client": world.acme, "source": "generic", **given}
    return intake_keys.add(**given, by=world.mona, now=world.now)


def test_a_key_is_stored_as_a_hash_only(world: World):
    key, text = add(world)

    stored = [str(value) for value in IntakeKey.objects.filter(pk=key.pk).values_list().get()]
    assert key.digest == intake_keys.digest(text)
    assert not any(text in value or text.removeprefix(intake_keys.PREFIX) in value for value in stored)


def test_two_keys_are_valid_at_once_and_a_third_is_refused_until_one_is_revoked(world: World):
    first, _ = add(world)
    second, _ = add(world)

    with pytest.raises(Refusal, match=f"{first.pk} and {second.pk}: revoke the one"):
        add(world)
    intake_keys.revoke(first, by=world.mona, now=world.now)

    third, text = add(world)
    assert intake_keys.find(intake_keys.digest(text), now=world.now).id == third.pk


def test_each_source_and_each_client_has_its_own_two(world: World):
    for client in (world.acme, world.client("Bolt")):
        for source in ("generic", "alertmanager"):
            add(world, client=client, source=source)
            add(world, client=client, source=source)

    assert IntakeKey.objects.filter(revoked_at=None).count() == 8


def test_a_revoked_key_is_not_found_and_revoked_once(world: World):
    key, _ = add(world)

    intake_keys.revoke(key, by=world.mona, now=world.now)

    assert intake_keys.find(key.digest, now=world.now) is None
    with pytest.raises(Refusal, match="revoked before"):
        intake_keys.revoke(key, by=world.mona, now=world.now)


def test_the_clients_log_says_who_made_and_who_revoked_it(world: World):
    key, _ = add(world, name="grafana")
    intake_keys.revoke(key, by=world.lena, now=world.now)

    said = Event.objects.filter(stream=world.acme.stream_name, kind__startswith="intake_key").order_by("seq")
    assert [(event.kind, event.actor) for event in said] == [
        ("intake_key_added", world.mona.actor),
        ("intake_key_revoked", world.lena.actor),
    ]
    assert not any(key.digest in event.body for event in said)


def test_its_last_use_is_noted_to_the_minute(world: World):
    key, _ = add(world)
    for seconds in (0, 59, 61):
        intake_keys.find(key.digest, now=world.now + timedelta(seconds=seconds))

    key.refresh_from_db()
    assert key.last_used_at == world.now + timedelta(seconds=61)


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"default_priority": "P9"}, "There is no priority 'P9' in this standard: it is one of P1, P2, P3, P4"),
        ({"rate": 0}, "at least 1 a second"),
        ({"rate": 10**19}, "at most 10,000 a second"),
    ],
)
def test_a_key_that_could_not_do_its_work_is_refused(world: World, wrong, why):
    with pytest.raises(Refusal, match=why):
        add(world, **wrong)


def test_a_service_of_another_client_is_refused(world: World):
    other = world.client("Bolt")

    with pytest.raises(Refusal, match="is not a service of Bolt"):
        add(world, client=other, service=world.acme.services.get())
