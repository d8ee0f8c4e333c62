"""Does whoever watches from outside hear that the desk is well, only if it is, and otherwise that it is not?"""

from __future__ import annotations

from datetime import timedelta

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message

from tests.endtoend.desk import free_port
from tests.engine.outsiders import Outsider, outsider
from tests.engine.test_audit import Desk
from tocsin.desk.ticket import Ticket
from tocsin.engine import watching
from tocsin.engine.watch import Watch
from tocsin.settings import Smtp

pytestmark = pytest.mark.django_db


@pytest.fixture
def outside(settings):
    with outsider() as listening:
        settings.TOCSIN_HEARTBEAT_URL = listening.url("/beat?token=secret")
        settings.TOCSIN_ALARM_URL = listening.url("/alarm")
        yield listening


class Watched(Desk):
    """A desk that audits itself each minute."""

    def audits(self, *, seconds: float = 60) -> bool:
        self.passes(seconds=seconds)
        return watching.turn(lambda: self.now)

    @property
    def watch(self) -> Watch:
        return Watch.objects.get()

    def forgets(self, ticket: Ticket) -> None:
        """It is a second past the instant at which the engine should have looked at the ticket."""
        ticket.refresh_from_db()
        self.passes(seconds=(ticket.look_at - self.now).total_seconds() + 1)


@pytest.fixture
def desk() -> Watched:
    return Watched()


def beats(outside: Outsider) -> int:
    return len(outside.at("/beat?token=secret"))


def alarms(outside: Outsider) -> list[tuple[str, str]]:
    return [(said["event"], said["text"]) for said in outside.at("/alarm")]


def test_a_passed_audit_sends_the_heartbeat_and_alarms_nobody(desk, outside):
    desk.audits()
    desk.audits()

    assert outside.heard == [("GET", "/beat?token=secret", None)] * 2
    assert (desk.watch.passed_at, desk.watch.heartbeat_at, desk.watch.findings) == (desk.now, desk.now, [])


def test_a_failed_audit_sends_no_heartbeat_and_alarms_once_until_it_recovers_and_then_anew(desk, outside):
    ticket = desk.opens(priority="P4")
    desk.forgets(ticket)
    desk.audits()
    since = f"{desk.now:%Y-%m-%d %H:%M:%S}Z"
    desk.audits()
    failing = (beats(outside), alarms(outside))
    desk.turn()
    desk.audits()
    desk.audits()
    recovered = (beats(outside), alarms(outside)[1:])
    desk.forgets(ticket)
    desk.audits()

    assert failing == (
        0,
        [("alarm", "Tocsin is not well\n- 1 ticket is due to be looked at, the longest for 1 min.")],
    )
    assert recovered == (
        2,
        [("recovered", f"Tocsin is well again\n- Over: tickets, since {since}.")],
    )
    assert [event for event, _ in alarms(outside)] == ["alarm", "recovered", "alarm"]
    assert outside.at("/alarm")[0]["findings"][0]["kind"] == "tickets"


def test_something_else_going_wrong_is_said_beside_what_still_is(desk, outside):
    desk.forgets(desk.opens(priority="P4"))
    desk.audits()
    desk.now += timedelta(minutes=2)
    watching.turn(lambda: desk.now)

    event, text = alarms(outside)[-1]
    assert (event, len(alarms(outside))) == ("alarm", 2)
    assert "is due to be looked at" in text
    assert "No engine has been deciding for 2 min." in text


def test_an_alarm_nobody_took_is_raised_again_at_the_next_audit(desk, outside):
    desk.forgets(desk.opens(priority="P4"))
    outside.status = 500
    desk.audits()
    outside.status = 200
    desk.audits()
    desk.audits()

    assert [event for event, _ in alarms(outside)] == ["alarm", "alarm"]


def test_a_heartbeat_that_is_not_taken_is_kept_without_its_secret_address(desk, outside):
    outside.status = 404

    desk.audits()

    assert desk.watch.heartbeat_error == "127.0.0.1 answered 404"
    assert desk.watch.passed_at == desk.now


