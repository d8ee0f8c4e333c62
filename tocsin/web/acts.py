"""What can be written on a ticket, which fields does each act ask for, and which verb does it become?

One form an act; every one that leaves the ticket open asks what happens next, by whom, until when.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, timedelta
from typing import Any

from django import forms

from tocsin.desk import answers, escalations, tickets, updates
from tocsin.desk.alert import OPEN
from tocsin.desk.severity import day_of, severity_of
from tocsin.directory.access import workers
from tocsin.directory.person import Person
from tocsin.web import facts
from tocsin.web.approving import APPROVING
from tocsin.web.asking import DUE, Act, Context, Instant, Late, NextStep
from tocsin.web.staging import STAGING
from tocsin.web.stopping import STOPPING


def _text(label: str, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, widget=forms.Textarea(), max_length=50_000, **more)


class Note(Act):
    verb, label, button = "note", "Note", "Log"
    text = _text("What did you do, what did you see?")

    def do(self) -> None:
        context = self.context
        tickets.note(context.ticket, self.cleaned_data["text"], by=context.by, now=context.now)


class Update(Act):
    verb, label, to_client = "update", "Reply to client", True
    text = _text("What the client reads")
    promised = forms.ChoiceField(
        label="Promise the next update",
        required=False,
        choices=(("", "as the standard has it"), *DUE),
    )

    def arrange(self) -> None:
        context = self.context
        self.button = f"Send update {context.ticket.updates_sent + 1}"
        if not self.is_bound:
            _, body = updates.draft(context.ticket, now=context.now)
            self.fields["text"].initial = body

    def do(self) -> None:
        context, said = self.context, self.cleaned_data
        promised = context.now + timedelta(minutes=int(said["promised"])) if said["promised"] else None
        updates.update(context.ticket, said["text"], by=context.by, now=context.now, promised=promised)


class Wait(Late):
    verb, label, button = "wait", "Wait", "Set waiting"
    on = forms.ChoiceField(label="For whom")
    until = Instant(label="Until (leave empty: until they answer)", required=False)
    reason = forms.CharField(label="What for", max_length=500)

    def arrange(self) -> None:
        super().arrange()
        waits = self.context.terms.waits.values()
        named = [(wait.name, f"{wait.title}{wait.longest and f' (at most {wait.longest})'}") for wait in waits]
        self.fields["on"].choices = named  # type: ignore[attr-defined]

    def do(self) -> None:
        context, said = self.context, self.cleaned_data
        until = said["until"].astimezone(UTC) if said["until"] else None
        why = _only(said, "on", "reason")
        tickets.wait(context.ticket, **why, until=until, by=context.by, now=context.now, **self.when)


class Resume(Late):
    verb, label, button = "resume", "Go on", "Go on with it"
    reason = forms.CharField(label="Why it goes on", max_length=500)

    def do(self) -> None:
        context = self.context
        why = self.cleaned_data["reason"]
        tickets.resume(context.ticket, by=context.by, now=context.now, reason=why, **self.when)


class Escalate(Act):
    verb, label, button = "escalate", "Escalate", "Escalate"
    leads_on = False
    to = forms.ChoiceField(label="To")
    reason = forms.ChoiceField(label="Because of", choices=[(reason, reason) for reason in escalations.REASONS])
    tried = _text("What was tried, and what came of it")
    next_step = NextStep(label="Next step")
    next_who = forms.ModelChoiceField(None, label="Owner", required=False, empty_label="the level that gets it")
    next_due = forms.ChoiceField(label="Due", required=False, choices=(("", "when it must be accepted"), *DUE))

    def arrange(self) -> None:
        self.fields["to"].choices = [(level, level) for level in levels_above(self.context)]  # type: ignore[attr-defined]
        self.fields["next_who"].queryset = workers(self.context.ticket.client)  # type: ignore[attr-defined]

    def do(self) -> None:
        context, said = self.context, self.cleaned_data
        due = context.now + timedelta(minutes=int(said["next_due"])) if said["next_due"] else None
        chosen = _only(said, "to", "reason", "tried", "next_step", "next_who")
        escalations.escalate(context.ticket, **chosen, next_due=due, by=context.by, now=context.now)


class EscalateEarly(Act):
    verb, label, button = "escalate-early", "Escalate early", "Escalate now"
    leads_on = False

    def do(self) -> None:
        escalations.escalate_early(self.context.ticket, by=self.context.by, now=self.context.now)


class Accept(Act):
    verb, label, button = "accept", "Accept", "Accept the handoff"

    def do(self) -> None:
        escalations.accept(self.context.ticket, by=self.context.by, now=self.context.now)


class SendBack(Act):
    verb, label, button = "send-back", "Send back", "Send it back"
    leads_on = False
    reason = _text("Why it goes back, and what to do differently")

    def do(self) -> None:
        context = self.context
        escalations.send_back(context.ticket, reason=self.cleaned_data["reason"], by=context.by, now=context.now)


class Priority(Act):
    verb, label, button = "priority", "Change priority", "Change the priority"
    to = forms.ChoiceField(label="To")
    reason = forms.CharField(label="Who asked for it, or what was found", max_length=500)
    approved_by = forms.ModelChoiceField(
        None, label="Approved by (needed to lower it late)", required=False, empty_label="nobody"
    )

    def arrange(self) -> None:
        context = self.context
        names = [name for name in context.terms.priorities if name != context.ticket.priority]
        titles = context.terms.titles
        self.fields["to"].choices = [(n, f"{n} {titles.get(n, '')}".strip()) for n in names]  # type: ignore[attr-defined]
        people = workers(context.ticket.client).exclude(pk=context.by.pk)
        self.fields["approved_by"].queryset = people  # type: ignore[attr-defined]

    def do(self) -> None:
        context, said = self.context, self.cleaned_data
        chosen = _only(said, "to", "reason", "approved_by")
        tickets.change_priority(context.ticket, **chosen, by=context.by, now=context.now)


class AnswerFacts(Act):
    verb, label, button = "answer", "Answer facts", "Put the answers on record"

    def arrange(self) -> None:
        ticket, matrix = self.context.ticket, self.context.terms.matrix
        if matrix is not None:
            known = severity_of(ticket, self.context.terms).facts
            self.fields |= facts.groups(matrix, on=day_of(ticket.client, ticket.opened_at), known=known)

    def do(self) -> None:
        context, said = self.context, facts.answered(self.cleaned_data)
        answers.answer(context.ticket, said, by=context.by, now=context.now)


class HandOver(Act):
    verb, label, button = "hand-over", "Hand over", "Hand it over"
    next_is_whose = "whoever gets it"
    owner = forms.ModelChoiceField(None, label="Owner", required=False, empty_label="as it is")
    worker = forms.ModelChoiceField(None, label="Works on it", required=False, empty_label="as it is")
    reason = forms.CharField(label="Why", max_length=500, required=False)

    def arrange(self) -> None:
        people = workers(self.context.ticket.client)
        for name in ("owner", "worker"):
            self.fields[name].queryset = people  # type: ignore[attr-defined]

    def do(self) -> None:
        context, said = self.context, self.cleaned_data
        tickets.assign(context.ticket, **_only(said, "owner", "worker", "reason"), by=context.by, now=context.now)

    @property
    def receiver(self) -> Person:
        """The new worker, else the new owner."""
        found: Person = self.cleaned_data["worker"] or self.cleaned_data["owner"] or self.context.by
        return found


class Solve(Late):
    verb, label, button = "solve", "Solve", "Mark it solved"
    leads_on = False
    cause = _text("Cause", required=False)
    actions = _text("What was done")
    verification = _text("How it was verified")
    bypass = forms.CharField(label="Why it goes without what its stages ask for", required=False, max_length=2000)

    def arrange(self) -> None:
        super().arrange()
        ticket = self.context.ticket
        if not self.context.terms.stages:
            del self.fields["bypass"]
        self.preview = updates.solution(ticket, now=self.context.now)
        self.to_client = bool(self.preview)
        self.reads = "The client reads this: cause, what was done, and how it was verified."
        if firing := [alert.summary for alert in ticket.alerts.filter(state__in=OPEN).order_by("-last_seen_at")]:
            more = f", and {len(firing) - 3} more" if len(firing) > 3 else ""
            self.warns = f"A monitor still cries: {'; '.join(firing[:3])}{more}. Look whether it is really solved."

    def do(self) -> None:
        context = self.context
        said = {name: self.cleaned_data.get(name, "") for name in ("cause", "actions", "verification", "bypass")}
        tickets.solve(context.ticket, **said, by=context.by, now=context.now, **self.when)


class Reopen(Act):
    verb, label, button = "reopen", "Reopen", "Reopen it"
    reason = _text("What is not solved")

    def do(self) -> None:
        context = self.context
        tickets.reopen(context.ticket, reason=self.cleaned_data["reason"], by=context.by, now=context.now)


class Close(Act):
    verb, label, button = "close", "Close", "Close it now"
    leads_on = False

    def do(self) -> None:
        tickets.close(self.context.ticket, by=self.context.by, now=self.context.now)


class Cancel(Act):
    verb, label, button = "cancel", "Cancel", "Cancel the ticket"
    leads_on = False
    reason = _text("Why it should not have been a ticket: the client may ask")

    def do(self) -> None:
        context = self.context
        tickets.cancel(context.ticket, reason=self.cleaned_data["reason"], by=context.by, now=context.now)


class Done(Act):
    verb, label, button = "done", "Record a call", "Record it"
    leads_on = False
    of = forms.CharField(widget=forms.HiddenInput())
    result = _text("What came of it: reached, voicemail, call back at …")

    def do(self) -> None:
        context, said = self.context, self.cleaned_data
        escalations.record_act(context.ticket, of=said["of"], result=said["result"], by=context.by, now=context.now)


class Called(Late):
    verb, label, button, to_client = "called", "Called the client", "Record the call", True
    result = _text("What was said, and what was promised")

    def do(self) -> None:
        context = self.context
        said = self.cleaned_data["result"]
        updates.called(context.ticket, result=said, by=context.by, now=context.now, **self.when)


class Acknowledge(Act):
    verb, label, button = "acknowledge", "Acknowledge", "Acknowledge"
    leads_on = False
    of = forms.CharField(widget=forms.HiddenInput())

    def do(self) -> None:
        context = self.context
        escalations.acknowledge(context.ticket, of=self.cleaned_data["of"], by=context.by, now=context.now)


class Take(Act):
    verb, label, button = "take", "Take it", "Take it over"
    leads_on = False

    def do(self) -> None:
        context = self.context
        tickets.assign(context.ticket, owner=context.by, worker=context.by, by=context.by, now=context.now)


ACTS: dict[str, type[Act]] = {
    act.verb: act
    for act in (
        *(
            Note,
            Update,
            Called,
            Wait,
            Resume,
            Escalate,
            Accept,
            SendBack,
            Priority,
            AnswerFacts,
            HandOver,
            Solve,
            Reopen,
            Close,
        ),
        *(Cancel, Done, Acknowledge, Take, EscalateEarly, *STOPPING, *STAGING, *APPROVING),
    )
}
# Each has a button of its own where it can be done.
ALONE = ("done", "acknowledge", "take", "escalate-early", *(act.verb for act in (*STOPPING, *STAGING, *APPROVING)))


def possible(context: Context) -> list[type[Act]]:
    """What can be done to the ticket as it stands, in the order in which the composer offers it."""
    return [ACTS[verb] for verb in _verbs(context)]


def _verbs(context: Context) -> Sequence[str]:
    ticket = context.ticket
    if ticket.status == "solved":
        return ("reopen", "close")
    if ticket.status in tickets.ENDED:
        return ()
    waits = ("resume",) if ticket.pending_on else ("wait",)
    ladder = context.terms.ladders.get("functional")
    escalated = ticket.asked_level or (ladder is not None and ticket.level in ladder.places)
    found = ["accept"] if ticket.asked_level else []
    found += ["note", "update", *waits]
    found += ["escalate"] if levels_above(context) else []
    found += ["send-back"] if escalated else []
    found += ["solve"] if ticket.owner_id == context.by.pk else []
    found += ["hand-over", "called"]
    if not tickets.own_times(ticket.kind, context.terms):
        found += ["priority", "answer"] if context.terms.matrix is not None else ["priority"]
    return (*found, "cancel")


def levels_above(context: Context) -> list[str]:
    """The levels that the ticket can still be escalated to."""
    ladder = context.terms.ladders.get("functional")
    if ladder is None:
        return []
    have = ladder.places.get(context.ticket.asked_level or context.ticket.level, -1)
    return [step.name for step in ladder.steps[have + 1 :]]


def _only(said: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: said[name] for name in names}


__all__ = ["ACTS", "ALONE", "Act", "Context", "levels_above", "possible"]
