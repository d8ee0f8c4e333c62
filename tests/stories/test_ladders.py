"""Who is told, and when, as time goes by and nobody solves it?"""

import pytest

from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return World()


def test_a_critical_ticket_pages_whoever_is_on_call_at_once(world):
    world.opens("Ransomware on the file server", priority="P1")

    letter = world.phone("omar").gets("Ransomware on the file server")
    assert "on-call" in letter.text.lower()
