"""May one more come in now, and when otherwise?"""

from __future__ import annotations

from collections import Counter

import pytest

from tocsin.api.rate import BURST_S, CLIENT_RATE, Rates


def let_in(rates: Rates, key: int, *, rate: int, tries: int, now: float, client: int = 1) -> int:
    return sum(rates.wait(key, client, rate, now=now) == 0 for _ in range(tries))


def test_a_burst_of_ten_seconds_worth_comes_in_at_once():
    rates = Rates()

    assert let_in(rates, 1, rate=5, tries=100, now=0.0) == 5 * BURST_S


def test_in_the_long_run_it_is_so_many_a_second():
    rates = Rates()
    let_in(rates, 1, rate=5, tries=100, now=0.0)

    over_a_minute = sum(let_in(rates, 1, rate=5, tries=1, now=step / 100) for step in range(6000))

    assert 298 <= over_a_minute <= 300


def test_the_wait_it_names_is_long_enough_and_not_longer():
    rates = Rates()
    let_in(rates, 1, rate=4, tries=100, now=0.0)

    wait = rates.wait(1, 1, 4, now=0.0)

    assert wait == pytest.approx(0.25)
    assert rates.wait(1, 1, 4, now=0.24) > 0
    assert rates.wait(1, 1, 4, now=0.2501) == 0


def test_what_was_refused_costs_nothing():
    rates = Rates()
    let_in(rates, 1, rate=4, tries=10_000, now=0.0)

    assert rates.wait(1, 1, 4, now=0.2501) == 0


def test_many_keys_of_a_client_share_what_the_client_may_send():
    rates = Rates()

    came = Counter({key: let_in(rates, key, rate=100, tries=1000, now=0.0) for key in range(5)})

    assert came.total() == CLIENT_RATE * BURST_S
    assert let_in(rates, 9, rate=100, tries=1000, now=0.0, client=2) == 100 * BURST_S


@pytest.mark.parametrize("slow_first", [True, False])
def test_a_slow_key_takes_nothing_from_a_faster_one_of_its_client(slow_first: bool):
    rates = Rates()

    came = let_in(rates, 1, rate=1000, tries=5000, now=0.0) if not slow_first else 0
    slow = let_in(rates, 2, rate=1, tries=10, now=0.0)
    came += let_in(rates, 1, rate=1000, tries=20_000, now=0.0)

    assert (came, slow) == (1000 * BURST_S - 10, 10)
    assert rates.wait(1, 1, 1000, now=0.01) == 0


def test_a_key_that_may_send_more_than_a_client_by_default_can():
    rates = Rates()

    assert let_in(rates, 1, rate=1000, tries=20_000, now=0.0) == 1000 * BURST_S
