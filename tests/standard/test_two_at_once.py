"""What if two people take a step at the same moment?"""

from datetime import timedelta

import pytest

from tests.desk.test_two_at_once import at_once
from tests.standard.test_life import Desk
from tocsin.standard import life
from tocsin.standard.adopt import adopt
from tocsin.standard.life import StepRefused
from tocsin.standard.proof import compare
from tocsin.standard.standing import Standing
from tocsin.standard.version import PolicyVersion

pytestmark = [pytest.mark.only_on("postgresql"), pytest.mark.django_db(transaction=True)]


@pytest.fixture
def desk(transactional_db: None) -> Desk:
    return Desk()


def test_of_two_who_roll_back_the_same_step_one_is_told_that_it_was(desk: Desk) -> None:
    batch = desk.pilot(desk.second, desk.acme)

    answers = at_once(
        *2 * [lambda: life.roll_back("field-guide", batch, by="person/1", now=desk.now + timedelta(hours=1))]
    )

    (refusal,) = [each for each in answers if isinstance(each, StepRefused)]
    assert f"Step {batch} of field-guide was rolled back before." in str(refusal)
    assert desk.has(at=desk.now + timedelta(hours=2)) == ["field-guide 1", "field-guide 1"]
    assert list(compare()) == []


def test_a_pilot_and_a_roll_out_of_two_standards_lie_one_above_the_other(desk: Desk) -> None:
    soon, later = desk.now + timedelta(hours=1), desk.now + timedelta(days=9)

    answers = at_once(
        lambda: life.pilot(desk.strict, desk.acme, until=later, by="person/1", now=soon),
        lambda: life.roll_out(desk.second, [desk.acme, desk.bolt], by="person/2", now=soon),
    )

    assert all(isinstance(each, int) for each in answers), answers
    last = Standing.objects.filter(client=desk.acme).order_by("-pk").first()
    assert last is not None and str(last.version) == desk.has(at=soon)[0]
    assert list(compare()) == []
    desk.now = soon
    desk.roll_back(last.batch, last.policy.name)
    assert desk.has()[0] != str(last.version), "the one beneath it"


def test_two_who_adopt_the_same_text_store_one_version(desk: Desk) -> None:
    text = f"{desk.second.text}# 3\n"

    answers = at_once(*2 * [lambda: adopt(text, by="person/1", now=desk.now, in_force=False)])

    assert [str(each) for each in answers] == 2 * ["field-guide 3"]
    assert PolicyVersion.objects.filter(policy=desk.second.policy).count() == 3
    assert list(compare()) == []
