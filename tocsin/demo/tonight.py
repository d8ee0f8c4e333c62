"""What is open at the demo's desk right now? Some of everything, so that the board is alive.

Each ticket begins so many minutes before now, and its plot goes on until now finds it where it is.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

from tocsin.demo.case import Case
from tocsin.demo.cast import ALDER, BEACON, HARBOUR, KESTREL, NORTHGATE, Firm
from tocsin.demo.faults import CRITICAL, HIGH, LOW, MEDIUM, Fault
from tocsin.demo.plots import NEXT, TRIED
from tocsin.demo.stage import Plot, Stage
from tocsin.demo.wishes import COMPLAINTS, REQUESTS


def fault(among: tuple[Fault, ...], begins: str) -> Fault:
    return next(each for each in among if each.title.startswith(begins))


def ago(case: Case, minutes: float) -> datetime:
    """The instant so many minutes before the end."""
    return case.stage.end.replace(microsecond=0) - timedelta(minutes=minutes)


def line_down(case: Case) -> Plot:
    """Critical, the line is stopped: answered, called, told twice; the next word is due in minutes."""
    case.alerts()
    yield ago(case, 50)
    case.answer_page()
    case.take("tara")
    yield ago(case, 46)
    case.answer()
    yield ago(case, 41)
    case.escalate("L3", "impact", tried="line test from outside, no light", next_step="move to LTE, chase the provider")
    yield ago(case, 39)
    case.accept()
    case.stop_the_line("A whole site is down: nobody there can work", bridge="+61 2 5550 0177, code 4711")
    case.note(case.fault.notes[0])
    yield ago(case, 37)
    case.answer_page()
    case.join_bridge("tom")
    yield ago(case, 34)
    case.record_calls("Reached Dale Burkett; trucks are written down by hand until the line is back.")
    yield ago(case, 24)
    case.tell(case.fault.updates[0])
    yield ago(case, 13)
    case.note(case.fault.notes[1])


def nearly_raised(case: Case) -> Plot:
    """High for three hours and a half: in half an hour it becomes critical by itself."""
    case.calls()
    yield ago(case, 200)
    case.take()
    case.answer()
    yield ago(case, 170)
    case.accept()
    case.note(case.fault.notes[0])
    yield ago(case, 95)
    case.tell(case.fault.updates[0])
    yield ago(case, 44)
    case.accept()
    case.note("Waiting for the new chain; the first profile still drops.")


def nearly_unanswered(case: Case) -> Plot:
    """High, and nobody has answered: six minutes are left."""
    case.alerts()
    yield ago(case, 15)
    case.take("ben")


def nearly_overdue(case: Case) -> Plot:
    """Medium, for a day: an hour and a half is left of its promise."""
    case.mails()
    yield ago(case, 1300)
    case.take()
    case.answer()
    yield ago(case, 1200)
    case.accept()
    for minutes in (900, 540, 290, 150, 70):
        yield ago(case, minutes)
        case.accept()
        case.note("The profile is right, the scanner still drops codes; trying the next firmware.")


def hardly_answered(case: Case) -> Plot:
    """Medium, taken and not answered: the answer is due in ten minutes."""
    case.mails()
    yield ago(case, 60)
    case.take("lena")


def unassigned(case: Case) -> Plot:
    case.mails()
    yield ago(case, -1)


def waiting_for_client(case: Case) -> Plot:
    case.calls()
    yield ago(case, 1500)
    case.take()
    case.answer()
    yield ago(case, 1380)
    case.wait("client", "asked for the name of the phone", until=ago(case, -1500))


def waiting_for_vendor(case: Case) -> Plot:
    case.calls()
    yield ago(case, 1460)
    case.take()
    case.answer()
    yield ago(case, 1420)
    case.escalate("L2", "vendor", tried=TRIED, next_step="case with the vendor")
    yield ago(case, 1400)
    case.accept()
    case.wait("vendor", "case 48-1302, the vendor looks at the trace", until=ago(case, -180))


def waiting_for_parts(case: Case) -> Plot:
    case.calls()
    yield ago(case, 140)
    case.take()
    case.answer()
    yield ago(case, 112)
    case.accept()
    case.note(case.fault.notes[0])
    yield ago(case, 60)
    case.wait("parts", "a sensor comes by courier", until=ago(case, -90))
    case.tell(case.fault.updates[0])


def waiting_on_site(case: Case) -> Plot:
    """Somebody who can drive there is asked, and a part is waited for."""
    case.calls()
    yield ago(case, 84)
    case.take("lena")
    case.answer()
    yield ago(case, 74)
    case.approve("on-site", "swap the access point with the spare", by="mona")
    yield ago(case, 70)
    case.escalate("on-site", "skill limit", tried=TRIED, next_step="take a spare there and swap it")
    yield ago(case, 62)
    case.accept()
    yield ago(case, 40)
    case.wait("parts", "the spare comes by courier", until=ago(case, -120))
    case.tell("Sam brings the part himself as soon as it is here.")


def waiting_at_night(case: Case) -> Plot:
    """High, held by the client's answer."""
    case.calls()
    yield ago(case, 130)
    case.take()
    case.answer()
    yield ago(case, 95)
    case.accept()
    yield ago(case, 80)
    case.wait("client", "may we restart the server now?", until=ago(case, -60))


