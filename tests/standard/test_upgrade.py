"""Do the versions of a desk that was here before steps were on record stay in force as they were?"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from importlib import import_module

import pytest
from django.apps import apps

from tests.standard.test_life import GUIDE, OFFICE
from tocsin.directory import clients
from tocsin.log.append import append
from tocsin.log.chain import Draft
from tocsin.standard import life
from tocsin.standard.proof import compare
from tocsin.standard.standing import Standing
from tocsin.standard.terms import version_for
from tocsin.standard.version import Policy

pytestmark = pytest.mark.django_db
FIRST = datetime(2026, 1, 5, 9, tzinfo=UTC)
MONTH = timedelta(days=30)


@pytest.fixture
def acme():
    client = clients.add("Acme", by="test", now=FIRST)
    clients.sign(client, hours=OFFICE, starts_on=date(2026, 1, 1), by="test", now=FIRST)
    return client


@pytest.fixture
def upgraded(acme):
    """The standard with three versions, adopted a month apart as it was done then, and brought up to date."""
    policy = Policy.objects.create(name="field-guide")
    for number in (1, 2, 3):
        text, at = f"{GUIDE}\n# {number}\n", FIRST + number * MONTH
        said = {"name": policy.name, "number": number, "sha256": sha256(text.encode()).hexdigest()}
        policy.versions.create(number=number, text=text, sha256=said["sha256"], adopted_at=at)
        append(policy, [Draft("policy_adopted", at, "person/1", said, key=f"adopt/{number}")], now=at)
    assert not Standing.objects.exists()
    import_module("tocsin.migrations.0017_adopted_is_in_force").stand(apps, None)
    return policy


def test_each_version_is_in_force_from_its_adoption_on(acme, upgraded):
    at = [FIRST, *(FIRST + number * MONTH for number in (1, 2, 3)), FIRST + 9 * MONTH]

    assert [version_for(acme, at=instant).number for instant in at] == [1, 1, 2, 3, 3]
    assert [str(fault) for fault in compare()] == []


def test_the_last_adoption_can_be_rolled_back_and_the_next_version_be_tried(acme, upgraded):
    now = FIRST + 9 * MONTH
    batch = life.last_step("field-guide")
    life.roll_back("field-guide", batch, by="person/1", now=now)
    assert version_for(acme, at=now).number == 2

    life.pilot(upgraded.versions.get(number=3), acme, until=now + MONTH, by="person/1", now=now)

    assert version_for(acme, at=now).number == 3
    assert version_for(acme, at=FIRST + 2 * MONTH).number == 2, "what was opened before keeps what held then"
    assert [str(fault) for fault in compare()] == []
