"""In which words is each kind of event told?

One function a kind: what stands after the name of whoever did it, for whom that is, and how it strikes. None where the
event beside it says it all.
"""

from __future__ import annotations

from collections.abc import Callable

from tocsin.core.agenda import lower
from tocsin.core.explain import name_of
from tocsin.core.ladder import Step
from tocsin.core.matrix import Input
from tocsin.core.terms import Terms
from tocsin.desk import practice_sentences
from tocsin.desk.names import Names
from tocsin.desk.said import BAD, BY_ITSELF, FROM_CLIENT, GOOD, INTERNAL, NEWS, QUIET, TO_CLIENT, Data, Said
from tocsin.desk.said import details as _details
from tocsin.desk.said import said as _said


def _role(role: str, terms: Terms) -> str:
    return terms.titles.get(role, role)


def _step_of(key: str, terms: Terms) -> Step | None:
    """The step that a key names: step/client@1/primary-contact is the client ladder's primary-contact."""
    kind, _, rest = key.partition("/")
    name, _, place = rest.partition("@")
    ladder = terms.ladders.get(name) if kind == "step" else None
    wanted = place.partition("/")[2]
    return ladder.find(wanted) if ladder else None


def _asked(data: Data, terms: Terms) -> str:
    """What was acknowledged, as people call it."""
    step = _step_of(str(data.get("of", "")), terms)
    return f"the page to the {lower(_role(step.to, terms))}" if step else "the page"


def _act(data: Data, terms: Terms) -> str:
    """The act that a step asked for, as people call it."""
    step = _step_of(str(data["of"]), terms)
    if step is None:
        return "what was asked"
    if "phone" in step.by:
        return f"the call to the {lower(_role(step.to, terms))}"
    return f"that it was held: {lower(step.title)}" if step.title else f"what the {lower(_role(step.to, terms))} did"


# -- what people did


def _opened(data: Data, names: Names, terms: Terms) -> Said:
    kind = data.get("kind_of_ticket", "incident")
    detail = _details(
        ("", data.get("because")), ("", _weighed(data)), ("host", data.get("host")), ("impact", data.get("impact")),
        ("follows", data.get("follows")), ("next step", data.get("next_step")),
    )  # fmt: skip
    return _said(
        f"opened it as {data['priority']} {kind if kind != data['priority'] else ''}".rstrip(), NEWS, detail=detail
    )


def _weighed(data: Data) -> str:
    """What the matrix made of the facts, and why somebody chose otherwise."""
    gave = "; ".join((data.get("matrix") or {}).get("because", ()))
    return f"by the facts {gave}, chosen otherwise: {data['differs_because']}" if data.get("differs_because") else gave


def _facts_answered(data: Data, names: Names, terms: Terms) -> Said:
    inputs = terms.matrix.inputs if terms.matrix else {}
    said = [_fact(name, data["facts"].get(name), inputs.get(name)) for name in data["changed"]]
    proposed = f"it could be {data['proposes']} by that: change the priority if you agree" if "proposes" in data else ""
    return _said(f"answered anew: {', '.join(said)}", NEWS, detail=_details(("", _weighed(data)), ("", proposed)))


def _fact(name: str, answer: str | None, asked: Input | None) -> str:
    title, scale = (asked.title, asked.scale) if asked else (name, {})
    return f"{title}: {scale.get(answer, answer)}" if answer else f"{title}: not known any more"


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
    return _said(f"agreed the next step: {data['step']}, by {names(data.get('who'))}, due {_minute(data['due_at'])}")


def _minute(at: str) -> str:
    """An instant on record, as the timeline says it."""
    return f"{at[:16].replace('T', ' ')} UTC"


def _paused(data: Data, names: Names, terms: Terms) -> Said:
    wait = terms.waits.get(data["on"])
    title = wait.title if wait else f"waiting for {data['on']}"
    until = f" until {_minute(data['until'])}" if data.get("until") else ""
    return _said(f"set it {title[:1].lower()}{title[1:]}{until}", NEWS, detail=_details(("", data.get("reason"))))


def _resumed(data: Data, names: Names, terms: Terms) -> Said:
    return _said("went on with it: the wait is over", NEWS, detail=_details(("", data.get("reason"))))


def _priority(data: Data, names: Names, terms: Terms) -> Said:
    approved = f", approved by {names(data['approved_by'])}" if data.get("approved_by") else ""
    was, to = data.get("was", "?"), data["to"]
    return _said(f"changed the priority {was} → {to}{approved}", BAD, detail=_details(("", data.get("reason"))))


def _escalated(data: Data, names: Names, terms: Terms) -> Said:
    whose = f", by {names(data['next_who'])}" if data.get("next_who") else ""
    due = f", due {_minute(data['next_due'])}" if data.get("next_due") else ""
    following = f"{data['next_step']}{whose}{due}" if data.get("next_step") else ""
    detail = _details(
        ("reason", data.get("reason")), ("trigger", data.get("trigger")), ("tried", data.get("tried")),
        ("next step", following),
    )  # fmt: skip
    early = " early, because the target looks lost" if data.get("looks_lost") else ""
    return _said(f"escalated it {data.get('frm', '')} → {data['to']}{early}", BAD, detail=detail)


