"""Who asked whom for help, and who has it now?"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tocsin.core.event import Accepted, Acknowledged, Done, Escalated, Event, SentBack
from tocsin.core.terms import Terms
from tocsin.desk import approvals, next_steps, raci
from tocsin.desk.facts import facts_of
from tocsin.desk.next_steps import fits
from tocsin.desk.refusal import Refusal
from tocsin.desk.telling import tell_worker
from tocsin.desk.ticket import Ticket
from tocsin.desk.tickets import live
from tocsin.desk.timeline import act, story_of
from tocsin.desk.whose import may_work, why_not
from tocsin.directory.person import Person
from tocsin.directory.reach import Reachable, actor
from tocsin.log.event import Event as Row
from tocsin.standard.terms import terms_of

REASONS = (
    "skill limit",
    "permission or security",
    "time exceeded",
    "about to exceed",
    "scope approval",
    "vendor",
    "client satisfaction",
    "recurring",
    "impact",
)
PAGES = ("step", "ask", "resend", "again")


def escalate(
    ticket: Ticket,
    *,
    to: str,
    reason: str,
    tried: str,
    next_step: str,
    next_who: Person | None = None,
    next_due: datetime | None = None,
    looks_lost: bool = False,
    by: Reachable | str,
    now: datetime,
) -> None:
    """The ticket is escalated to the level `to`, which is yet to accept it; who is paged for it is the plan's.

    `next_step` is what is agreed from now on; it is the level's, unless it is `next_who`'s, and due when that must
    accept, unless at `next_due`. (R4.5, R8.6)
    """
    following: dict[str, Any] = {}
    if next_who is not None:
        following["next_who"] = next_who.pk
    if next_due is not None:
        next_steps.in_time(next_due, now)
        following["next_due"] = next_due
    with act(ticket, by=actor(by), now=now) as done:
        live(done)
        may_work(done.ticket, next_who, instead=next_steps.taken_by(done.ticket))
        ladder = done.terms.ladders.get("functional")
        levels = [step.name for step in ladder.steps] if ladder else []
        if to not in levels:
            raise Refusal(
                f"This standard has no level {to!r} above the first: it is one of {', '.join(levels) or 'none'}."
            )
        if reason not in REASONS:
            raise Refusal(f"{reason!r} is no reason this desk counts: it is one of {', '.join(REASONS)}.")
        fits(next_step)
        if to in (done.ticket.level, done.ticket.asked_level):
            raise Refusal(
                f"{to} {'has' if to == done.ticket.level else 'has been asked to take'} {ticket.number} already."
            )
        approvals.held(done, to, after=_last_escalated(done.story, to))
        have = done.ticket.asked_level or done.ticket.level
        if have in levels and levels.index(have) > levels.index(to):
            raise Refusal(f"{have} has {ticket.number}, which is above {to}: send it back instead.")
        done.record(
            Escalated(done.now, to),
            frm=done.ticket.level,
            reason=reason,
            tried=tried,
            next_step=next_step,
            **following,
            **({"looks_lost": True} if looks_lost else {}),
            trigger="by hand",
            **done.ticket.hands,
            **raci.frozen(done.ticket, done.terms, at=done.now),
        )


def escalate_early(ticket: Ticket, *, by: Person, now: datetime) -> None:
    """The next level is asked at once, because the promise looks lost; that never counts as too early. (R4.16)

    It gets what is on record of what was tried; nobody has to write first.
    """
    terms = terms_of(ticket)
    ladder = terms.ladders.get("functional")
    have = ladder.places.get(ticket.asked_level or ticket.level, -1) if ladder else -1
    if ladder is None or have + 1 >= len(ladder.steps):
        raise Refusal(f"No level comes after {ticket.level} for {ticket.number}: call the team lead.")
    known = facts_of([ticket])[ticket.pk]
    escalate(
        ticket,
        to=ladder.steps[have + 1].name,
        reason="about to exceed",
        tried=known.done or "Nothing is on record yet: see the timeline, and ask whoever has it.",
        next_step=known.next_step or "Save the promise: look at it now",
        looks_lost=True,
        by=by,
        now=now,
    )


def _last_escalated(story: list[Event], to: str) -> int:
    """Where it was last escalated to this level: what was approved before is used up."""
    return max((event.seq for event in story if isinstance(event, Escalated) and event.to == to), default=0)


def accept(ticket: Ticket, *, by: Person, now: datetime) -> None:
    """The level that was asked has it, and `by` works on it."""
    with act(ticket, by=actor(by), now=now) as done:
        live(done)
        if not done.ticket.asked_level:
            raise Refusal(f"{ticket.number} waits for nobody's acceptance.")
        may_work(done.ticket, by)
        was = done.ticket.worker_id
        done.change(worker=by)
        done.record(Accepted(done.now), level=done.ticket.asked_level, was=was, **done.ticket.hands)


def send_back(ticket: Ticket, *, reason: str, by: Person, now: datetime) -> None:
    """The level before and its worker have it anew, with what was left of its time or a quarter. (R4.12)"""
    with act(ticket, by=actor(by), now=now) as done:
        live(done)
        if not reason.strip():
            raise Refusal("Say why it goes back: whoever gets it must know what to do differently.")
        ladder = done.terms.ladders.get("functional")
        if not done.ticket.asked_level and (ladder is None or done.ticket.level not in [s.name for s in ladder.steps]):
            raise Refusal(f"{ticket.number} was not escalated: there is no level to send it back to.")
        back, was = SentBack(done.now), done.ticket.worker_id
        if done.ticket.asked_level:
            frm, returns = done.ticket.asked_level, None
        else:
            taken = _last_taken(done.ticket)
            worker = Person.objects.filter(pk=taken.data["was"] or 0).first() if taken else None
            if worker is not None:
                done.change(worker=worker)
            frm, returns = done.ticket.level, taken.seq if taken else None
        done.record(back, reason=reason, frm=frm, returns=returns, was=was, **done.ticket.hands)
        tell_worker(
            done,
            subject=f"{done.ticket.priority} {done.ticket.client}: {ticket.number} comes back to you: {ticket.title}",
            body=f"{by} has sent {ticket.number} back: {reason}\n\nIt is yours again, and its time goes on.",
        )


def _last_taken(ticket: Ticket) -> Row | None:
    """The last acceptance that was not sent back since."""
    moves = Row.objects.filter(stream=ticket.stream_name, kind__in=("accepted", "sent_back")).order_by("-seq")
    returned: set[int] = set()
    for move in moves:
        if move.kind == "sent_back":
            returned.add(move.data["returns"])
        elif move.seq not in returned:
            return move
    return None


def acknowledge(ticket: Ticket, *, of: str, by: Person, now: datetime) -> bool:
    """`by` has the page of the step `of`. Returns False when somebody had it already: first come, first served.

    A page path is acknowledged once, whichever of its steps is answered; one that was paged again, once more. Whoever
    has its page has the ticket where nobody has: they work on it, and own it. (semantics 3)
    """
    with act(ticket, by=actor(by), now=now) as done:
        live(done)
        if not is_page(of) or not any(event.key == of for event in done.story):
            raise Refusal(f"{ticket.number} has no page {of!r}.")
        first = _answer(done.story, done.terms, of) is None
        if first:
            taken = _free_hands(done.ticket, by) if _is_path(done.terms, of) else ()
            done.change(**dict.fromkeys(taken, by))
            done.record(Acknowledged(done.now, of), **dict.fromkeys(taken, by.pk))
        else:
            done.say("acknowledged_again", of=of)
    return first


def _is_path(terms: Terms, of: str) -> bool:
    """Whether it is a page of a page path, rather than of a ladder that goes on whoever answers."""
    ladder = terms.ladders.get(_ladder(of))
    return ladder is not None and ladder.until_acknowledged


def _free_hands(ticket: Ticket, who: Person) -> list[str]:
    """Of owner and worker, those that nobody is; none for somebody who may not work for the client."""
    if why_not(who, ticket.client):
        return []
    return [hand for hand, who in ticket.hands.items() if who is None]


def is_page(key: str) -> bool:
    """Whether what this key names asks somebody to acknowledge it."""
    return key.partition("/")[0] in PAGES


def answer(ticket: Ticket, of: str) -> Row | None:
    """The acknowledgement of the page `of`, or of its path, that still holds: who has it, and since when."""
    heard = _answer(story_of(ticket), terms_of(ticket), of)
    return Row.objects.get(stream=ticket.stream_name, seq=heard.seq) if heard is not None else None


def _answer(story: list[Event], terms: Terms, of: str) -> Event | None:
    return next((event for event in reversed(story) if _heard(story, terms, of, event)), None)


def _heard(story: list[Event], terms: Terms, of: str, event: Event) -> bool:
    """Whether this event is an acknowledgement of the page `of`, or of its path, that still holds."""
    if not isinstance(event, Acknowledged):
        return False
    run = _run(story, event.of)
    name = run.partition("@")[0]
    if any(later.key == f"again/{name}@{event.seq}" for later in story):
        return False
    ladder = terms.ladders.get(name)
    if ladder is not None and ladder.until_acknowledged:
        return _run(story, of) == run
    return event.of == of


def _run(story: list[Event], key: str) -> str:
    """The run of a ladder that a page belongs to: step/page@1/primary, and what was paged again for it, to page@1."""
    kind, _, rest = key.partition("/")
    run = rest.partition("/")[0]
    if kind == "again":
        begun = [event for event in story if isinstance(event, Acknowledged) and run.endswith(f"@{event.seq}")]
        return _run(story, begun[0].of) if begun else run
    return run


def _ladder(key: str) -> str:
    """The ladder which the key of a step or a question names: step/page@1/primary is of the page path."""
    return key.partition("/")[2].partition("@")[0]


def record_act(ticket: Ticket, *, of: str, result: str, by: Person, now: datetime) -> None:
    """The call or briefing that the step `of` asked for was made, with this result. (R6.2)"""
    with act(ticket, by=actor(by), now=now) as done:
        if not any(event.key == of for event in done.story):
            raise Refusal(f"{ticket.number} has no step {of!r}.")
        ladder = done.terms.ladders.get(_ladder(of))
        if not any(step.act and of.endswith(f"/{step.name}") for step in (ladder.steps if ladder else ())):
            raise Refusal(f"The step {of!r} of {ticket.number} asks for no call and no briefing.")
        if not result.strip():
            raise Refusal("Say what came of it: reached, voicemail, call back at …")
        done.record(Done(done.now, of), result=result)
