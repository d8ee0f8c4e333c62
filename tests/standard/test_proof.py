"""Does a text that nobody adopted show against the standard's log?"""

from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from importlib import import_module

import pytest
from django.apps import apps

from tests.conftest import tamper
from tests.world import FIELD_GUIDE
from tocsin.core.hours import Calendar
from tocsin.directory import clients
from tocsin.standard import life
from tocsin.standard.adopt import adopt
from tocsin.standard.proof import compare
from tocsin.standard.version import Policy, PolicyVersion

pytestmark = pytest.mark.django_db
TEN = datetime(2026, 7, 20, 10, tzinfo=UTC)


@pytest.fixture
def standard():
    """A standard in two versions."""
    text = FIELD_GUIDE.read_text("utf-8")
    adopt(text, by="test", now=TEN)
    return adopt(f"{text}\n# revised\n", by="test", now=TEN + timedelta(days=1)).policy


def told():
    return [str(fault) for fault in compare()]


def test_versions_as_they_were_adopted_have_no_fault(standard):
    assert told() == []


def test_a_desk_without_standards_has_no_fault():
    assert told() == []


def test_a_changed_text_is_named_by_its_adoption(standard):
    tamper("UPDATE tocsin_policyversion SET text = text || '#' WHERE number = 2")

    (fault,) = told()

    assert fault.startswith(
        f"{standard.stream_name} 2: version 2 is not the one that was adopted: its text has the SHA-256 "
    )


def test_a_changed_text_with_its_own_fingerprint_is_named_all_the_same(standard):
    text = f"{PolicyVersion.objects.get(number=2).text}#"
    fingerprint = sha256(text.encode()).hexdigest()
    tamper("UPDATE tocsin_policyversion SET text = %s, sha256 = %s WHERE number = 2", text, fingerprint)

    (fault,) = told()

    assert fault.startswith(f"{standard.stream_name} 2: ")
    assert fingerprint in fault


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("sha256 = 'abc'", "sha256 (stored abc, told "),
        ("adopted_at = '2026-07-20 11:00:00+00'", "adopted_at (stored 2026-07-20T11:00:00"),
    ],
)
def test_an_edited_column_is_named(standard, change, says):
    tamper(f"UPDATE tocsin_policyversion SET {change} WHERE number = 1")

    (fault,) = told()

    assert fault.startswith(f"{standard.stream_name} 1: version 1 is not the one that was adopted: {says}")


def test_a_renumbered_version_is_named_as_gone_and_as_never_adopted(standard):
    tamper("UPDATE tocsin_policyversion SET number = 3 WHERE number = 2")

    assert told() == [
        f"{standard.stream_name}: version 3 is one that no record says was adopted",
        f"{standard.stream_name} 2: version 2, which was adopted here, is gone",
    ]


def test_a_deleted_version_is_named_by_its_adoption(standard):
    tamper("DELETE FROM tocsin_standing WHERE batch = 1")
    tamper("DELETE FROM tocsin_policyversion WHERE number = 1")

    assert told() == [
        f"{standard.stream_name} 1: version 1, which was adopted here, is gone",
        f"{standard.stream_name} 1: what this step put in force everywhere is gone",
    ]


def test_a_version_that_nobody_adopted_is_named(standard):
    standard.versions.create(number=3, text="", sha256=sha256(b"").hexdigest(), adopted_at=TEN)

    assert told() == [f"{standard.stream_name}: version 3 is one that no record says was adopted"]


def test_a_standard_of_another_name_is_named(standard):
    Policy.objects.update(name="easy-guide")

    assert all("name (stored easy-guide, told field-guide)" in fault for fault in told())
    assert len(told()) == 2


@pytest.fixture
def piloted(standard):
    """The first version is tried again at Acme, whose contract names the standard."""
    acme = clients.add("Acme", by="test", now=TEN)
    office = Calendar("UTC", {day: [("09:00", "17:00")] for day in ("mon", "tue", "wed", "thu", "fri")})
    clients.sign(acme, hours=office, starts_on=date(2026, 1, 1), by="test", now=TEN)
    day = timedelta(days=1)
    life.pilot(
        standard.versions.get(number=1), acme, until=TEN + 9 * day, by="test", why="as it was", now=TEN + 2 * day
    )
    return acme


def test_a_version_that_is_piloted_as_its_log_says_has_no_fault(piloted):
    assert told() == []


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (
            "version_id = (SELECT id FROM tocsin_policyversion WHERE number = 2)",
            "version (stored policy/{0} 2, told policy/{0} 1)",
        ),
        ("since = '2026-07-20 11:00:00+00'", "since (stored 2026-07-20T11:00:00"),
        ("until = NULL", "until (stored null, told 2026-07-29T10:00:00.000000Z)"),
        ("over = 'homegrown'", "over (stored homegrown, told field-guide)"),
        ("step = 'rollout'", "step (stored rollout, told pilot)"),
        ("\"by\" = 'person/1'", "by (stored person/1, told test)"),
        ("why = 'no reason'", "why (stored no reason, told as it was)"),
    ],
)
def test_an_edited_standing_is_named_by_its_step(standard, piloted, change, says):
    tamper(f"UPDATE tocsin_standing SET {change} WHERE batch = 3")

    (fault,) = told()

    where = f"what is in force at {piloted.stream_name} is not what this step says: "
    assert fault.startswith(f"{standard.stream_name} 3: {where}{says.format(standard.pk)}")


def test_what_was_adopted_before_there_were_standings_was_in_force_for_everybody(standard):
    tamper("DELETE FROM tocsin_standing")

    import_module("tocsin.migrations.0017_adopted_is_in_force").stand(apps, None)

    assert [(row.batch, row.version.number, row.since, row.by) for row in standard.standings.order_by("pk")] == [
        (1, 1, TEN, "test"),
        (2, 2, TEN + timedelta(days=1), "test"),
    ]
    assert told() == []


def test_a_standing_moved_to_everybody_is_named_as_nobodys_step_and_as_gone(standard, piloted):
    tamper("UPDATE tocsin_standing SET client_id = NULL WHERE batch = 3")

    assert told() == [
        f"{standard.stream_name}: policy/{standard.pk} 1 is in force everywhere by no step of its log",
        f"{standard.stream_name} 3: what this step put in force at {piloted.stream_name} is gone",
    ]


def test_a_standing_that_nobody_took_a_step_for_is_named(standard, piloted):
    first = standard.versions.get(number=1)
    standard.standings.create(batch=9, step="rollout", version=first, since=TEN)

    assert told() == [f"{standard.stream_name}: policy/{standard.pk} 1 is in force everywhere by no step of its log"]


def test_a_deleted_standing_is_named_by_its_step(standard, piloted):
    tamper("DELETE FROM tocsin_standing WHERE batch = 3")

    assert told() == [f"{standard.stream_name} 3: what this step put in force at {piloted.stream_name} is gone"]
