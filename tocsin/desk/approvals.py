"""How is something approved before it is done, and by whom?

Verbs, as in tickets.py. Nobody approves what they asked for, whatever they hold. What is decided is on record with the
role by which; a step that waits for it waits, and other work goes on. (R10.1, R10.2, R10.4, R4.7)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from tocsin.core.document import nearest
from tocsin.core.event import Noted
from tocsin.core.practice import Approval
from tocsin.core.terms import Terms
from tocsin.desk.approved import (
    ACTED,
    ASKED,
    ASSESSMENT,
    GIVEN,
    REFUSED,
    WITHDRAWN,
    Request,
    deciders,
    in_words,
    requests_of,
    since,
)
from tocsin.desk.refusal import Refusal
from tocsin.desk.telling import tell
from tocsin.desk.ticket import Ticket
from tocsin.desk.tickets import live
from tocsin.desk.timeline import Act, act
from tocsin.desk.whose import asked
from tocsin.directory.contact import Contact
from tocsin.directory.holders import Holders
from tocsin.directory.person import Person, here

LIMIT = 2000


def ask(
    ticket: Ticket, approval: str, what: str, *, assessment: Mapping[str, str] | None = None, by: Person, now: datetime
) -> None:
    """The approval is asked for, and whoever may give it hears of it with what they need to decide.

    `assessment` says what it touches, what may go wrong, when, how it is tested, the way back and who watches.
    """
    what = what.strip()
    weighed = {name: said.strip() for name, said in (assessment or {}).items() if said.strip()}
    with act(ticket, by=by.actor, now=now) as done:
        live(done)
        wanted = _known(approval, done.terms)
        if not what:
            raise Refusal("Say what is to be done, and why: whoever approves it must know.")
        for said in (what, *weighed.values()):
            _fits(said)
        if unknown := [name for name in weighed if name not in ASSESSMENT]:
            raise Refusal(f"{unknown[0]!r} is no part of an assessment: {nearest(unknown[0], ASSESSMENT)}")
        if any(each.approval == approval and each.waits(done.now) for each in requests_of(done.ticket)):
            raise Refusal(f"{wanted.title} is asked for already on {ticket.number}: wait for it, or withdraw it.")
        found = [(who, role) for who, role in deciders(wanted, done.ticket, done.terms, at=done.now) if who != by]
        if not found:
            raise Refusal(
                f"Nobody but you may give {wanted.title} ({in_words(wanted, done.terms)}): "
                "have somebody else hold the role."
            )
        until = None
        if wanted.expires is not None:
            duration, calendar = wanted.expires
            until = calendar.due(done.now, duration)
        done.record(
            Noted(done.now),
            kind=ASKED,
            approval=approval,
            title=wanted.title,
            what=what,
            assessment=weighed,
            expires_at=until,
        )
        rest = (each for each in requests_of(done.ticket) if each.approval != approval or each.state == "acted")
        done.change(approval_since=since(rest) or done.now)
        for who, role in found:
            if isinstance(who, Person):
                _tell_decider(done, who, role, wanted, what, weighed, until, by)


def give(
    ticket: Ticket, *, of: int, comment: str = "", contact: Contact | None = None, by: Person, now: datetime
) -> None:
    """What event `of` asked for may be done; or, done first in an emergency, was rightly done.

    A `contact` of the client's gives it by what they said to whoever puts it on record, and `comment` says how.
    """
    with act(ticket, by=by.actor, now=now) as done:
        found, role = _decided(done, of, contact, by)
        if contact is not None and not comment.strip():
            raise Refusal(f"Say how {contact} gave it: by mail, on a call, when.")
        _fits(comment)
        said = {"contact": contact.actor} if contact is not None else {}
        done.record(Noted(done.now), kind=GIVEN, of=of, title=found.title, comment=comment.strip(), role=role, **said)
        _settle(done, of)
        _tell_asker(done, found, f"{contact or by} has given it. {comment.strip()}".strip())


def refuse(ticket: Ticket, *, of: int, comment: str, contact: Contact | None = None, by: Person, now: datetime) -> None:
    """What event `of` asked for is not done; or, done first in an emergency, should not have been."""
    with act(ticket, by=by.actor, now=now) as done:
        found, role = _decided(done, of, contact, by)
        if not comment.strip():
            raise Refusal("Say why it is refused: whoever asked must know what to do instead.")
        _fits(comment)
        said = {"contact": contact.actor} if contact is not None else {}
        done.record(Noted(done.now), kind=REFUSED, of=of, title=found.title, comment=comment.strip(), role=role, **said)
        _settle(done, of)
        _tell_asker(done, found, f"{contact or by} has refused it: {comment.strip()}")


def withdraw(ticket: Ticket, *, of: int, by: Person, now: datetime) -> None:
    """Whoever asked does not want it any more; what has expired is cleared away so, too."""
    with act(ticket, by=by.actor, now=now) as done:
        found = _asked_for(done, of)
        if found.by != by.actor or found.state != "open":
            raise Refusal("Only whoever asked withdraws it, and only before it was acted on.")
        done.record(Noted(done.now), kind=WITHDRAWN, of=of, title=found.title)
        _settle(done, of)


def act_first(ticket: Ticket, *, of: int, why: str, by: Person, now: datetime) -> None:
    """In an emergency it is done before anybody approves, by whom the standard names; it is looked at afterwards."""
    with act(ticket, by=by.actor, now=now) as done:
        found = _waiting(done, of)
        wanted = _known(found.approval, done.terms)
        if found.state != "open":
            raise Refusal(f"{found.title} was acted on already.")
        if done.ticket.priority not in wanted.emergency_for:
            of_which = " and ".join(wanted.emergency_for) or "no priority"
            raise Refusal(f"{wanted.title} waits for nobody only in an emergency, which is {of_which}: ask them.")
        role = _role_of(by, wanted.emergency_by, done)
        if not role:
            said = " or ".join(done.terms.titles.get(each, each) for each in wanted.emergency_by)
            raise Refusal(f"In an emergency {said} acts first, and {by} is not.")
        if not why.strip():
            raise Refusal("Say why it could not wait: it is looked at afterwards.")
        _fits(why)
        done.record(Noted(done.now), kind=ACTED, of=of, title=found.title, comment=why.strip(), role=role)


def cleared(requests: Iterable[Request], approval: str, *, after: int) -> bool:
    """Whether what was last asked for, by an event later than `after` (a sequence number), was given or done first."""
    own = [each for each in requests if each.approval == approval and each.state != "withdrawn" and each.place > after]
    return bool(own) and own[-1].allows


def held(done: Act, level: str, *, after: int) -> None:
    """Refuses to escalate to a level that needs an approval which nobody has given since event `after`."""
    about = done.terms.practice.levels.get(level)
    if about is None or not about.approval or about.approval not in done.terms.practice.approvals:
        return
    if not cleared(requests_of(done.ticket), about.approval, after=after):
        wanted = done.terms.practice.approvals[about.approval]
        raise Refusal(
            f"{level} {about.title} needs {wanted.title} first, which {in_words(wanted, done.terms)} gives: ask for it."
        )


def _known(approval: str, terms: Terms) -> Approval:
    if approval not in terms.practice.approvals:
        raise Refusal(f"This standard knows no approval {approval!r}: {nearest(approval, terms.practice.approvals)}")
    return terms.practice.approvals[approval]


def _asked_for(done: Act, of: int) -> Request:
    found = next((each for each in requests_of(done.ticket) if each.place == of), None)
    if found is None:
        raise Refusal(f"{done.ticket.number} has no approval {of} that was asked for.")
    return found


def _waiting(done: Act, of: int) -> Request:
    found = _asked_for(done, of)
    if found.expired(done.now):
        until = f"{found.expires_at:%Y-%m-%d %H:%M}Z"
        raise Refusal(f"Nobody decided on it by {until}, so it has expired: ask for it anew.")
    if not found.waits(done.now):
        raise Refusal(f"It is {found.state} already.")
    return found


def _decided(done: Act, of: int, contact: Contact | None, by: Person) -> tuple[Request, str]:
    """What is decided on, and the role by which whoever decides may. Raises Refusal."""
    found = _waiting(done, of)
    wanted = _known(found.approval, done.terms)
    who: Person | Contact = contact or by
    if who.actor in (found.by, found.acted_by) or by.actor == found.acted_by:  # a client's word for one's own act
        raise Refusal(f"{by} {'asked for it' if found.by == by.actor else 'acted on it'}: somebody else decides.")
    role = dict(deciders(wanted, done.ticket, done.terms, at=done.now)).get(who, "")
    if not role:
        raise Refusal(f"{wanted.title} is given by {in_words(wanted, done.terms)}, and {who} is not.")
    return found, role


def _role_of(who: Person, roles: Iterable[str], done: Act) -> str:
    roster = Holders.of([done.ticket.client_id], at=done.now)
    return next((role for role in roles if who in asked(done.ticket, role, roster, done.terms)), "")


def _settle(done: Act, of: int) -> None:
    done.change(approval_since=since(each for each in requests_of(done.ticket) if each.place != of))


def _fits(said: str) -> None:
    if len(said) > LIMIT:
        raise Refusal(f"This is {len(said)} characters long; {LIMIT} fit. Put the rest in a note.")


def _tell_decider(
    done: Act,
    who: Person,
    role: str,
    wanted: Approval,
    what: str,
    weighed: Mapping[str, str],
    until: datetime | None,
    by: Person,
) -> None:
    ticket = done.ticket
    lines = [f"{ASSESSMENT[name]}: {said}" for name, said in weighed.items()]
    if until is not None:
        lines.append(f"It expires at {until:%Y-%m-%d %H:%M}Z, and is then asked for anew.")
    tell(
        done,
        who,
        subject=f"{ticket.priority} {ticket.client}: {ticket.number} waits for your approval: {wanted.title}",
        body=f"{who}, {by} asks for your approval on {ticket.number} ({ticket.title}).\n\n{what}\n\n"
        + "\n".join(lines)
        + f"\n\nApprove or refuse it on {ticket.number}.\n\n"
        f"Why you: {done.terms.policy} {done.terms.version} has {in_words(wanted, done.terms)} approve this, and you "
        f"are {done.terms.titles.get(role, role)}.",
    )


def _tell_asker(done: Act, found: Request, said: str) -> None:
    kind, _, pk = found.by.partition("/")
    who = Person.objects.filter(pk=int(pk)).first() if kind == "person" else None
    ticket = done.ticket
    tell(
        done,
        here(who),
        subject=f"{ticket.priority} {ticket.client}: {found.title} on {ticket.number}",
        body=f"{who}, this is about what you asked for on {ticket.number} ({ticket.title}): {found.what}\n\n{said}",
    )
