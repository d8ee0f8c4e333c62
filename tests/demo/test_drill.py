"""Does a drill run the real ladders, at its speed, on invented people alone?"""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.world import World
from tocsin.demo.drill import BY, Drill, NoDrill, adopt_faster, stage_for
from tocsin.demo.scenarios import SCENARIOS
from tocsin.desk.proof import refold
from tocsin.desk.ticket import Ticket
from tocsin.directory import clients
from tocsin.directory.contract import Contract
from tocsin.engine.beat import Beat
from tocsin.log.event import Event
from tocsin.reports.attainment import gather

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def drill(world: World, said: list[str]) -> Drill:
    return Drill(world.acme, speed=60, clock=lambda: world.now, say=said.append, listens_every_s=5)


def engine_runs(world: World) -> None:
    Beat.objects.create(name="engine", version="1", started_at=world.now, last_turn_at=world.now)


def everybody_at_the_console(world: World) -> None:
    for who in (*world.people.values(), *world.contacts.values()):
        who.ways = [["terminal", who.name]]
        who.save()


def test_a_critical_one_climbs_by_itself_and_is_solved(world: World, drill: Drill, said: list[str]):
    status = drill.play(SCENARIOS["ransomware"], wait=lambda s: world.forward(seconds=s))

    ticket = Ticket.objects.get()
    keys = [key for key in Event.objects.filter(stream=ticket.stream_name).values_list("key", flat=True) if key]
    assert status == "solved"
    assert (ticket.number, ticket.kind, ticket.priority) == ("DRL-1", "drill", "P1")
    assert ticket.solved_at - ticket.opened_at == timedelta(minutes=165) / 60
    assert "step/page@1/secondary" in keys
    assert "step/page@1/manager" not in keys
    assert "step/management@1/director" in keys
    assert any(key.startswith("breach/next_update@") for key in keys)
    assert not any("not done" in line for line in said)
    assert any("engine: breach" in line for line in said)
    kinds = list(Event.objects.filter(stream=ticket.stream_name).order_by("seq").values_list("kind", flat=True))
    line = [kind for kind in kinds if kind.startswith(("line_", "bridge_"))]
    assert line == ["line_stopped", "bridge_opened", *["bridge_joined"] * 2, "bridge_closed", "line_stood_down"]
    assert list(refold()) == []


def test_a_high_one_becomes_critical_after_four_hours_of_its_own_time(world: World, drill: Drill, said: list[str]):
    drill.play(SCENARIOS["slow-crm"], wait=lambda s: world.forward(seconds=s))

    ticket = Ticket.objects.get()
    kinds = [event.kind for event in Event.objects.filter(stream=ticket.stream_name).order_by("seq")]
    assert (ticket.status, ticket.priority, ticket.level) == ("solved", "P1", "L3")
    assert kinds.count("escalated") == 2
    assert kinds.count("paused") == 2
    assert not any("not done" in line for line in said)


def test_everybody_who_is_told_reads_that_it_is_a_drill(world: World, drill: Drill):
    drill.play(SCENARIOS["ransomware"], wait=lambda s: world.forward(seconds=s))

    letters = [letter for edge in world.edges.values() for letter in edge.letters]
    assert len(letters) > 10
    assert [letter.subject for letter in letters if "DRILL" not in f"{letter.subject}{letter.text}"] == []


def test_it_is_in_no_figure(world: World, drill: Drill):
    drill.play(SCENARIOS["ransomware"], wait=lambda s: world.forward(seconds=s))

    assert all(line.met == line.breached == line.running == 0 for line in gather())


def test_whoever_stops_it_leaves_it_cancelled(world: World, drill: Drill):
    def stopped(seconds: float) -> None:
        world.forward(seconds=seconds)
        if Event.objects.filter(kind="acknowledged").exists():
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        drill.play(SCENARIOS["ransomware"], wait=stopped)

    assert Ticket.objects.get().status == "cancelled"
    assert Event.objects.get(kind="cancelled").actor == BY
    assert Event.objects.get(kind="line_stood_down").actor == world.tara.actor


def test_it_is_cancelled_even_when_its_incident_manager_has_left_meanwhile(world: World, drill: Drill):
    def stopped(seconds: float) -> None:
        world.forward(seconds=seconds)
        world.leaves("tara")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        drill.play(SCENARIOS["ransomware"], wait=stopped)

    assert Ticket.objects.get().status == "cancelled"


def test_somebody_who_looks_on_may_act_and_the_drill_goes_on_around_it(world: World, drill: Drill, said: list[str]):
    def meddled(seconds: float) -> None:
        world.forward(seconds=seconds)
        ticket = Ticket.objects.get()
        if ticket.asked_level:
            world.accepts(ticket, by="omar")

    assert drill.play(SCENARIOS["ransomware"], wait=meddled) == "solved"
    assert any("not done: DRL-1 waits for nobody's acceptance" in line for line in said)


def test_it_ends_with_its_ticket(world: World, drill: Drill):
    def solved_by_hand(seconds: float) -> None:
        world.forward(seconds=seconds)
        ticket = Ticket.objects.get()
        if ticket.owner and ticket.status != "solved":
            world.solves(ticket, by=ticket.owner.name.lower())

    assert drill.play(SCENARIOS["ransomware"], wait=solved_by_hand) == "solved"
    assert not Event.objects.filter(kind="escalated").exists()


def test_its_standard_is_one_of_its_own_adopted_once_and_the_clients_stays(world: World):
    once, again = (adopt_faster(world.acme, 60, now=world.now) for _ in range(2))

    assert once == again
    assert once.name == "field-guide-x60"
    assert world.opens("A real one").policy_version.name == "field-guide"


def test_without_an_engine_nothing_would_move_so_it_is_refused(world: World):
    with pytest.raises(NoDrill, match="no engine runs"):
        stage_for("", now=world.now)


def test_where_somebody_real_would_be_told_it_is_refused(world: World):
    engine_runs(world)

    with pytest.raises(NoDrill, match="real people, Alma"):
        stage_for("", now=world.now)


def test_mail_to_invented_people_alone_is_allowed(world: World, settings):
    engine_runs(world)
    everybody_at_the_console(world)
    settings.TOCSIN_SMTP = object()
    world.people["lena"].ways = [["email", "lena@tocsin-desk.example"]]
    world.people["lena"].save()

    assert stage_for("acme", now=world.now) == world.acme

    world.people["lena"].ways = [["email", "lena@msp.com"]]
    world.people["lena"].save()
    with pytest.raises(NoDrill, match="real people, Lena"):
        stage_for("acme", now=world.now)


def test_a_client_with_promises_of_its_own_is_passed_over(world: World):
    engine_runs(world)
    everybody_at_the_console(world)
    clients.revise(
        Contract.objects.get(), overrides={"targets": {"resolution": {"P1": "2h"}}}, by="test", now=world.now
    )
    other = world.client("Bolt")

    assert stage_for("", now=world.now) == other
    with pytest.raises(NoDrill, match="promises of its own"):
        stage_for("acme", now=world.now)
    with pytest.raises(NoDrill, match="there is no client 'acne': acme, bolt"):
        stage_for("acne", now=world.now)
