"""How do many lives go on at once, with somebody watching who may change their mind?"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from datetime import datetime
from functools import partial
from itertools import islice
from multiprocessing import get_context, parent_process
from threading import Thread

from tocsin.trials.figures import Share, empty, measured
from tocsin.trials.past import Past
from tocsin.trials.side import Side

CHUNK = 200
FEW = 400  # so few are done sooner than another process has begun
AHEAD = 3  # chunks a process has waiting for it

Told = Callable[[int], None]
Stop = Callable[[], bool]


class Cancelled(Exception):
    """Somebody has stopped it; nothing of it is kept."""


def run(
    pasts: Iterable[Past],
    sides: Sequence[Side],
    *,
    until: datetime,
    zone: str,
    told: Told = lambda done: None,
    stop: Stop = lambda: False,
    processes: int | None = None,
) -> Share:
    """All of them have lived under every side, as many at once as there are cores.

    `told` hears how many are done, `stop` is asked between them; when it says so, Cancelled is raised.
    """
    work = partial(measured, sides=sides, until=until, zone=zone)
    chunks = _chunks(pasts)
    first = list(islice(chunks, FEW // CHUNK))
    total = empty(len(sides))
    processes = processes or os.cpu_count() or 1
    rest = next(chunks, None) if processes > 1 else None
    if rest is None:
        for share in map(work, _chain(first, chunks)):
            _add(total, share, told, stop)
        return total
    with _pool(processes) as pool:
        coming: set[Future[Share]] = set()
        try:
            for chunk in _chain([*first, rest], chunks):
                coming.add(pool.submit(work, chunk))
                while len(coming) >= AHEAD * processes:
                    coming = _gather(coming, total, told, stop)
            while coming:
                coming = _gather(coming, total, told, stop)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return total


def _pool(processes: int) -> ProcessPoolExecutor:
    # Spawned, so that no lock or connection of ours is copied into them.
    return ProcessPoolExecutor(processes, mp_context=get_context("spawn"), initializer=_begin)


def _begin() -> None:
    """Ctrl-C reaches whoever shares out the work alone; and when that is gone, however it went, so is this process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _gather(coming: set[Future[Share]], total: Share, told: Told, stop: Stop) -> set[Future[Share]]:
    done, left = wait(coming, timeout=1.0, return_when=FIRST_COMPLETED)
    if not done and stop():
        raise Cancelled
    for future in done:
        _add(total, future.result(), told, stop)
    return left


def _add(total: Share, share: Share, told: Told, stop: Stop) -> None:
    total.add(share)
    told(total.tickets)
    if stop():
        raise Cancelled


def _chunks(pasts: Iterable[Past]) -> Iterator[list[Past]]:
    pasts = iter(pasts)
    while chunk := list(islice(pasts, CHUNK)):
        yield chunk


def _chain(first: Iterable[list[Past]], others: Iterator[list[Past]]) -> Iterator[list[Past]]:
    yield from first
    yield from others
