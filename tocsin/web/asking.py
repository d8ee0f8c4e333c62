"""What does the form of every act on a ticket ask for?

What happens next, by whom, until when; and, where it may have been earlier than it is put on record, when it was.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction

from tocsin.core.terms import Terms
from tocsin.desk import next_steps
from tocsin.desk.backdating import may_further
from tocsin.desk.refusal import Refusal
from tocsin.desk.ticket import Ticket
from tocsin.directory.access import workers
from tocsin.directory.person import Person

LATE = ("at", "late_because")
WHY_LATE = "Why it comes on record only now"
GUESSES = (timedelta(minutes=15), timedelta(minutes=30), timedelta(hours=2))  # the most severe priority first
OTHERWISE = timedelta(hours=4)
YEARS = range(1970, 2101)
DUE = (
    ("15", "in 15 min"),
    ("30", "in 30 min"),
    ("60", "in 1 hour"),
    ("120", "in 2 hours"),
    ("240", "in 4 hours"),
    ("1440", "in a day"),
    ("4320", "in 3 days"),
)


@dataclass(frozen=True, slots=True)
class Context:
    """Who acts on what, and when."""

    ticket: Ticket
    terms: Terms
    by: Person
    now: datetime


class NextStep(forms.CharField):
    """What happens next: the browser cuts none short unseen, and what is too long is refused with what fits."""

    def validate(self, value: Any) -> None:
        super().validate(value)
        try:
            next_steps.fits(" ".join(value.split()))
        except Refusal as refusal:
            raise forms.ValidationError(str(refusal)) from refusal


class Act(forms.Form):
    """An act on a ticket; `do` calls its verb. `leads_on`: it asks for the next step.

    next_is_whose: who has that by the act itself, in words; "" where it is whoever acts.

    to_client: the client gets what is written, `reads` says so, and `preview` is the text around it. warns: what to
    know before the button is pressed.
    """

    do_not_call_in_templates = True
    leads_on = True
    next_is_whose = ""
    verb = ""
    label = ""
    button = "Log"
    to_client = False
    reads = "The client reads this."
    preview = ""
    warns = ""

    def __init__(self, context: Context, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.context = context
        self.arrange()
        if self.leads_on:
            self._ask_what_is_next()
        for name, field in self.fields.items():
            field.widget.attrs["data-draft"] = f"{context.ticket.number}/{self.verb}/{name}"
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs.setdefault("rows", 3)

    def arrange(self) -> None:
        """The fields know the ticket: what there is to choose from, and what is the likeliest."""

    def do(self) -> None:
        """What the form says is on record. Raises Refusal."""
        raise NotImplementedError

    def perform(self) -> None:
        """The act and the next step are on record, both or neither. Raises Refusal."""
        context, said = self.context, self.cleaned_data
        with transaction.atomic():
            self.do()
            if self.leads_on and said.get("next_step"):
                due_at = context.now + timedelta(minutes=int(said["next_due"]))
                next_steps.agree(
                    context.ticket,
                    said["next_step"],
                    who=said["next_who"] or self.receiver,
                    due_at=due_at,
                    by=context.by,
                    now=context.now,
                )

    @property
    def receiver(self) -> Person:
        """Whose the next step is where nobody is chosen: the one who acts, or who gets the ticket by the act."""
        return self.context.by

    def _ask_what_is_next(self) -> None:
        context = self.context
        self.fields["next_step"] = NextStep(label="Next step")
        people = workers(context.ticket.client)
        who = forms.ModelChoiceField(people, label="Owner", initial=context.by.pk, empty_label=None)
        if self.next_is_whose:
            who = forms.ModelChoiceField(people, label="Owner", required=False, empty_label=self.next_is_whose)
        self.fields["next_who"] = who
        known = context.terms.priorities
        place = known.index(context.ticket.priority) if context.ticket.priority in known else len(known)
        guess = (*GUESSES, OTHERWISE)[min(place, len(GUESSES))]
        minutes = str(int(guess.total_seconds()) // 60)
        self.fields["next_due"] = forms.ChoiceField(choices=DUE, label="Due", initial=minutes)

    @property
    def own(self) -> list[Any]:
        """The fields of the act itself."""
        return [self[name] for name in self.fields if not name.startswith("next_") and name not in LATE]

    @property
    def late(self) -> list[Any]:
        """The fields that date it back, where it can be."""
        return [self[name] for name in self.fields if name in LATE]

    @property
    def how_far_back(self) -> str:
        """Who may date it back how far, in words."""
        terms = self.context.terms
        within = f"You may say so within {terms.backdating_within[0]}. " if terms.backdating_within else ""
        return f"{within}{may_further(terms)[:1].upper()}{may_further(terms)[1:]} may date it back further."

    @property
    def following(self) -> list[Any]:
        """The fields that ask what happens next."""
        return [self[name] for name in self.fields if name.startswith("next_")]


class Instant(forms.DateTimeField):
    """Day and time on the reader's wall, in a year in which somebody may work."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

    def to_python(self, value: Any) -> datetime | None:
        at = super().to_python(value)
        if at is not None and at.year not in YEARS:
            raise ValidationError(f"That would be in the year {at.year}: check the year.")
        return at


class Late(Act):
    """An act that may have been so earlier than it is put on record."""

    do_not_call_in_templates = True

    def arrange(self) -> None:
        at = Instant(label="When it really was (leave empty: now)", required=False)
        self.fields |= {"at": at, "late_because": forms.CharField(label=WHY_LATE, required=False, max_length=500)}

    @property
    def when(self) -> dict[str, Any]:
        """As the verbs take it."""
        at = self.cleaned_data["at"]
        return {"at": at.astimezone(UTC) if at else None, "late_because": self.cleaned_data["late_because"]}
