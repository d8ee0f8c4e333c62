"""How does a program have something approved, and decide on what was asked? (R10.1)"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ninja import Schema
from pydantic import Field

from tocsin.api.acts import Act, Line
from tocsin.api.door import missing
from tocsin.desk import approvals
from tocsin.desk.approved import ASSESSMENT, requests_of
from tocsin.desk.ticket import Ticket
from tocsin.directory.contact import Contact

Text = Field(max_length=approvals.LIMIT, min_length=1)
Of = Field(gt=0, lt=1 << 63, description="its `id`, as the ticket has it")
WHO = Field(None, gt=0, lt=1 << 63, description="a contact of the client's, where it is theirs to give: their id")


class Ask(Act):
    verb, says = "ask-approval", "Ask for an approval that the standard knows; somebody else decides."
    approval: str = Line
    what: str = Text
    assessment: dict[str, str] = Field({}, description=f"any of {', '.join(ASSESSMENT)}")

    def do(self, ticket: Ticket, **who_when: Any) -> None:
        approvals.ask(ticket, self.approval, self.what, assessment=self.assessment, **who_when)


class Decide(Act):
    of: int = Of
    contact: int | None = WHO

    def who(self, ticket: Ticket) -> Contact | None:
        """Raises Problem."""
        if self.contact is None:
            return None
        found = ticket.client.contacts.filter(pk=self.contact).first()
        if found is None:
            raise missing(f"contact {self.contact} of {ticket.client}")
        return found


class Approve(Decide):
    verb, says = "approve-request", "Approve what was asked for; never your own."
    comment: str = Field("", max_length=approvals.LIMIT)

    def do(self, ticket: Ticket, **who_when: Any) -> None:
        approvals.give(ticket, of=self.of, comment=self.comment, contact=self.who(ticket), **who_when)


class Refuse(Decide):
    verb, says = "refuse-request", "Refuse what was asked for, and say why."
    comment: str = Text

    def do(self, ticket: Ticket, **who_when: Any) -> None:
        approvals.refuse(ticket, of=self.of, comment=self.comment, contact=self.who(ticket), **who_when)


class Withdraw(Act):
    verb, says = "withdraw-request", "Withdraw what you asked for."
    of: int = Of

    def do(self, ticket: Ticket, **who_when: Any) -> None:
        approvals.withdraw(ticket, of=self.of, **who_when)


class ActFirst(Act):
    verb, says = "act-first", "Act before it is approved: in an emergency, by whom the standard names."
    of: int = Of
    why: str = Text

    def do(self, ticket: Ticket, **who_when: Any) -> None:
        approvals.act_first(ticket, of=self.of, why=self.why, **who_when)


APPROVING: tuple[type[Act], ...] = (Ask, Approve, Refuse, Withdraw, ActFirst)


class Approval(Schema):
    """Something that was asked to be approved on a ticket, and what came of it."""

    id: int
    approval: str
    title: str
    what: str
    assessment: dict[str, str]
    by: str = Field(description="who asked, as the log names them: person/5")
    at: datetime
    expires_at: datetime | None
    state: str = Field(
        description="open, expired, given, refused, withdrawn, anew, acted (done first, to be looked at) or reviewed"
    )
    decided_by: str
    comment: str
    role: str = Field(description="the role by which it was decided")


def approvals_of(ticket: Ticket, now: datetime) -> list[Approval]:
    return [
        Approval(
            id=each.place,
            approval=each.approval,
            title=each.title,
            what=each.what,
            assessment=each.assessment,
            by=each.by,
            at=each.at,
            expires_at=each.expires_at,
            state="expired" if each.expired(now) else each.state,
            decided_by=each.decided_by,
            comment=each.comment,
            role=each.role,
        )
        for each in requests_of(ticket)
    ]
