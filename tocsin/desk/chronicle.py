"""What happened on this ticket, in sentences?

The one place that turns events into words: screens, API and reports show what it says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from tocsin.core.explain import name_of
from tocsin.core.terms import Terms
from tocsin.desk.message import Message
from tocsin.desk.ticket import Ticket
from tocsin.directory.contact import Contact
from tocsin.directory.person import Person
from tocsin.log.event import Event

Data = dict[str, Any]
TO_CLIENT, FROM_CLIENT, INTERNAL, BY_ITSELF = "to-client", "from-client", "internal", "by-itself"
GOOD, BAD, NEWS, QUIET = "good", "bad", "news", "quiet"
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Line:
    """One event in words. `said` goes on where `who` ends; `text` is what a person wrote, `detail` what stands beside.

    audience: to-client, from-client, internal or by-itself (the desk's own doing). tone: good, bad, news or quiet.
    `why` is the rule that brought it about, with its key, where a rule did; `reached` whom its letters got to, when.
    `late` is set where it was dated back.
    """

    seq: int
    at: datetime
    recorded_at: datetime
    kind: str
    who: str
    said: str
    audience: str = INTERNAL
    tone: str = QUIET
    text: str = ""
    subject: str = ""
    detail: str = ""
    why: str = ""
    key: str = ""
    sha256: str = ""
    reached: tuple[tuple[str, datetime], ...] = ()

    @property
    def late(self) -> bool:
        return self.recorded_at - self.at >= MINUTE and self.audience != BY_ITSELF


class Names:
    """How those are called whom the log names: person/5, contact/12, monitor/alertmanager, engine."""

    OTHERS = {"engine": "Tocsin", "starter": "Tocsin", "demo": "Tocsin", "import": "The import"}

    def __init__(self, actors: Iterable[str]) -> None:
        wanted: dict[str, set[int]] = {"person": set(), "contact": set()}
        for actor in actors:
            kind, _, pk = actor.partition("/")
            if kind in wanted and pk.isdecimal():
                wanted[kind].add(int(pk))
        self._names: dict[str, str] = {}
        if wanted["person"]:
            people = Person.objects.filter(pk__in=wanted["person"]).values_list("pk", "name")
            self._names |= {f"person/{pk}": name for pk, name in people}
        if wanted["contact"]:
            contacts = Contact.objects.filter(pk__in=wanted["contact"]).values_list("pk", "name")
            self._names |= {f"contact/{pk}": name for pk, name in contacts}

    def __call__(self, actor: Any) -> str:
        if isinstance(actor, int):
            actor = f"person/{actor}"
        if not actor:
            return "nobody"
        kind, _, rest = str(actor).partition("/")
        if kind == "monitor":
            return f"Monitor ({rest})"
        return self._names.get(str(actor)) or self.OTHERS.get(kind, str(actor))

    def all(self, actors: Iterable[Any]) -> str:
        """Ann, Bob and Cem."""
        names = [self(actor) for actor in actors]
        return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names) if names else "nobody"


def recorded(ticket: Ticket, *, after: int = 0) -> list[Event]:
    """What is on the ticket's record, the first first; `after` this place in it."""
    return list(Event.objects.filter(stream=ticket.stream_name, seq__gt=after).order_by("seq"))


def chronicle(
    ticket: Ticket, terms: Terms, *, client_only: bool = False, rows: list[Event] | None = None
) -> list[Line]:
    """What happened on the ticket, the first first; for a client, only what the client may read.

    `rows` is what is on record, where the caller has read it.
    """
    rows = recorded(ticket) if rows is None else rows
    told = [(row, row.data) for row in rows]
    messages = {message.pk: message for message in Message.objects.filter(ticket=ticket)}
    names = Names([row.actor for row in rows] + [actor for _, data in told for actor in _named(data)])
    reached = _reached(told, names)
    lines = [line for row, data in told if (line := _line(row, data, terms, names, messages)) is not None]
    lines = [replace(line, reached=reached.get(line.seq, ())) for line in lines]
    return [line for line in lines if line.audience in (TO_CLIENT, FROM_CLIENT)] if client_only else lines


def _reached(told: list[tuple[Event, Data]], names: Names) -> dict[int, tuple[tuple[str, datetime], ...]]:
    """The place of an event → who got the letters it brought about, by which way, and when."""
    places = {row.key: row.seq for row, _ in told if row.key}
    found: dict[int, tuple[tuple[str, datetime], ...]] = {}
    for row, data in told:
        if row.kind != "delivered":
            continue
        letter = str(data.get("delivery", "")).removesuffix(f"/{data.get('person', '')}")
        kind, _, place = letter.partition("@")
        seq = places.get(letter) or (int(place) if "/" not in kind and place.isdecimal() else 0)
        twice = ", perhaps twice" if data.get("possible_duplicate") else ""
        words = f"{names(data.get('person'))} by {data.get('channel')}{twice}"
        found[seq] = (*found.get(seq, ()), (words, row.effective_at))
    return found


def _named(data: Data) -> Iterable[str]:
    for name in ("told", "asked"):
        yield from data.get(name) or ()
    for name in ("owner", "worker", "was", "approved_by", "who"):
        if isinstance(data.get(name), int):
            yield f"person/{data[name]}"
    for name in ("person", "author"):
        if isinstance(data.get(name), str):
            yield data[name]


def _line(row: Event, data: Data, terms: Terms, names: Names, messages: dict[int, Message]) -> Line | None:
    words = _WORDS.get(row.kind, _other)
    said = words({**data, "key": row.key or ""}, names, terms)
    if said is None:
        return None
    message = messages.get(data.get("message") or 0)
    return Line(
        seq=row.seq,
        at=row.effective_at,
        recorded_at=row.recorded_at,
        kind=row.kind,
        who=names(row.actor),
        text=_shown(message),
        subject=message.subject if message else "",
        why=_why(data),
        key=row.key or "",
        sha256=data.get("sha256") or "",
        **said,
    )


def _shown(message: Message | None) -> str:
    if message is None:
        return ""
    return "Blacked out, on record." if message.blacked_out_at else message.body


def _why(data: Data) -> str:
    standard = f" ({data['standard']})" if data.get("standard") else ""
    return f"{data['why']}{standard}" if data.get("why") else ""


Said = dict[str, Any]


def _said(said: str, tone: str = QUIET, audience: str = INTERNAL, detail: str = "") -> Said:
    return {"said": said, "tone": tone, "audience": audience, "detail": detail}


def _details(*parts: tuple[str, Any]) -> str:
    return " · ".join(f"{name}: {value}" if name else str(value) for name, value in parts if value)


def _role(role: str, terms: Terms) -> str:
    return terms.titles.get(role, role)


# -- what people did


def _opened(data: Data, names: Names, terms: Terms) -> Said:
    kind = data.get("kind_of_ticket", "incident")
    detail = _details(
        ("", data.get("because")), ("host", data.get("host")), ("impact", data.get("impact")),
        ("follows", data.get("follows")), ("next step", data.get("next_step")),
    )  # fmt: skip
    return _said(
        f"opened it as {data['priority']} {kind if kind != data['priority'] else ''}".rstrip(), NEWS, detail=detail
    )


def _responded(data: Data, names: Names, terms: Terms) -> Said | None:
    if data.get("means") != "phone":
        return None  # the update beside it says it
    return _said("talked to the client by phone", GOOD, TO_CLIENT)


def _updated(data: Data, names: Names, terms: Terms) -> Said | None:
    if data.get("means") == "phone":
        return None
    return _said("wrote to the client", NEWS, TO_CLIENT)


def _client_wrote(data: Data, names: Names, terms: Terms) -> Said:
    return _said("wrote", NEWS, FROM_CLIENT)


def _noted(data: Data, names: Names, terms: Terms) -> Said:
    state = data.get("state")
    detail = _details(("next step", data.get("next_step")), ("by", data.get("next_by")))
    return _said(f"noted: {state}" if state else "noted", detail=detail)


def _assigned(data: Data, names: Names, terms: Terms) -> Said:
    parts = [
        f"{what} is {names(data[name])}" for name, what in (("owner", "owner"), ("worker", "worker")) if name in data
    ]
    return _said(f"handed it over: {', '.join(parts)}", detail=_details(("", data.get("reason"))))


def _next_step(data: Data, names: Names, terms: Terms) -> Said:
    return _said(f"agreed the next step: {data['step']}", detail=_details(("by", names(data.get("who")))))


def _paused(data: Data, names: Names, terms: Terms) -> Said:
    wait = terms.waits.get(data["on"])
    title = wait.title if wait else f"waiting for {data['on']}"
    until = f" until {data['until'][:16].replace('T', ' ')} UTC" if data.get("until") else ""
    return _said(f"set it {title[:1].lower()}{title[1:]}{until}", NEWS, detail=_details(("", data.get("reason"))))


def _resumed(data: Data, names: Names, terms: Terms) -> Said:
    return _said("went on with it: the wait is over", NEWS, detail=_details(("", data.get("reason"))))


def _priority(data: Data, names: Names, terms: Terms) -> Said:
    approved = f", approved by {names(data['approved_by'])}" if data.get("approved_by") else ""
    was, to = data.get("was", "?"), data["to"]
    return _said(f"changed the priority {was} → {to}{approved}", BAD, detail=_details(("", data.get("reason"))))


def _escalated(data: Data, names: Names, terms: Terms) -> Said:
    detail = _details(
        ("reason", data.get("reason")), ("trigger", data.get("trigger")), ("tried", data.get("tried")),
        ("next step", data.get("next_step")),
    )  # fmt: skip
    return _said(f"escalated it {data.get('frm', '')} → {data['to']}", BAD, detail=detail)


def _accepted(data: Data, names: Names, terms: Terms) -> Said:
    return _said(f"accepted it for {data.get('level', 'the level asked')}", GOOD)


def _sent_back(data: Data, names: Names, terms: Terms) -> Said:
    return _said(f"sent it back from {data.get('frm', '')}".rstrip(), BAD, detail=_details(("", data.get("reason"))))


def _acknowledged(data: Data, names: Names, terms: Terms) -> Said:
    return _said("acknowledged the page", GOOD, detail=data.get("of", ""))


def _again(data: Data, names: Names, terms: Terms) -> Said:
    return _said("acknowledged the page, which somebody had already", detail=data.get("of", ""))


def _done(data: Data, names: Names, terms: Terms) -> Said:
    step = str(data["of"]).rpartition("/")[2]
    return _said(f"recorded the act of the step {step}", GOOD, detail=_details(("", data.get("result"))))


def _solved(data: Data, names: Names, terms: Terms) -> Said:
    detail = _details(
        ("cause", data.get("cause")), ("actions", data.get("actions")), ("verified", data.get("verification"))
    )
    return _said("solved it", GOOD, TO_CLIENT if data.get("message") else INTERNAL, detail)


def _ended(words: str, tone: str = NEWS) -> Callable[[Data, Names, Terms], Said]:
    return lambda data, names, terms: _said(words, tone, detail=_details(("", data.get("reason"))))


def _merged(data: Data, names: Names, terms: Terms) -> Said:
    words = f"merged it into {data['into']}" if data.get("into") else f"took {data.get('taken', 'another')} over"
    return _said(words, NEWS, detail=_details(("", data.get("reason"))))


def _correction(words: str) -> Callable[[Data, Names, Terms], Said]:
    return lambda data, names, terms: _said(
        words, NEWS, detail=_details(("", data.get("because") or data.get("reason")))
    )


# -- what monitors say


def _fired(data: Data, names: Names, terms: Terms) -> Said:
    again = " again" if data.get("again") else ""
    count = f", the {data['count']}th time" if data.get("count", 0) > 3 else ""
    return _said(
        f"fires{again}{count}", BAD, BY_ITSELF, _details(("host", data.get("host")), ("", data.get("severity")))
    )


def _recovered(data: Data, names: Names, terms: Terms) -> Said:
    left = data.get("still_firing")
    return _said("is well again" + (f"; {left} more alerts still fire" if left else ""), GOOD, BY_ITSELF)


def _seen(data: Data, names: Names, terms: Terms) -> Said:
    return _said("says that somebody has seen it", NEWS, BY_ITSELF)


# -- what came due by itself


def _told(data: Data, names: Names) -> str:
    told = data.get("told") or []
    empty = f"nobody is {data['empty']}; " if data.get("empty") else ""
    return f"{empty}told {names.all(told)}" if told else f"{empty}nobody was told"


def _step(data: Data, names: Names, terms: Terms) -> Said:
    whom = _role(data.get("role", data.get("step", "")), terms)
    if data.get("moot"):
        return _said(f"passed the step {whom}: it came too late to tell anybody", audience=BY_ITSELF)
    call = f"; {names.all(data['asked'])} is to call" if data.get("asked") else ""
    return _said(f"asked the {whom}: {_told(data, names)}{call}", BAD, BY_ITSELF)


def _by_rule(words: str, tone: str = BAD) -> Callable[[Data, Names, Terms], Said]:
    def said(data: Data, names: Names, terms: Terms) -> Said:
        told = "" if data.get("moot") else f"; {_told(data, names)}"
        return _said(words + told, QUIET if data.get("moot") else tone, BY_ITSELF)

    return said


def _clock(data: Data) -> str:
    """The clock which a key names: breach/response@1."""
    return name_of(str(data["key"]).partition("/")[2].partition("@")[0]).lower()


def _breach(data: Data, names: Names, terms: Terms) -> Said:
    return _by_rule(f"saw the promise broken: {_clock(data)}")(data, names, terms)


def _threshold(data: Data, names: Names, terms: Terms) -> Said:
    percent = str(data["key"]).rpartition("/")[2]
    return _by_rule(f"saw {percent} % used: {_clock(data)}", NEWS)(data, names, terms)


def _missed(data: Data, names: Names, terms: Terms) -> Said:
    by = names.all(data.get("asked") or ())
    return _said(
        f"found that the act of the step {data.get('step', '')} was missed by {by}: {_told(data, names)}",
        BAD,
        BY_ITSELF,
    )


def _delivered(data: Data, names: Names, terms: Terms) -> None:
    """The line whose letter it was says so."""


def _undelivered(data: Data, names: Names, terms: Terms) -> Said:
    return _said(f"could not reach {names(data.get('person'))}", BAD, BY_ITSELF, _details(("", data.get("why"))))


def _error(data: Data, names: Names, terms: Terms) -> Said:
    return _said(
        "could not decide what is due here, and looks again", BAD, BY_ITSELF, _details(("", data.get("error")))
    )


def _other(data: Data, names: Names, terms: Terms) -> Said:
    return _said("recorded something this version has no words for", audience=BY_ITSELF)


_WORDS: dict[str, Callable[[Data, Names, Terms], Said | None]] = {
    "opened": _opened,
    "responded": _responded,
    "updated": _updated,
    "client_wrote": _client_wrote,
    "noted": _noted,
    "assigned": _assigned,
    "next_step": _next_step,
    "paused": _paused,
    "resumed": _resumed,
    "priority_changed": _priority,
    "escalated": _escalated,
    "accepted": _accepted,
    "sent_back": _sent_back,
    "acknowledged": _acknowledged,
    "acknowledged_again": _again,
    "done": _done,
    "solved": _solved,
    "reopened": _ended("opened it again", BAD),
    "closed": _ended("closed it"),
    "cancelled": _ended("cancelled it"),
    "merged": _merged,
    "correction_drafted": _correction("dated an act back: a correction waits for approval"),
    "correction_approved": _correction("approved a correction of the figures"),
    "correction_refused": _correction("refused a correction: the figures stand"),
    "alert_fired": _fired,
    "alert_resolved": _recovered,
    "alert_acknowledged": _seen,
    "step": _step,
    "ask": _by_rule("asked for acceptance"),
    "resend": _by_rule("asked for acceptance again"),
    "again": _by_rule("paged again"),
    "unaccepted": _by_rule("went further"),
    "threshold": _threshold,
    "breach": _breach,
    "missed": _missed,
    "exhausted": _by_rule("found nobody left to ask"),
    "raise": _by_rule("raised the priority"),
    "close": _by_rule("closed it", NEWS),
    "wait": _by_rule("ended the wait", NEWS),
    "delivered": _delivered,
    "undelivered": _undelivered,
    "engine_error": _error,
}
