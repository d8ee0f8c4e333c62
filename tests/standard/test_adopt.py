"""Is a standard adopted once, kept as it was, and on record?"""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

import tocsin
from tocsin.core.policy import BadPolicy
from tocsin.directory.person import Person
from tocsin.log.event import Event
from tocsin.log.verify import verify
from tocsin.standard.adopt import adopt
from tocsin.standard.version import Policy, PolicyVersion

pytestmark = pytest.mark.django_db
TEN = datetime(2026, 11, 20, 10, tzinfo=UTC)
DAY = timedelta(days=1)
GUIDE = (Path(tocsin.__file__).parent / "policies" / "field-guide.toml").read_text()


@pytest.fixture
def ann():
    return Person.objects.create(name="Ann")


def test_an_adopted_standard_is_stored_as_written_and_who_adopted_it_is_on_record(ann):
    version = adopt(GUIDE, by=ann, now=TEN)

    event = Event.objects.get(stream=version.policy.stream_name)
    assert (version.name, version.number, version.text, version.adopted_at) == ("field-guide", 1, GUIDE, TEN)
    assert (event.kind, event.actor) == ("policy_adopted", f"person/{ann.pk}")
    assert event.data == {"name": "field-guide", "number": 1, "sha256": version.sha256}
    assert list(verify()) == []


def test_adopting_what_is_in_force_changes_nothing(ann):
    first = adopt(GUIDE, by=ann, now=TEN)

    again = adopt(GUIDE, by=ann, now=TEN + DAY)

    assert again == first
    assert (PolicyVersion.objects.count(), Event.objects.count()) == (1, 1)


def test_another_text_is_the_next_version_and_the_first_adopted_again_the_one_after(ann):
    changed = GUIDE + "\n# Agreed in November.\n"

    numbers = [adopt(text, by=ann, now=TEN).number for text in (GUIDE, changed, GUIDE)]

    assert numbers == [1, 2, 3]
    assert Policy.objects.count() == 1


def test_a_text_nobody_can_work_by_is_told_with_its_file_and_stored_nowhere(ann):
    with pytest.raises(BadPolicy, match=r"mine\.toml:1: "), transaction.atomic():
        adopt("priorities = 5", file="mine.toml", by=ann, now=TEN)

    assert (Policy.objects.count(), Event.objects.count()) == (0, 0)


@pytest.mark.parametrize("change", [lambda rows: rows.update(text="x"), lambda rows: rows._raw_delete(rows.db)])
def test_the_database_itself_refuses_to_change_what_was_adopted(ann, change):
    adopt(GUIDE, by=ann, now=TEN)

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        change(PolicyVersion.objects.all())
