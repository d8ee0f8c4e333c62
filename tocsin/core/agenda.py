"""What must happen next on a ticket, by when, and who must do it?

The one list that screens, API and pager show: what people owe (a promise to the client, an acceptance, a call) and what
will happen by itself (a step of a ladder, a threshold, the end of a wait), by the instant it is due. (interface: Now)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from tocsin.core.dial import Reading
from tocsin.core.plan import Coming, Plan, time_of
from tocsin.core.terms import Terms

Kind = Literal["promise", "threshold", "step", "accept", "answer", "act", "wait", "raise"]

OURS = {"worker": "whoever works on it", "owner": "the owner"}
PROMISES = {
    "response": "First response",
    "resolution": "Solve it",
    "client_notified": "Tell the client",
    "next_update": "Client update promised",
}
UNSENT = {"next_update": "Client update not sent"}


@dataclass(frozen=True, slots=True)
class Item:
    """Something due at `at` (aware UTC), past where it is late: `what` must happen, as a headline, and `why`.

    kind: promise (a clock), threshold, step (of a ladder, which fires by itself), accept, answer (a page), act (a call
    or a briefing), wait (ends by itself), raise. `to` is the role, level or party that is asked; `key` names the
    obligation it becomes, and `subject` the clock, ladder or party. `again_at`: when the next miss of a promise that
    repeats is counted, where one was missed already.
    """

    at: datetime
    kind: Kind
    what: str
    why: str
    to: str
    key: str
    subject: str
    again_at: datetime | None = None


def agenda(planned: Plan, terms: Terms) -> list[Item]:
    """Everything that is due on the ticket now or later if nothing else happens, the earliest first."""
    found = [*_promises(planned, terms), *_others(planned, terms)]
    return sorted(found, key=lambda item: item.at)


def must_by(planned: Plan) -> datetime | None:
    """The instant of the first item of the agenda; None where nothing is due by itself. Cheap: no words are made."""
    instants = [reading.owed_at for reading in planned.readings.values() if reading.state == "running"]
    instants += [coming.at for coming in (*planned.ahead, *planned.undone) if coming.kind in _SAID]
    return min((at for at in instants if at is not None), default=None)


def _promises(planned: Plan, terms: Terms) -> Iterator[Item]:
    for name, reading in planned.readings.items():
        item = promise_item(name, reading, terms)
        if item is not None:
            yield item


def promise_item(name: str, reading: Reading, terms: Terms) -> Item | None:
    """What a clock that runs asks for; None where nothing is due by it. What was missed is owed until it is done."""
    at = reading.owed_at
    if reading.state != "running" or at is None:
        return None
    what = PROMISES.get(name) or name.replace("_", " ").capitalize()
    to = "comms-lead" if name in ("client_notified", "next_update") and "comms-lead" in terms.titles else "worker"
    key = f"breach/{name}@{reading.anchor}"
    if not (missed := reading.missed):
        return Item(at, "promise", what, promised(name, reading, terms), to, key, name)
    why = f"{promised(name, missed[0], terms)}, missed {len(missed)} ×"
    return Item(at, "promise", UNSENT.get(name, f"{what}: missed"), why, to, key, name, reading.due_at)


def promised(name: str, reading: Reading, terms: Terms) -> str:
    """What was promised, in words: 4h on support hours, for P2."""
    promise = reading.binding
    clock = terms.clocks[name]
    target = clock.targets.get(promise.priority) if promise else None
    if promise is None:
        return "nothing is promised"
    if target is None or promise.origin not in ("", "opened"):
        return f"promised for {promise.priority}"
    duration, calendar = target
    hours = "" if calendar.is_always else f" on {calendar.name or calendar.zone}"
    return f"{'every ' if clock.repeats else ''}{duration} for {promise.priority}{hours}"


def _others(planned: Plan, terms: Terms) -> Iterator[Item]:
    for coming in (*planned.undone, *planned.ahead):
        words = said(coming, planned, terms)
        if words is not None:
            kind, what, why, to = words
            yield Item(coming.at, kind, what, why, to, coming.key, coming.subject)


Said = tuple[Kind, str, str, str]


def said(coming: Coming, planned: Plan, terms: Terms) -> Said | None:
    """Kind, headline, reason and whom it asks; None for what nobody needs to know beforehand."""
    say = _SAID.get(coming.kind)
    return say(coming, planned, terms) if say is not None else None


def _threshold(coming: Coming, planned: Plan, terms: Terms) -> Said:
    rule = terms.threshold(coming.subject, coming.percent)
    told = title(rule.tell, terms) if rule else "whoever works on it"
    why = f"goes to {rule.escalate}" if rule and rule.escalate else f"{told} is told"
    if coming.subject == "next_update":
        return "threshold", "The next update is near", why, rule.tell if rule else "worker"
    return "threshold", f"{coming.percent} % of the {time_of(coming.subject)}", why, rule.tell if rule else "worker"


def _step(coming: Coming, planned: Plan, terms: Terms) -> Said:
    step = coming.step
    assert step is not None
    whom = step.title or title(step.to, terms)
    ladder = terms.ladders[coming.subject]
    wait = step.after.get(planned.priority)
    after = f", after {wait[0]}" if wait and wait[0].amount else ""
    if ladder.counts_from == "level":
        level = planned.standing.standing.level if planned.standing else ""
        return "step", f"{level} must escalate", f"then it goes to {step.name}{after} at {level}", "worker"
    if ladder.until_acknowledged:
        return "step", f"Page the {lower(whom)}", "unless somebody answers before", step.to
    if step.act and "phone" in step.by:
        return "step", f"Call the {lower(whom)}", f"{coming.subject} ladder{after}", "worker"
    if step.act:
        return "step", step.title or f"Brief the {lower(whom)}", f"{coming.subject} ladder{after}", step.to
    return "step", f"Tell the {lower(whom)}", f"{coming.subject} ladder{after}", step.to


def _act(coming: Coming, planned: Plan, terms: Terms) -> Said:
    step = coming.step
    assert step is not None
    whom = title(step.to, terms)
    if "phone" in step.by:
        return "act", f"Call the {lower(whom)}", f"{coming.subject} ladder: call, and record what came of it", "worker"
    return "act", step.title or f"Brief the {lower(whom)}", f"{coming.subject} ladder: record that it was held", step.to


def _accept(coming: Coming, planned: Plan, terms: Terms) -> Said:
    question = planned.standing.standing.question if planned.standing else None
    level = question.to if question else coming.to
    then = {"resend": "then it is asked again", "unaccepted": "then it goes further"}
    why = then.get(coming.kind, "then nobody is left to ask")
    return "accept", f"{level} must accept", f"asked by {question.frm}, {why}" if question else why, level


def _out(coming: Coming, planned: Plan, terms: Terms) -> Said:
    ladder = terms.ladders[coming.subject]
    if ladder.counts_from == "level":
        return _accept(coming, planned, terms)
    return "answer", "Answer the page", f"nobody has, and then the {title(ladder.owner, terms)} is told", coming.to


def _again(coming: Coming, planned: Plan, terms: Terms) -> Said:
    return "answer", "Record what is being done", "acknowledged; without a word by then, it pages again", coming.to


def _wait(coming: Coming, planned: Plan, terms: Terms) -> Said:
    wait = terms.waits.get(coming.subject)
    return "wait", f"{wait.title if wait else f'Waiting for {coming.subject}'} ends", "its clocks run again", "worker"


def _raise(coming: Coming, planned: Plan, terms: Terms) -> Said:
    return "raise", f"It becomes {coming.to}", f"{planned.priority} for too long without a solution", "worker"


_SAID = {
    "threshold": _threshold,
    "step": _step,
    "missed": _act,
    "resend": _accept,
    "unaccepted": _accept,
    "exhausted": _out,
    "again": _again,
    "wait": _wait,
    "raise": _raise,
}


def title(role: str, terms: Terms) -> str:
    """What people call a role or a level."""
    return terms.titles.get(role) or OURS.get(role, role)


def lower(text: str) -> str:
    """As it stands within a sentence: Team lead is team lead, L2 and IT manager stay."""
    return text if text[1:2].isupper() or text[1:2].isdigit() else text[:1].lower() + text[1:]