def awaiting_acceptance(case: Case) -> Plot:
    case.mails()
    yield ago(case, 80)
    case.take("lena")
    case.answer()
    yield ago(case, 12)
    case.escalate("L2", "skill limit", tried=TRIED, next_step=NEXT)


def asked_for(case: Case) -> Plot:
    """A request that is being done."""
    case.mails()
    yield ago(case, 1600)
    case.take()
    case.answer()
    yield ago(case, 200)
    case.note(case.fault.notes[0])


def asked_back(case: Case) -> Plot:
    """A request that waits for an approval."""
    case.mails()
    yield ago(case, 2900)
    case.take()
    case.answer()
    case.wait("client", "the folder's owner is to approve", until=ago(case, -2000))


def complaint(case: Case) -> Plot:
    case.mails()
    yield ago(case, 95)
    case.take("alma")
    yield ago(case, 70)
    case.answer()


def back_again(case: Case) -> Plot:
    """Solved this morning, and back."""
    case.mails()
    yield ago(case, 520)
    case.take()
    case.answer()
    yield ago(case, 470)
    case.note(case.fault.notes[0])
    case.solve()
    yield ago(case, 75)
    case.replies("Sorry, it is back: the same corner, the same drops.")
    yield ago(case, 62)
    case.reopen("the client says it is back")
    yield ago(case, 45)
    case.tell("Thank you for telling us; we measure on the spot this time.")


def sent_back(case: Case) -> Plot:
    """Answered late, escalated without a log, and sent back."""
    case.calls()
    yield ago(case, 100)
    case.take("ben")
    case.answer()
    yield ago(case, 85)
    case.escalate("L2", "skill limit", tried="nothing yet", next_step="please have a look")
    yield ago(case, 66)
    case.send_back("Which device, since when, and what did it say? Please ask, then send it again.")
    yield ago(case, 30)
    case.note("Asked; the caller rings back from the machine.")


def in_progress(case: Case) -> Plot:
    case.mails()
    yield ago(case, 100)
    case.take()
    case.answer()
    yield ago(case, 25)
    case.note(case.fault.notes[0])


def advice(case: Case) -> Plot:
    case.mails()
    yield ago(case, 900)
    case.take()
    case.answer()


def solved_just_now(case: Case) -> Plot:
    case.calls()
    yield ago(case, 75)
    case.take()
    case.answer()
    yield ago(case, 35)
    case.note(case.fault.notes[0])
    yield ago(case, 20)
    case.solve()


# Plot, where, what, how many minutes ago it came in.
OPEN: tuple[tuple[Callable[[Case], Plot], Firm, Fault, float], ...] = (
    (line_down, KESTREL, fault(CRITICAL, "Internet line"), 52),
    (nearly_raised, HARBOUR, fault(HIGH, "Remote access"), 208),
    (nearly_unanswered, BEACON, fault(HIGH, "CRM"), 24),
    (waiting_for_parts, NORTHGATE, fault(HIGH, "X-ray"), 150),
    (waiting_at_night, KESTREL, fault(HIGH, "All label"), 140),
    (nearly_overdue, KESTREL, fault(MEDIUM, "Scanner"), 1350),
    (hardly_answered, KESTREL, fault(MEDIUM, "Spam"), 110),
    (unassigned, NORTHGATE, fault(MEDIUM, "Shared calendar"), 25),
    (waiting_for_client, NORTHGATE, fault(MEDIUM, "Mailbox"), 1530),
    (waiting_for_vendor, HARBOUR, fault(MEDIUM, "Headset"), 1500),
    (awaiting_acceptance, KESTREL, fault(MEDIUM, "Disk"), 95),
    (back_again, KESTREL, fault(MEDIUM, "Wi-Fi"), 545),
    (sent_back, BEACON, fault(MEDIUM, "Sync"), 230),
    (in_progress, HARBOUR, fault(MEDIUM, "A file"), 130),
    (waiting_on_site, ALDER, fault(MEDIUM, "Wi-Fi"), 90),
    (asked_for, NORTHGATE, fault(REQUESTS, "New user"), 1700),
    (asked_back, HARBOUR, fault(REQUESTS, "Access"), 3000),
    (advice, BEACON, fault(LOW, "Question"), 1000),
    (complaint, BEACON, fault(COMPLAINTS, "The bill"), 180),
    (solved_just_now, KESTREL, fault(MEDIUM, "{user} is locked"), 90),
    (solved_just_now, NORTHGATE, fault(MEDIUM, "A file"), 85),
)


def enter(stage: Stage, chance: Random) -> None:
    """All of them are to come, each at its instant."""
    for plot, firm, what, minutes in OPEN:
        case = Case(stage, stage.places[firm], what, Random(chance.getrandbits(64)))
        stage.enter(ago(case, minutes), plot(case))
