"""How is a backtest that was asked for worked on?"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime
from time import monotonic

from tocsin.trials import backtest, results, running, tried
from tocsin.trials.backtest import Backtest
from tocsin.trials.side import Side

SAYS_EVERY_S = 1.0


def work(pk: int, *, clock: Callable[[], datetime], processes: int | None = None) -> None:
    """The backtest that was claimed is over: done, failed with the reason, or left as whoever stopped it left it."""
    row = Backtest.objects.select_related("client").get(pk=pk)
    tickets = tried.chosen(client=row.client, since=row.since, until=row.until)
    total, now = tickets.count(), clock()
    before = Side(row.against_title, row.against) if row.against else tried.own()
    sides = [before, Side(row.title, row.draft)]
    pace = _Pace(pk, total, clock)
    try:
        share = running.run(
            tried.pasts(tickets),
            sides,
            until=now,
            zone=row.zone,
            told=pace.told,
            stop=pace.is_stopped,
            processes=processes or max(1, (os.cpu_count() or 1) - 1),
        )
        found = results.result(
            share,
            [side.title for side in sides],
            since=row.since,
            until=now,
            zone=row.zone,
            woken=tried.woken(share),
            clients=tried.clients(share),
        )
        backtest.finish(pk, found, results.as_csv(share.flips), now=clock())
    except running.Cancelled:
        return
    except Exception as error:  # whatever it was, whoever asked reads it
        backtest.fail(pk, f"{type(error).__name__}: {error}".rstrip(".") + ".", now=clock())
        raise


class _Pace:
    """How far it is, said about once a second; in the same breath it is asked whether somebody has stopped it."""

    def __init__(self, pk: int, total: int, clock: Callable[[], datetime]) -> None:
        self.pk = pk
        self.total = total
        self.clock = clock
        self.done = 0
        self.said_at = float("-inf")
        self.goes_on = True

    def told(self, done: int) -> None:
        self.done = done

    def is_stopped(self) -> bool:
        if monotonic() - self.said_at >= SAYS_EVERY_S:
            self.said_at = monotonic()
            self.goes_on = backtest.heard(self.pk, done=self.done, total=self.total, now=self.clock())
        return not self.goes_on