def test_a_switch_that_cannot_be_reached_costs_no_audit(desk, settings):
    settings.TOCSIN_HEARTBEAT_URL = "http://127.0.0.1:1/beat"

    desk.audits()

    assert desk.watch.heartbeat_error.startswith("127.0.0.1 cannot be reached: ")
    assert desk.watch.audited_at == desk.now


def test_an_alarm_goes_by_mail_over_a_server_of_its_own(desk, settings):
    mails = []

    class Inbox(Message):
        def handle_message(self, message):
            mails.append(message)

    desk.forgets(desk.opens(priority="P4"))
    server = Controller(Inbox(), hostname="127.0.0.1", port=free_port())
    server.start()
    try:
        settings.TOCSIN_ALARM_MAIL = ["ann@msp.example"]
        settings.TOCSIN_ALARM_SMTP = Smtp("127.0.0.1", server.port, "", "", "none")
        desk.audits()
    finally:
        server.stop()

    (mail,) = mails
    assert (mail["To"], mail["Subject"]) == ("ann@msp.example", "Tocsin is not well")
    assert "1 ticket is due to be looked at" in mail.get_payload()


def test_of_several_engines_one_audits_a_minute(desk, outside):
    assert desk.audits()

    assert not watching.turn(lambda: desk.now)
    assert not desk.audits(seconds=59)
    assert desk.audits(seconds=1)


def test_an_audit_that_comes_late_overwrites_nothing(desk):
    desk.audits()
    desk.now += timedelta(minutes=1)
    slow = Watch.claimed(desk.now, timedelta(minutes=1))
    desk.audits()
    slow.heartbeat_error = "old news"

    assert not slow.keep()
    assert desk.watch.heartbeat_error == ""


def test_an_edited_ticket_is_found_by_telling_it_again_and_watched_until_it_is_right(desk, monkeypatch):
    monkeypatch.setattr(watching, "AT_LEAST", 1)
    second = [desk.opens(priority="P4") for _ in range(3)][1]
    Ticket.objects.filter(pk=second.pk).update(priority="P1")

    found = []
    for _ in range(4):
        desk.audits()
        found.append([finding["kind"] for finding in desk.watch.findings])
    says = desk.watch.findings[0]["says"]
    Ticket.objects.filter(pk=second.pk).update(priority="P4")
    desk.audits()

    assert found == [[], ["proof"], ["proof"], ["proof"]]
    assert "INC-2 shows what its log does not say: priority (stored P1, told P4)" in says
    assert desk.watch.findings == []


@pytest.mark.parametrize("text", ["[]", "null", "5"])
def test_a_reading_that_is_none_is_found_and_does_not_end_the_audit(desk, text):
    ticket, other = desk.opens(priority="P4"), desk.opens(priority="P4")
    Ticket.objects.filter(pk=ticket.pk).update(reading=text)
    Ticket.objects.filter(pk=other.pk).update(title="All is well")

    desk.audits()

    (finding,) = desk.watch.findings
    assert (finding["kind"], finding["count"]) == ("proof", 2)
    assert f"{ticket.number} shows what its log does not say" in finding["says"]


def test_every_open_ticket_is_told_again_within_half_a_day_and_in_small_slices(desk, monkeypatch):
    monkeypatch.setattr(watching, "AT_LEAST", 1)
    monkeypatch.setattr(watching, "ROUND", timedelta(minutes=4))
    told = []
    honest = watching.refold

    def noted(*, tickets):
        told.append(len(tickets))
        return honest(tickets=tickets)

    monkeypatch.setattr(watching, "refold", noted)
    for _ in range(7):
        desk.opens(priority="P4")
    done = desk.opens(priority="P4")
    desk.cancels(done)

    for _ in range(4):
        desk.audits()

    assert told == [2, 2, 2, 1]
    assert desk.watch.round_done_at == desk.now


def test_an_audit_that_raises_has_not_been_passed(desk, outside, monkeypatch):
    def broken(now, limit):
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr(watching, "audit", broken)

    desk.audits()

    assert alarms(outside) == [("alarm", "Tocsin is not well\n- The audit itself raised ZeroDivisionError: a bug")]
    assert beats(outside) == 0
