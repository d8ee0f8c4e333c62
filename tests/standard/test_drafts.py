"""Can a standard be written by several people, step by step, without anybody writing over what they have not seen?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest

from tests.conftest import tamper
from tests.world import FIELD_GUIDE
from tocsin.core.policy import load
from tocsin.directory.person import Person
from tocsin.log.event import Event
from tocsin.log.verify import verify
from tocsin.standard import drafts, life, presets
from tocsin.standard.adopt import adopt
from tocsin.standard.adopted import names
from tocsin.standard.draft import Draft
from tocsin.standard.drafts import DraftRefused, SavedMeanwhile
from tocsin.standard.proof import compare
from tocsin.standard.standing import everywhere

pytestmark = pytest.mark.django_db
TEN = datetime(2026, 11, 20, 10, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
GUIDE = FIELD_GUIDE.read_text("utf-8")
CHANGED = f"{GUIDE}\n# Changed.\n"
CANNOT_BE_READ = GUIDE.replace('targets = { P1 = "15m"', 'targets = { P1 = "15"', 1)


@pytest.fixture
def ann():
    return Person.objects.create(name="Ann")


@pytest.fixture
def first():
    return adopt(GUIDE, by="test", now=TEN - timedelta(days=1))


@pytest.fixture
def begun(ann, first):
    return drafts.begin(base=first, by=ann, note="P2 faster", now=TEN)


def told():
    return [str(fault) for fault in (*compare(), *verify())]


def test_a_draft_is_a_copy_of_a_version_and_changes_nothing_in_force(begun, first, ann):
    assert (begun.policy.name, begun.text, begun.base, begun.note) == ("field-guide", GUIDE, first, "P2 faster")
    assert (begun.state, begun.revision, begun.started_by, begun.by) == ("open", 1, ann.actor, ann.actor)
    assert everywhere("field-guide").version == first
    assert list(drafts.drafts()) == list(drafts.drafts("field-guide")) == [begun]
    assert told() == []


def test_a_copy_of_one_that_ships_has_its_own_name_in_its_text_too(ann):
    draft = drafts.begin("desk-north", preset="sla-guard", by=ann, now=TEN)

    assert load(draft.text).name == "desk-north"
    assert draft.text.count("\n") == presets.text("sla-guard").count("\n")
    assert names() == []  # until it is adopted
    version = drafts.adopt(draft, revision=1, by=ann, now=TEN + MINUTE, as_it_is=True)
    assert (str(version), names()) == ("desk-north 1", ["desk-north"])
    assert everywhere("desk-north").version == version


@pytest.mark.parametrize(
    ("how", "why"),
    [
        ({"name": "desk north"}, "'desk north' is no name for a standard"),
        ({"preset": "sla-gard"}, "No standard 'sla-gard' ships: field-guide, "),
        ({}, "'' is no name for a standard"),
    ],
)
def test_what_cannot_be_begun_says_why(ann, how, why):
    with pytest.raises(DraftRefused, match=why):
        drafts.begin(**how, by=ann, now=TEN)


def test_whatever_is_typed_is_saved_with_what_is_wrong_with_it(begun, ann):
    saved = drafts.save(begun, CANNOT_BE_READ, revision=1, by=ann, why="on the way", now=TEN + MINUTE)

    (mistake,) = saved.mistakes
    assert (saved.text, saved.revision, saved.updated_at) == (CANNOT_BE_READ, 2, TEN + MINUTE)
    assert mistake.key == "clocks.response.targets.P1"
    assert mistake.line == CANNOT_BE_READ[: CANNOT_BE_READ.index('P1 = "15"')].count("\n") + 1
    assert [draft.mistakes for draft in drafts.drafts()] == [[mistake]]
    assert drafts.save(saved, "", revision=2, by=ann, now=TEN + MINUTE).mistakes


def test_warnings_are_kept_and_hold_nothing_up(begun):
    assert not begun.mistakes and not begun.errors
    assert {each.level for each in begun.linted} == {"warning"}


def test_every_save_is_on_the_standards_log_by_whom_when_and_why(begun, ann):
    drafts.save(begun, CHANGED, revision=1, by="person/9", why="as agreed", now=TEN + MINUTE)

    opened, saved = Event.objects.filter(stream=begun.policy.stream_name, kind__startswith="draft").order_by("seq")
    assert (opened.kind, opened.actor, opened.data["why"]) == ("draft_opened", ann.actor, "P2 faster")
    assert opened.data["base"] == 1
    assert (saved.kind, saved.actor, saved.effective_at) == ("draft_saved", "person/9", TEN + MINUTE)
    assert saved.data["sha256"] == sha256(CHANGED.encode()).hexdigest()
    assert (saved.data["revision"], saved.data["why"]) == (2, "as agreed")
    assert told() == []


def test_nobody_writes_over_what_they_have_not_seen(begun, ann):
    drafts.save(begun, CHANGED, revision=1, by=ann, now=TEN + MINUTE)

    with pytest.raises(SavedMeanwhile) as refusal:
        drafts.save(begun, GUIDE, revision=1, by="person/9", now=TEN + 2 * MINUTE)
    with pytest.raises(SavedMeanwhile):
        drafts.adopt(begun, revision=1, by="person/9", now=TEN + 2 * MINUTE)

    assert (refusal.value.theirs.text, refusal.value.theirs.revision) == (CHANGED, 2)
    assert Draft.objects.get().text == CHANGED


def test_the_same_text_is_not_saved_again(begun, ann):
    before = Event.objects.count()

    assert drafts.save(begun, GUIDE, revision=1, by=ann, now=TEN + MINUTE).revision == 1
    assert Event.objects.count() == before


def test_line_ends_of_a_browser_are_those_of_a_file(begun, ann):
    saved = drafts.save(begun, CHANGED.replace("\n", "\r\n"), revision=1, by=ann, now=TEN + MINUTE)

    again = drafts.save(saved, CHANGED.replace("\n", "\r\n"), revision=2, by=ann, now=TEN + MINUTE)
    assert (saved.text, again.revision) == (CHANGED, 2)


def test_an_adopted_draft_is_a_version_that_is_in_force_nowhere_yet(begun, first, ann):
    saved = drafts.save(begun, CHANGED, revision=1, by=ann, now=TEN + MINUTE)
    version = drafts.adopt(saved, revision=2, by=ann, why="agreed", now=TEN + 2 * MINUTE)

    assert (str(version), version.text) == ("field-guide 2", CHANGED)
    assert everywhere("field-guide").version == first
    assert drafts.draft(begun.pk).version == version and not drafts.drafts()
    adopted = Event.objects.get(stream=version.policy.stream_name, key="adopt/2")
    assert (adopted.actor, adopted.data["draft"], adopted.data["why"]) == (ann.actor, begun.pk, "agreed")
    assert told() == []


def test_it_is_adopted_and_in_force_in_one_step_which_is_undone_by_one(begun, first, ann):
    saved = drafts.save(begun, CHANGED, revision=1, by=ann, now=TEN + MINUTE)
    version = drafts.adopt(saved, revision=2, by=ann, now=TEN + 2 * MINUTE, in_force=True)
    assert everywhere("field-guide").version == version

    life.roll_back("field-guide", life.last_step("field-guide"), by=ann, now=TEN + 3 * MINUTE)

    assert everywhere("field-guide").version == first


def test_what_nobody_could_work_by_is_not_adopted(begun, ann):
    saved = drafts.save(begun, CANNOT_BE_READ, revision=1, by=ann, now=TEN + MINUTE)

    with pytest.raises(DraftRefused, match="has 1 mistake: nobody could work by it"):
        drafts.adopt(saved, revision=2, by=ann, now=TEN + MINUTE, as_it_is=True)


def test_what_it_cannot_keep_is_adopted_only_by_who_means_it(begun, ann):
    hopeless = GUIDE.replace("resolution]\n", "resolution]\n", 1).replace('P1 = "4h"', 'P1 = "10m"', 1)
    saved = drafts.save(begun, hopeless, revision=1, by=ann, now=TEN + MINUTE)
    assert saved.errors

    with pytest.raises(DraftRefused, match="promises what it cannot keep"):
        drafts.adopt(saved, revision=2, by=ann, now=TEN + MINUTE)
    assert drafts.adopt(saved, revision=2, by=ann, now=TEN + MINUTE, as_it_is=True).number == 2


def test_what_says_nothing_new_is_not_adopted(begun, ann):
    with pytest.raises(DraftRefused, match="says just what field-guide 1 says"):
        drafts.adopt(begun, revision=1, by=ann, now=TEN + MINUTE)


def test_a_discarded_draft_is_gone_on_with_by_nobody_and_stays_on_record(begun, ann):
    drafts.discard(begun, by=ann, why="not now", now=TEN + MINUTE)

    assert not drafts.drafts()
    for act in (
        lambda: drafts.save(begun, CHANGED, revision=1, by=ann, now=TEN + MINUTE),
        lambda: drafts.discard(begun, by=ann, now=TEN + MINUTE),
        lambda: drafts.adopt(begun, revision=1, by=ann, now=TEN + MINUTE),
    ):
        with pytest.raises(DraftRefused, match="was discarded: begin another one"):
            act()
    assert Event.objects.get(kind="draft_discarded").data["why"] == "not now"
    assert told() == []


def test_a_text_that_nobody_saved_shows_against_the_log(begun):
    tamper("UPDATE tocsin_draft SET text = text || '#'")

    assert told() == [f"{begun.policy.stream_name} 2: draft {begun.pk} has another text than the one that was saved"]


def test_a_draft_that_is_gone_shows_against_the_log(begun):
    tamper("DELETE FROM tocsin_draft")

    assert told() == [f"{begun.policy.stream_name} 2: draft {begun.pk}, which was saved here, is gone"]
