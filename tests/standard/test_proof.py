"""Does a text that nobody adopted show against the standard's log?"""

from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest

from tests.conftest import tamper
from tests.world import FIELD_GUIDE
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
    tamper("DELETE FROM tocsin_policyversion WHERE number = 1")

    assert told() == [f"{standard.stream_name} 1: version 1, which was adopted here, is gone"]


def test_a_version_that_nobody_adopted_is_named(standard):
    standard.versions.create(number=3, text="", sha256=sha256(b"").hexdigest(), adopted_at=TEN)

    assert told() == [f"{standard.stream_name}: version 3 is one that no record says was adopted"]


def test_a_standard_of_another_name_is_named(standard):
    Policy.objects.update(name="easy-guide")

    assert all("name (stored easy-guide, told field-guide)" in fault for fault in told())
    assert len(told()) == 2
