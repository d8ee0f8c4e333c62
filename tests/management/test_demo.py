"""Does `tocsin demo` leave alone what is not empty, and does `tocsin simulate` refuse what makes no sense?"""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.world import World
from tocsin.desk.ticket import Ticket

pytestmark = pytest.mark.django_db


def test_a_desk_that_has_clients_is_left_alone_and_it_is_said_what_to_do():
    World()

    with pytest.raises(CommandError, match=r"has people or clients already.*TOCSIN_HOME=\S+ tocsin run"):
        call_command("demo", stdout=StringIO())

    assert not Ticket.objects.exists()


@pytest.mark.parametrize("speed", [0, -1, 601])
def test_a_speed_at_which_nothing_could_be_seen_is_refused(speed: int):
    with pytest.raises(CommandError, match="from 1 to 600"):
        call_command("simulate", "ransomware", speed=speed, stdout=StringIO())


def test_on_a_desk_without_an_engine_it_says_what_to_start():
    World()

    with pytest.raises(CommandError, match="tocsin run"):
        call_command("simulate", "ransomware", stdout=StringIO())
