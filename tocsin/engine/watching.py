"""Is the engine itself well, and does somebody outside hear of it either way?

One engine of a desk at a time audits; a passed audit alone sends the heartbeat, a failed one alarms by a second path,
once until what it found is over. In a thread of its own, and outside any transaction. (semantics 10)
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from math import ceil

import structlog
from django.conf import settings
from django.db import Error as DatabaseError
from django.db.models import QuerySet

from tocsin.desk.proof import refold
from tocsin.desk.ticket import Ticket
from tocsin.desk.tickets import ENDED
from tocsin.engine import outside
from tocsin.engine.audit import NAMED, Finding, audit
from tocsin.engine.watch import Watch
from tocsin.log.snapshot import snapshot

ROUND = timedelta(hours=12)  # so that every open ticket has been told again in a day, whatever comes between
AT_LEAST = 20

log = structlog.get_logger(__name__)


def turn(clock: Callable[[], datetime]) -> bool:
    """An audit has been made if one was due, and what came of it said and stored; whether one was."""
    now = clock()
    watch = Watch.claimed(now, settings.TOCSIN_AUDIT_EVERY)
    if watch is None:
        return False
    found = _found(watch, now)
    watch.audited_at = now
    watch.findings = [finding.plain() for finding in found]
    _alarm(watch, found, now)
    if not found:
        watch.passed_at = now
        _heartbeat(watch, now)
    watch.keep()
    return True


def _found(watch: Watch, now: datetime) -> list[Finding]:
    try:
        _refold_some(watch, now, settings.TOCSIN_AUDIT_EVERY)
        return [*audit(now, settings.TOCSIN_LATE_AFTER), *_told_otherwise(watch)]
    except DatabaseError:
        raise
    except Exception as error:  # an audit that cannot be made has not been passed
        log.error("the audit raised", exc_info=error)
        return [Finding("audit", 1, 0.0, f"The audit itself raised {type(error).__name__}: {error}")]


def _heartbeat(watch: Watch, now: datetime) -> None:
    if not settings.TOCSIN_HEARTBEAT_URL:
        watch.heartbeat_error = ""
        return
    try:
        outside.heartbeat(settings.TOCSIN_HEARTBEAT_URL)
    except outside.NotTaken as error:
        if not watch.heartbeat_error:
            log.warning("the heartbeat was not taken", why=str(error))
        watch.heartbeat_error = str(error)[:300]
    else:
        watch.heartbeat_at, watch.heartbeat_error = now, ""


def _alarm(watch: Watch, found: list[Finding], now: datetime) -> None:
    """What is new is said, and what is over; what goes on is not said again."""
    standing = {finding.kind for finding in found}
    new = [finding for finding in found if finding.kind not in watch.alarmed]
    over = [kind for kind in watch.alarmed if kind not in standing]
    if not new and not over:
        return
    event = "alarm" if found else "recovered"
    lines = ["Tocsin is not well" if found else "Tocsin is well again"]
    lines += [f"- {finding.says}" for finding in found]
    lines += [f"- Over: {kind}, since {since}." for kind, since in watch.alarmed.items() if kind in over]
    if outside.alarm(event, "\n".join(lines), watch.findings, now):
        kept = {kind: since for kind, since in watch.alarmed.items() if kind not in over}
        watch.alarmed = kept | {finding.kind: f"{now:%Y-%m-%d %H:%M:%S}Z" for finding in new}


def _refold_some(watch: Watch, now: datetime, every: timedelta) -> None:
    """The next open tickets have been told again from their logs, and those that were wrong before."""
    live = Ticket.objects.exclude(status__in=ENDED)  # counted by an index alone, however many are over
    share = max(AT_LEAST, ceil(live.count() * (every / ROUND)))
    coming = list(live.filter(pk__gt=watch.refolded).order_by("pk").values_list("pk", flat=True)[:share])
    known = [int(pk) for pk in watch.faults]
    watch.faults = _faults(Ticket.objects.filter(pk__in={*coming, *known}))
    if len(coming) < share:
        watch.refolded, watch.round_done_at = 0, now
    else:
        watch.refolded = coming[-1]


def _faults(tickets: QuerySet[Ticket]) -> dict[str, str]:
    with snapshot():
        return {fault.stream.split("/")[1]: str(fault) for fault in refold(tickets=tickets)}


def _told_otherwise(watch: Watch) -> list[Finding]:
    if not watch.faults:
        return []
    some = "; ".join(list(watch.faults.values())[:NAMED])
    shows = "ticket shows" if len(watch.faults) == 1 else "tickets show"
    says = f"{len(watch.faults)} {shows} what the log does not say (`tocsin verify` names all): {some}"
    return [Finding("proof", len(watch.faults), 0.0, says)]
