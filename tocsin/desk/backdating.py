"""Who may say that something was so earlier than it was put on record, and what does that put in question?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from tocsin.core.clock import Reading, fold, prevented
from tocsin.core.event import Event
from tocsin.core.plan import time_of
from tocsin.core.terms import Terms
from tocsin.desk.refusal import Refusal
from tocsin.desk.telling import tell
from tocsin.desk.ticket import Ticket
from tocsin.desk.timeline import Act, possible
from tocsin.directory.holders import Holders
from tocsin.directory.person import Person, here
from tocsin.directory.reach import Reachable

Figures = tuple[dict[str, Any], ...]
AT = "%Y-%m-%d %H:%MZ"


def dated(done: Act, at: datetime | None, by: Reachable | str, *, because: str) -> datetime:
    """When it was so: now, or `at`, which a person may date back, as far as the standard lets them, saying why.

    The reason goes on record with whatever of the act is dated back. Raises Refusal. (semantics 2, backdating)
    """
    if at is None or at == done.now:
        return done.now
    if at > done.now:
        raise Refusal(f"{at:%Y-%m-%d %H:%M}Z is yet to come: an act is dated now or back.")
    if not isinstance(by, Person):
        raise Refusal("Only a person may date an act back.")
    at = max(at, done.ticket.reported_at)
    if at == done.now:
        return at
    number, terms = done.ticket.number, done.terms
    if not because.strip():
        raise Refusal(
            f"On {number} this is dated back to {at:%Y-%m-%d %H:%M}Z: say why it comes on record only now, "
            'such as "on the phone until now".'
        )
    within = terms.backdating_within
    if within is not None and done.now <= within[1].kept_until(at, within[0]):
        right = f"within {within[0]} on {within[1].name}"
    elif role := held(by, terms, done.ticket, at=done.now):
        right = f"as {role}"
    else:
        raise Refusal(
            f"On {number} nobody but {may_further(terms)} may date an act back"
            f"{f' by more than {within[0]}' if within else ''} ({terms.policy} {terms.version}, rules.backdating_by): "
            "ask one of them to record it, or date it later."
        )
    done.dated_back = {"because": because.strip(), "right": right}
    done.conclusions.append(draft_correction)
    return at


def told_by(done: Act, at: datetime) -> None:
    """Refuses a solution dated back to an instant when the client had not been told: its message goes out only now.

    So it is where a clock is open then that telling the client meets, and a solution only because it tells them, too.
    """
    if at == done.now:
        return
    open_then = [
        time_of(name)
        for name, clock in done.terms.clocks.items()
        if "solved" in clock.met_by and {"responded", "updated"} & set(clock.met_by) and not clock.repeats
        if fold(done.story, clock, at).state in ("running", "paused")
    ]
    if open_then:
        raise Refusal(
            f"By {at:%Y-%m-%d %H:%M}Z nobody had told the client of {done.ticket.number} anything, as the record "
            f"has it ({' and '.join(open_then)} still open): record the call to them first, with its time, or "
            "mark it solved as of now."
        )


def held(person: Person, terms: Terms, ticket: Ticket, *, at: datetime, roster: Holders | None = None) -> str:
    """The role by which they may date back as far as they like, and approve corrections; "" if they hold none."""
    roster = roster or Holders.of([ticket.client_id], at=at)
    return next((role for role in terms.backdating_by if person in _holders(role, ticket, roster)), "")


def approvers(terms: Terms, ticket: Ticket, *, author: str, at: datetime) -> Iterable[Person]:
    """Who may approve a correction that `author` (an actor) has caused: whoever is first asked comes first."""
    roster = Holders.of([ticket.client_id], at=at)
    found = [who for role in terms.backdating_by for who in _holders(role, ticket, roster)]
    return dict.fromkeys(who for who in found if who.actor != author)


def may_further(terms: Terms) -> str:
    """The roles in words: `Incident manager or Service desk manager`."""
    return " or ".join(terms.titles.get(role, role) for role in terms.backdating_by) or "nobody"


def _holders(role: str, ticket: Ticket, roster: Holders) -> list[Person]:
    if role == "owner":
        return [owner] if (owner := here(ticket.owner)) else []
    return roster.people(role, ticket.client_id)


def put_in_question(before: list[Event], after: list[Event], terms: Terms, now: datetime) -> Figures:
    """Each lap whose breach stands and would not have come about, had the act been on record when it was so.

    With both figures: as it is recorded, and as it would be. Laps an earlier act has put in question are left out.
    """
    figures = []
    for name, clock in terms.clocks.items():
        known = prevented(before, clock, now)
        for (anchor, index), (recorded, would) in sorted(
            prevented(after, clock, now).items(), key=lambda lap: lap[1][0].breached_at or now
        ):
            if (anchor, index) not in known:
                figures.append(
                    {"clock": name, "lap": anchor, "index": index, "recorded": _said(recorded), "would": _said(would)}
                )
    return tuple(figures)


def draft_correction(done: Act) -> None:
    """Where a breach stands that the act would have prevented, both figures are drafted, and somebody is asked."""
    with possible(done.ticket):
        laps = put_in_question(done.story, [*done.story, *done.drafted()], done.terms, done.now)
    if laps:
        done.say("correction_drafted", laps=laps, state="drafted, waits for approval", **done.dated_back)
        done.change(correction_since=done.ticket.correction_since or done.now)
        _ask_for_approval(done, laps)


def _ask_for_approval(done: Act, laps: Figures) -> None:
    """The first who may approve the correction, and did not cause it, is asked to."""
    ticket = done.ticket
    for who in list(approvers(done.terms, ticket, author=done.by, at=done.now))[:1]:
        tell(
            done,
            who,
            subject=f"{ticket.priority} {ticket.client}: a correction on {ticket.number} waits for you",
            body=(
                f"{who}, an act on {ticket.number} ({ticket.title}) was put on record late, and dated back: "
                f"{done.dated_back['because']}.\n\n"
                + "\n".join(said(lap) for lap in laps)
                + "\n\nThe breach stands, and counts, unless you approve the correction; refuse it with a reason "
                "otherwise. Both figures stay on record.\n\n"
                f"Why you: {done.terms.policy} {done.terms.version} has {may_further(done.terms)} approve corrections, "
                "and never the one who caused them."
            ),
        )


def said(lap: dict[str, Any]) -> str:
    """Both figures of a lap: `response time: breached 2026-11-16 10:30Z; it would be met 2026-11-16 10:05Z`."""
    would = lap["would"]
    at = f" {would['met_at']:{AT}}" if "met_at" in would else ""
    verdict = "nothing promised" if would["verdict"] == "none" else would["verdict"]
    return f"{time_of(lap['clock'])}: breached {lap['recorded']['breached_at']:{AT}}; it would be {verdict}{at}"


def _said(reading: Reading | None) -> dict[str, Any]:
    if reading is None:
        return {"verdict": "none"}
    instants = {"due_at": reading.due_at, "breached_at": reading.breached_at, "met_at": reading.met_at}
    return {"verdict": reading.verdict, **{name: at for name, at in instants.items() if at is not None}}
