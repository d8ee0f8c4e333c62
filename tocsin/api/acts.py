"""What can a program do to a ticket, which fields does each act take, and which verb does it become?

The acts of the ticket's page, by the same names; every one that leaves the ticket open says what happens next.
"""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import AwareDatetime, Field

from tocsin.api.door import Said, invalid, missing
from tocsin.desk import answers, corrections, escalations, merging, next_steps, tickets, updates
from tocsin.desk.seen import seen_by
from tocsin.desk.ticket import Ticket
from tocsin.directory.person import Person, colleagues

Text = Field(max_length=50_000, min_length=1)
Line = Field(max_length=500, min_length=1)


class Act(Said):
    """An act on a ticket; `do` calls its verb."""

    verb: ClassVar[str]
    says: ClassVar[str]

    def do(self, ticket: Ticket, **who_when: Any) -> None:
        """What was sent is on record. Raises Refusal."""
        raise NotImplementedError

    def perform(self, ticket: Ticket, *, by: Person, now: Any) -> None:
        """The act is on record. Belongs in a transaction."""
        self.do(ticket, by=by, now=now)


class Next(Said):
    """What happens next, whose it is (an id; left out: the key's person, or whoever gets it), and until when."""

    step: str = Field(max_length=next_steps.LIMIT, min_length=1)
    who: int | None = None
    due_at: AwareDatetime


class LeadsOn(Act):
    """An act after which something comes."""

    next: Next

    @property
    def receiver(self) -> Person | None:
        """Who gets the ticket by the act, and so the next step; None: whoever acts."""
        return None

    def perform(self, ticket: Ticket, *, by: Person, now: Any) -> None:
        super().perform(ticket, by=by, now=now)
        who = person(self.next.who) if self.next.who is not None else self.receiver or by
        next_steps.agree(ticket, self.next.step, who=who, due_at=self.next.due_at, by=by, now=now)


class Late(LeadsOn):
    """An act that may have been so earlier than it is put on record."""

    at: AwareDatetime | None = Field(None, description="when it really was; left out: now")
    late_because: str = Field("", max_length=500, description="needed with `at`: why it comes on record only now")

    @property
    def when(self) -> dict[str, Any]:
        return {"at": self.at, "late_because": self.late_because}


def person(number: int) -> Person:
    """The colleague of this id. Raises Problem."""
    found = colleagues().filter(pk=number).first() if 0 < number < 1 << 63 else None
    if found is None:
        raise invalid(f"Nobody who works here has the id {number}.")
    return found


class Note(LeadsOn):
    verb, says = "note", "Log an internal note."
    text: str = Text

    def do(self, ticket: Ticket, **who_when: Any) -> None:
        tickets.note(ticket, self.text, **who_when)


class Update(LeadsOn):
    verb, says = "update", "Tell the client how it goes, and promise the next update."
    text: str = Text
    promised: AwareDatetime | None = Field(None, description="left out: as the standard has it")

    def do(self, ticket: Ticket, **who_when: Any) -> None:
        updates.update(ticket, self.text, promised=self.promised, **who_when)


class Called(Late):
    verb, says = "called", "Record a call to the client."
    result: str = Text

    def do(self, ticket: Ticket, **who_when: Any) -> None:
        updates.called(ticket, result=self.result, **self.when, **who_when)


class Wait(Late):
    verb, says = "wait", "Wait for somebody."
    on: str = Line
    reason: str = Line
    until: AwareDatetime | None = None

    def do(self, ticket: Ticket, **who_when: Any) -> None:
        tickets.wait(ticket, on=self.on, reason=self.reason, until=self.until, **self.when, **who_when)


class Resume(Late):
    verb, says = "resume", "Go on with what waited."
    reason: str = Line

    def do(self, ticket: Ticket, **who_when: Any) -> None:
        tickets.resume(ticket, reason=self.reason, **self.when, **who_when)


class Escalate(Act):
    verb, says = "escalate", "Ask for a higher level."
    to: str = Line
    reason: str = Field(description=f"one of: {', '.join(escalations.REASONS)}")
    tried: str = Text
    next_step: str = Field(max_length=next_steps.LIMIT, min_length=1)

    next_who: int | None = Field(None, description="whose that is, a person's id; left out: the level's")
    next_due: AwareDatetime | None = Field(None, description="until when; left out: when it must be accepted")

    def do(self, ticket: Ticket, **who_when: Any) -> None:
        said = self.model_dump() | {"next_who": person(self.next_who) if self.next_who is not None else None}
        escalations.escalate(ticket, **said, **who_when)


class EscalateEarly(Act):
    verb, says = (
        "escalate-early",
        "Ask the next level at once, because the promise looks lost; it never counts as too early.",
    )

    def do(self, ticket: Ticket, **who_when: Any) -> None:
        escalations.escalate_early(ticket, **who_when)


class Accept(LeadsOn):
    verb, says = "accept", "Accept what was escalated."

    def do(self, ticket: Ticket, **who_when: Any) -> None:
        escalations.accept(ticket, **who_when)


class SendBack(Act):
    verb, says = "send-back", "Send back what was escalated."
    reason: str = Text

    def do(self, ticket: Ticket, **who_when: Any) -> None:
        escalations.send_back(ticket, reason=self.reason, **who_when)


