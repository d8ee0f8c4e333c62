"""What becomes of a ticket that is worked by another version from now on?

What is used of its clocks goes along, and counting goes on by the new version from that instant; what stands on record
stays. The terms of a ticket that was moved know what they were before each move. (semantics 2 and 3)
"""

from __future__ import annotations

from dataclasses import replace

from tocsin.core.commitment import Clock
from tocsin.core.ladder import Ladder
from tocsin.core.terms import Terms


def after(before: Terms, new: Terms) -> Terms:
    """The terms of a ticket that was worked by `before` and has been moved to `new`; pure, like both.

    What either knows has its words: a message, a wait or a title of the version before is found as long as the ticket
    lasts. What only one of them promises is promised nothing by the other.
    """
    moves = len(before.earlier)
    clocks = {name: _then(name, before.clocks.get(name), new.clocks.get(name), moves) for name in _both(before, new)}
    ladders = {
        name: _climbed(before.ladders.get(name), new.ladders.get(name), moves)
        for name in dict.fromkeys((*before.ladders, *new.ladders))
    }
    return replace(
        new,
        clocks=clocks,
        ladders=ladders,
        messages={**before.messages, **new.messages},
        titles={**before.titles, **new.titles},
        waits={**before.waits, **new.waits},
        earlier=(*before.earlier, replace(before, earlier=())),
    )


def _both(before: Terms, new: Terms) -> list[str]:
    return list(dict.fromkeys((*new.clocks, *before.clocks)))


def _then(name: str, old: Clock | None, new: Clock | None, moves: int) -> Clock:
    if new is None:
        assert old is not None, f"a clock {name} that neither has"
        new = _silent(old)
    if old is None:
        return replace(new, earlier=(_silent(new),) * (moves + 1))
    return replace(new, earlier=(*old.earlier, replace(old, earlier=())))


def _silent(clock: Clock) -> Clock:
    """The clock, promising nothing; what meets it is heard all the same."""
    return replace(clock, targets={}, thresholds=(), earlier=())


def _climbed(old: Ladder | None, new: Ladder | None, moves: int) -> Ladder:
    if old is not None and new is not None and old.counts_from == new.counts_from:
        return replace(new, earlier=(*old.earlier, replace(old, earlier=())))
    if new is None:
        assert old is not None, "a ladder that neither has"
        return replace(old, steps=(), earlier=(*old.earlier, replace(old, earlier=())))
    return replace(new, earlier=(replace(new, steps=(), earlier=()),) * (moves + 1))
