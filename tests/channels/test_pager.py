"""Is a letter handed over when a poll fetched it, and never otherwise?"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from tocsin.channels import KINDS
from tocsin.channels.base import Letter, Unreachable
from tocsin.channels.pager import Pager

TEN = datetime(2026, 11, 20, 10, tzinfo=UTC)


@dataclass
class Heard:
    """What pages have fetched, and when they last asked.

    `looks` is how often the channel wanted to know; between two such looks a page may come for a letter: `comes`.
    """

    letters: dict[str, datetime] = field(default_factory=dict)
    asked: dict[str, datetime] = field(default_factory=dict)
    looks: int = 0
    comes: str = ""

    def fetched(self, key: str) -> datetime | None:
        self.looks += 1
        if self.comes == key and self.looks > 1:
            self.letters[key] = TEN
        return self.letters.get(key)

    def last(self, to: str) -> datetime | None:
        return self.asked.get(to)


def letter(to: str = "5", *, at: datetime = TEN) -> Letter:
    return Letter(to, "P1 Acme", "The mail server is down.", "17:step/page@1/primary/person/5", at=at)


def test_a_letter_that_a_poll_has_fetched_is_handed_over():
    heard = Heard({letter().key: TEN}, {"5": TEN})

    assert Pager(heard).send(letter()).reference == "fetched by the pager page at 2026-11-20 10:00:00 UTC"


def test_a_letter_waits_for_the_next_poll():
    heard = Heard(asked={"5": TEN}, comes=letter().key)

    assert Pager(heard, patience=20).send(letter()).reference.startswith("fetched")
    assert heard.looks == 2


def test_a_page_that_does_not_come_for_it_in_time_is_out_of_reach():
    with pytest.raises(Unreachable, match=r"did not come for it within 0\.3 s"):
        Pager(Heard(asked={"5": TEN}), patience=0.3).send(letter())


def test_a_page_that_did_not_come_for_one_letter_is_not_waited_for_with_the_next_until_it_asks_again():
    heard = Heard(asked={"5": TEN})
    pager = Pager(heard, patience=0.5)
    with pytest.raises(Unreachable, match="did not come for it"):
        pager.send(letter())
    waited, heard.looks = heard.looks, 0
    with pytest.raises(Unreachable, match="did not come for it"):
        pager.send(letter())
    assert waited > 1 and heard.looks == 1

    heard.asked["5"], heard.looks, heard.comes = TEN + timedelta(seconds=6), 0, letter().key

    assert pager.send(letter()).reference.startswith("fetched")


def test_who_has_not_asked_for_half_a_minute_is_out_of_reach_at_once():
    heard = Heard(asked={"5": TEN})

    with pytest.raises(Unreachable, match="has not asked since 2026-11-20 10:00:00 UTC"):
        Pager(heard, patience=60).send(letter(at=TEN + timedelta(seconds=30, microseconds=1)))

    assert heard.looks == 1


def test_half_a_minute_to_the_microsecond_is_still_waited_for():
    with pytest.raises(Unreachable, match="did not come for it"):
        Pager(Heard(asked={"5": TEN}), patience=0).send(letter(at=TEN + timedelta(seconds=30)))


@pytest.mark.parametrize("pager", [Pager(Heard()), KINDS["pager"].set_up({})], ids=["disarmed", "without polls"])
def test_a_pager_that_is_not_armed_is_out_of_reach_at_once(pager):
    with pytest.raises(Unreachable, match="not armed"):
        pager.send(letter())


def test_it_can_be_asked_whether_it_has_a_letter():
    pager = Pager(Heard({letter().key: TEN}))

    assert pager.sent(letter().key) is True
    assert pager.sent("17:step/page@1/secondary/person/6") is False