class Priority(LeadsOn):
    verb, says = "priority", "Change the priority."
    to: str = Line
    reason: str = Line
    approved_by: int | None = Field(None, description="a person's id; needed to lower it late")

    def do(self, ticket: Ticket, **who_when: Any) -> None:
        approver = person(self.approved_by) if self.approved_by is not None else None
        tickets.change_priority(ticket, self.to, reason=self.reason, approved_by=approver, **who_when)


class Answer(LeadsOn):
    verb, says = "answer", "Answer facts of the standard's matrix anew; what turns out worse raises at once."
    facts: dict[str, str | None] = Field(
        description="input → answer on its scale, null where it is not known any more; those left out stay",
        min_length=1,
    )

    def do(self, ticket: Ticket, **who_when: Any) -> None:
        answers.answer(ticket, self.facts, **who_when)


class HandOver(LeadsOn):
    verb, says = "hand-over", "Give it another owner, another worker, or both."
    owner: int | None = Field(None, description="a person's id")
    worker: int | None = Field(None, description="a person's id")
    reason: str = Field("", max_length=500)

    def do(self, ticket: Ticket, **who_when: Any) -> None:
        owner = person(self.owner) if self.owner is not None else None
        worker = person(self.worker) if self.worker is not None else None
        tickets.assign(ticket, owner=owner, worker=worker, reason=self.reason, **who_when)

    @property
    def receiver(self) -> Person | None:
        number = self.worker if self.worker is not None else self.owner
        return person(number) if number is not None else None


class Solve(Act):
    verb, says = "solve", "Mark it solved; its owner alone can."
    cause: str = Field("", max_length=50_000)
    actions: str = Text
    verification: str = Text
    bypass: str = Field("", max_length=2000, description="why it goes without what the standard's stages ask for")
    at: AwareDatetime | None = Field(None, description="when it really was; left out: now")
    late_because: str = Field("", max_length=500, description="needed with `at`: why it comes on record only now")

    def do(self, ticket: Ticket, **who_when: Any) -> None:
        tickets.solve(ticket, **self.model_dump(), **who_when)


class Reopen(LeadsOn):
    verb, says = "reopen", "Reopen what was solved."
    reason: str = Text

    def do(self, ticket: Ticket, **who_when: Any) -> None:
        tickets.reopen(ticket, reason=self.reason, **who_when)


class Close(Act):
    verb, says = "close", "Close what is solved before its time."

    def do(self, ticket: Ticket, **who_when: Any) -> None:
        tickets.close(ticket, **who_when)


class Cancel(Act):
    verb, says = "cancel", "It should not have been a ticket."
    reason: str = Text

    def do(self, ticket: Ticket, **who_when: Any) -> None:
        tickets.cancel(ticket, reason=self.reason, **who_when)


class Merge(Act):
    verb, says = "merge", "Merge it into another ticket of the same client, which goes on with what both were promised."
    into: str = Field(max_length=40, description="the number of the ticket that goes on")
    reason: str = Line

    def do(self, ticket: Ticket, **who_when: Any) -> None:
        into = seen_by(who_when["by"]).filter(client=ticket.client_id, number=self.into.upper()).first()
        if into is None:
            raise missing(f"ticket {self.into} of {ticket.client}")
        merging.merge(ticket, into=into, reason=self.reason, **who_when)


class Acknowledge(Act):
    verb, says = "acknowledge", "Have the page; the second who tries does not."
    of: str = Field(max_length=500, description="the key of the page, as the timeline has it")

    def do(self, ticket: Ticket, **who_when: Any) -> None:
        escalations.acknowledge(ticket, of=self.of, **who_when)


class RecordAct(Act):
    verb, says = "record-act", "Record what came of a call or a briefing that a ladder asked for."
    of: str = Field(max_length=500, description="the key of the step, as the timeline has it")
    result: str = Text

    def do(self, ticket: Ticket, **who_when: Any) -> None:
        escalations.record_act(ticket, of=self.of, result=self.result, **who_when)


class ApproveCorrection(Act):
    verb, says = "approve-correction", "Approve a correction that somebody else caused: the corrected figures count."
    of: int = Field(gt=0, lt=1 << 63, description="its `id`, as the ticket has it")

    def do(self, ticket: Ticket, **who_when: Any) -> None:
        corrections.approve(ticket, of=self.of, **who_when)


class RefuseCorrection(Act):
    verb, says = "refuse-correction", "Refuse a correction: the figures stand."
    of: int = Field(gt=0, lt=1 << 63, description="its `id`, as the ticket has it")
    reason: str = Line

    def do(self, ticket: Ticket, **who_when: Any) -> None:
        corrections.refuse(ticket, of=self.of, reason=self.reason, **who_when)


ACTS: tuple[type[Act], ...] = (
    *(
        Note,
        Update,
        Called,
        Wait,
        Resume,
        Escalate,
        EscalateEarly,
        Accept,
        SendBack,
        Priority,
        Answer,
        HandOver,
        Solve,
        Reopen,
    ),
    *(Close, Cancel, Merge, Acknowledge, RecordAct, ApproveCorrection, RefuseCorrection),
)
