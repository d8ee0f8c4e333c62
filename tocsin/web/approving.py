"""How is something approved on the screens, and what does a ticket's page show of it?

The forms of its acts, and the card: what is asked for, what whoever approves must know, who may. (R10.1, R10.4)
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django import forms

from tocsin.core.terms import Terms
from tocsin.desk import approvals
from tocsin.desk.approved import ASSESSMENT, Request, deciders, in_words, requests_of
from tocsin.desk.board import LIVE
from tocsin.desk.names import Names
from tocsin.desk.ticket import Ticket
from tocsin.directory.contact import Contact
from tocsin.directory.person import Person
from tocsin.log.event import Event
from tocsin.web.asking import Act


def _text(label: str, **more: object) -> forms.CharField:
    return forms.CharField(label=label, widget=forms.Textarea(), max_length=approvals.LIMIT, **more)  # type: ignore[arg-type]


class Ask(Act):
    verb, label, button = "ask-approval", "Ask for approval", "Ask for it"
    heading = "Ask for approval"
    says = "What it is asked for waits until somebody else has approved it; other work goes on."
    leads_on = False
    approval = forms.ChoiceField(label="Which")
    what = _text("What is to be done, and why")

    def arrange(self) -> None:
        terms = self.context.terms
        self.fields["approval"].choices = [  # type: ignore[attr-defined]
            (name, f"{each.title}: {in_words(each, terms)}") for name, each in terms.practice.approvals.items()
        ]
        for name, label in ASSESSMENT.items():
            self.fields[name] = forms.CharField(label=label, required=False, max_length=approvals.LIMIT)

    def do(self) -> None:
        context, said = self.context, self.cleaned_data
        weighed = {name: said[name] for name in ASSESSMENT}
        approvals.ask(
            context.ticket, said["approval"], said["what"], assessment=weighed, by=context.by, now=context.now
        )


class Decide(Act):
    """A decision on what was asked for; `of` is its place in the log."""

    leads_on = False
    of = forms.IntegerField(widget=forms.HiddenInput(), min_value=1)


class Given(Decide):
    """Of our own people, or of the client's by what they said."""

    def arrange(self) -> None:
        known = [(contact.pk, f"{contact.name}, {contact.role}") for contact in _contacts(self.context.ticket)]
        if known:
            self.fields["contact"] = forms.ChoiceField(
                label="Who of the client's, where it is theirs to give",
                required=False,
                choices=[("", "nobody: it is mine"), *known],
            )

    @property
    def who(self) -> Contact | None:
        chosen = self.cleaned_data.get("contact")
        return _contacts(self.context.ticket).filter(pk=chosen).first() if chosen else None


class Approve(Given):
    verb, label, button = "approve-request", "Approve", "Approve it"
    heading = "Approve it"
    comment = _text("What whoever asked must know (for a client's word: how they gave it)", required=False)

    def do(self) -> None:
        context, said = self.context, self.cleaned_data
        approvals.give(
            context.ticket, of=said["of"], comment=said["comment"], contact=self.who, by=context.by, now=context.now
        )


class Refuse(Given):
    verb, label, button = "refuse-request", "Refuse", "Refuse it"
    heading = "Refuse it"
    comment = _text("Why, and what to do instead")

    def do(self) -> None:
        context, said = self.context, self.cleaned_data
        approvals.refuse(
            context.ticket, of=said["of"], comment=said["comment"], contact=self.who, by=context.by, now=context.now
        )


class Withdraw(Decide):
    verb, label, button = "withdraw-request", "Withdraw", "Withdraw it"
    heading = "Withdraw what you asked for"

    def do(self) -> None:
        approvals.withdraw(self.context.ticket, of=self.cleaned_data["of"], by=self.context.by, now=self.context.now)


class ActFirst(Decide):
    verb, label, button, danger = "act-first", "Act first", "Act first", True
    heading = "Act before it is approved"
    says = "Only in an emergency, and only whom the standard names. Somebody else looks at it afterwards."
    why = _text("Why it cannot wait")

    def do(self) -> None:
        context, said = self.context, self.cleaned_data
        approvals.act_first(context.ticket, of=said["of"], why=said["why"], by=context.by, now=context.now)


APPROVING: tuple[type[Act], ...] = (Ask, Approve, Refuse, Withdraw, ActFirst)
RECORDS = {
    "ask-approval": "approval_asked",
    "approve-request": "approval_given",
    "refuse-request": "approval_refused",
    "withdraw-request": "approval_withdrawn",
    "act-first": "approval_acted_first",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A request with the names of whom it names, and what this person can do about it."""

    request: Request
    by: str
    decided_by: str
    acted_by: str
    assessment: list[tuple[str, str]]
    who_may: str
    waits: bool
    expired: bool
    decides: bool
    withdraws: bool
    acts_first: bool

    @property
    def state(self) -> str:
        if self.expired:
            return "expired"
        words = {"open": "waits", "acted": "done first, to be looked at", "given": "approved", "anew": "asked for anew"}
        return words.get(self.request.state, self.request.state)


@dataclass(frozen=True, slots=True)
class Card:
    """What the ticket's page shows of approvals: those that wait first; `may_ask`: the standard knows any."""

    shown: list[Shown]
    may_ask: bool


def card(ticket: Ticket, terms: Terms, rows: Iterable[Event], person: Person, now: datetime) -> Card | None:
    """None where the standard knows no approval, and none was ever asked for."""
    requests = requests_of(ticket, rows)
    if not requests and not terms.practice.approvals:
        return None
    names = Names([who for each in requests for who in (each.by, each.decided_by, each.acted_by)])
    shown = [_shown(each, ticket, terms, names, person, now) for each in reversed(requests)]
    return Card(
        sorted(shown, key=lambda each: not each.waits), bool(terms.practice.approvals) and ticket.status in LIVE
    )


def _shown(request: Request, ticket: Ticket, terms: Terms, names: Names, person: Person, now: datetime) -> Shown:
    approval = terms.practice.approvals.get(request.approval)
    waits = request.waits(now)
    may = [who for who, _ in deciders(approval, ticket, terms, at=now)] if approval and waits else []
    theirs = any(isinstance(who, Contact) for who in may)
    own = person.actor in (request.by, request.acted_by)
    return Shown(
        request,
        names(request.by),
        names(request.decided_by),
        names(request.acted_by),
        [(ASSESSMENT[name], said) for name, said in request.assessment.items() if name in ASSESSMENT],
        in_words(approval, terms) if approval else "",
        waits,
        request.expired(now),
        theirs or (person in may and not own),
        request.state == "open" and request.by == person.actor,
        bool(waits and approval and request.state == "open" and ticket.priority in approval.emergency_for),
    )


def _contacts(ticket: Ticket):  # type: ignore[no-untyped-def]  # a queryset of the client's contacts
    return ticket.client.contacts.all()
