"""How often a second can something be asked, and does a ratio reach its aim?"""

import gc
from collections.abc import Callable, Sequence
from itertools import cycle
from time import perf_counter
from typing import Any

Ask = tuple[Callable[..., Any], Sequence[tuple[Any, ...]]]


def per_second(ask: Callable[..., Any], cases: Sequence[tuple[Any, ...]], *, seconds: float = 0.3) -> float:
    """How many of the cases are answered in a second, asked one after another for about so many seconds."""
    answered, rounds = 0, cycle(range(0, len(cases), 100))
    gc.collect()
    begun = perf_counter()
    while (taken := perf_counter() - begun) < seconds or not answered:
        first = next(rounds)
        answered += _ask(ask, cases[first : first + 100], until=begun + seconds)
    return answered / taken


def best_of(asks: dict[Any, Ask], *, rounds: int = 3) -> dict[Any, float]:
    """The best of several rounds for each, taking turns, so that a busy moment of the machine hits all alike."""
    best = dict.fromkeys(asks, 0.0)
    for _ in range(rounds):
        for name, (ask, cases) in asks.items():
            best[name] = max(best[name], per_second(ask, cases))
    return best


def verdict(reached: bool) -> str:
    return "reached" if reached else "NOT REACHED"


def _ask(ask: Callable[..., Any], cases: Sequence[tuple[Any, ...]], *, until: float) -> int:
    """Ask all the cases; stop between two of them when the time is up and they are slow ones."""
    begun = perf_counter()
    ask(*cases[0])
    if perf_counter() - begun < 0.0005:
        for case in cases[1:]:
            ask(*case)
        return len(cases)
    answered = 1
    for case in cases[1:]:
        if perf_counter() > until:
            break
        ask(*case)
        answered += 1
    return answered
