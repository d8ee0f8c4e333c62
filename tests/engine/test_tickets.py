"""Does one bad ticket leave the engine to the others?"""

import pytest

from tests.world import World
from tocsin.core import plan
from tocsin.engine import tickets as duty
from tocsin.log.event import Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return World()


def test_a_ticket_that_would_be_looked_at_for_ever_is_put_off_and_says_so(world, monkeypatch):
    ticket = world.opens(priority="P3")
    honest = plan.due
    ticket.look_at = world.now
    ticket.save(update_fields=["look_at"])

    def forgetful(story, terms, *, now):
        planned = honest(story, terms, now=now)
        return plan.Plan(planned.obligations, now, planned.readings, planned.standing, planned.priority, "", now)

    monkeypatch.setattr(duty.plan, "due", forgetful)
    done = duty.turn(world.now)

    ticket.refresh_from_db()
    assert (done.failed, done.tickets) == (1, 0)
    assert ticket.not_before == world.now + duty.PUT_OFF
    error = Event.objects.get(stream=ticket.stream_name, kind="engine_error").data["error"]
    assert error.startswith("EndlessPlan: INC-1 is to be looked at again at")