def _moved(data: Data, names: Names, terms: Terms) -> Said:
    called = [f"{old} is {new} there" for what in ("priorities", "levels") for old, new in data[what].items()]
    detail = _details(("", data.get("reason")), ("", ", ".join(called)))
    return _said(f"moved it from {data['was']} to {data['version']}: what was used goes along", NEWS, detail=detail)


def _accepted(data: Data, names: Names, terms: Terms) -> Said:
    return _said(f"accepted it for {data.get('level', 'the level asked')}", GOOD)


def _sent_back(data: Data, names: Names, terms: Terms) -> Said:
    return _said(f"sent it back from {data.get('frm', '')}".rstrip(), BAD, detail=_details(("", data.get("reason"))))


def _acknowledged(data: Data, names: Names, terms: Terms) -> Said:
    took = ", and has it now" if data.get("worker") else ", and owns it now" if data.get("owner") else ""
    return _said(f"acknowledged {_asked(data, terms)}{took}", GOOD)


def _again(data: Data, names: Names, terms: Terms) -> Said:
    return _said(f"acknowledged {_asked(data, terms)}, which somebody had already")


def _done(data: Data, names: Names, terms: Terms) -> Said:
    return _said(f"recorded {_act(data, terms)}", GOOD, detail=_details(("", data.get("result"))))


def _solved(data: Data, names: Names, terms: Terms) -> Said:
    detail = _details(
        ("cause", data.get("cause")), ("actions", data.get("actions")), ("verified", data.get("verification"))
    )
    return _said("solved it", GOOD, TO_CLIENT if data.get("message") else INTERNAL, detail)


def _ended(words: str, tone: str = NEWS) -> Callable[[Data, Names, Terms], Said]:
    return lambda data, names, terms: _said(words, tone, detail=_details(("", data.get("reason"))))


def _merged(data: Data, names: Names, terms: Terms) -> Said:
    words = f"merged it into {data['into']}" if data.get("into") else f"took {data.get('taken', 'another')} over"
    other = str(data.get("into") or data.get("taken") or "")
    return _said(words, NEWS, detail=_details(("", data.get("reason"))), other=other)


def _correction(words: str) -> Callable[[Data, Names, Terms], Said]:
    return lambda data, names, terms: _said(
        words, NEWS, detail=_details(("", data.get("because") or data.get("reason")))
    )


# -- when the line is stopped


def _leads(data: Data, names: Names) -> str:
    said = (("incident manager", "incident_manager"), ("comms lead", "comms_lead"))
    return ", ".join(f"{what} is {names(data[name])}" for what, name in said if name in data)


def _line_stopped(data: Data, names: Names, terms: Terms) -> Said:
    told = ("; ".join(data["conditions"]), data.get("reason"), _leads(data, names), _kept(data))
    detail = _details(*(("", each) for each in told))
    return _said("stopped the line: it is a major incident, and other work stops", BAD, detail=detail)


def _kept(data: Data) -> str:
    kept, given = data.get("bridge_kept"), data.get("bridge_given")
    return f"the bridge stays at {kept}, for it was open: {given} was not opened" if kept else ""


def _line_stood_down(data: Data, names: Names, terms: Terms) -> Said:
    words = "stood the line down by solving it" if data.get("by_solving") else "stood the line down"
    return _said(words, GOOD, detail="" if data.get("by_solving") else _details(("", data.get("reason"))))


def _leads_named(data: Data, names: Names, terms: Terms) -> Said:
    return _said(f"named who leads: {_leads(data, names)}", NEWS, detail=_details(("", data.get("reason"))))


def _bridge_opened(data: Data, names: Names, terms: Terms) -> Said:
    return _said(f"opened a bridge: {data['where']}", NEWS)


def _bridge_joined(data: Data, names: Names, terms: Terms) -> Said:
    return _said(f"had {data['guest']} on the bridge" if data.get("guest") else "joined the bridge")


def _bridge_closed(data: Data, names: Names, terms: Terms) -> Said:
    return _said("closed the bridge", NEWS, detail=_details(("", data.get("note"))))


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
    hole = data.get("hole") or {}
    until = f" until {hole['until'][:16].replace('T', ' ')} UTC" if hole.get("until") else ""
    gap = f", for nobody is on duty by the roster {hole['roster']}{until}" if hole else ""
    return f"{empty}told {names.all(told)}{gap}" if told else f"{empty}nobody was told"


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


def other(data: Data, names: Names, terms: Terms) -> Said:
    return _said("recorded something this version has no words for", audience=BY_ITSELF)


WORDS: dict[str, Callable[[Data, Names, Terms], Said | None]] = {
    "opened": _opened,
    "responded": _responded,
    "updated": _updated,
    "client_wrote": _client_wrote,
    "noted": _noted,
    "assigned": _assigned,
    "next_step": _next_step,
    "facts_answered": _facts_answered,
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
    "moved": _moved,
    "correction_drafted": _correction("dated an act back: a correction waits for approval"),
    "correction_approved": _correction("approved a correction of the figures"),
    "correction_refused": _correction("refused a correction: the figures stand"),
    "line_stopped": _line_stopped,
    "line_stood_down": _line_stood_down,
    "leads_named": _leads_named,
    **practice_sentences.WORDS,
    "bridge_opened": _bridge_opened,
    "bridge_joined": _bridge_joined,
    "bridge_closed": _bridge_closed,
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
