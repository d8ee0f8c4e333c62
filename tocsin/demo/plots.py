"""How do tickets go? One plot a course that tickets take: it acts, and yields the instant at which it goes on.

What a ladder, a clock or a rule brings about meanwhile is the engine's; a plot looks at what has become of its ticket
before it acts.
"""

from __future__ import annotations

from datetime import timedelta

from tocsin.demo.case import Case
from tocsin.demo.stage import Plot

TRIED = "restarted what could be restarted, compared with a machine that works"
NEXT = "look at the server's side with the rights L1 does not have"


def accepted(case: Case, low: float = 5, high: float = 30) -> Plot:
    """If a level was asked meanwhile, it takes the ticket."""
    if case.asked:
        yield case.work(low, high)
        case.accept()


def begun(case: Case) -> Plot:
    """It comes in, is pulled by somebody of the service desk, and the client has an answer."""
    case.comes_in()
    yield case.work(4, 35)
    case.take()
    yield case.work(3, 40)
    case.answer()


def ended(case: Case) -> Plot:
    """What is left to be done is done."""
    for note in case.fault.notes:
        yield case.work(8, 40)
        yield from accepted(case)
        case.note(note)
    yield case.work(5, 40)
    yield from accepted(case)
    case.solve()


# ---------------------------------------------------------------- in support hours


def plain(case: Case) -> Plot:
    yield from begun(case)
    for text in case.fault.updates:
        yield case.work(10, 60)
        case.tell(text)
    yield from ended(case)


def escalated_by_hand(case: Case) -> Plot:
    yield from begun(case)
    yield case.work(10, 40)
    case.escalate("L2", case.chance.choice(("skill limit", "permission or security")), tried=TRIED, next_step=NEXT)
    yield case.work(5, 45)
    case.accept()
    yield case.work(20, 70)
    case.note("Taken over with its history; the client need not explain it again.")
    yield from ended(case)


def escalated_by_time(case: Case) -> Plot:
    """The service desk keeps it for too long, and the engine passes it on."""
    yield from begun(case)
    yield case.work(130, 170)
    yield from accepted(case)
    yield from ended(case)


def not_accepted(case: Case) -> Plot:
    """Nobody at L2 takes it; it goes on to L3."""
    yield from begun(case)
    yield case.work(10, 30)
    case.escalate("L2", "skill limit", tried=TRIED, next_step=NEXT)
    yield case.work(130, 150)
    yield from accepted(case)
    yield from ended(case)


def sent_back(case: Case) -> Plot:
    yield from begun(case)
    yield case.work(5, 20)
    case.escalate("L2", "skill limit", tried="nothing yet", next_step="please have a look")
    yield case.work(5, 30)
    case.send_back("The log and the time of the first failure are missing, and a restart is yours to try.")
    yield case.work(15, 40)
    case.note("Restarted, no change. First failure 08:12, log attached.")
    case.escalate("L2", "skill limit", tried="restart at 08:40, log of 08:12 attached", next_step=NEXT)
    yield case.work(5, 20)
    case.accept()
    yield from ended(case)


def waits_for_client(case: Case) -> Plot:
    yield from begun(case)
    yield case.work(10, 60)
    case.wait("client", "needs to know since when, and on which machine")
    yield case.work(60, 420)
    case.replies("Since Tuesday, and on both machines. Sorry for the delay.")
    yield from ended(case)


def waits_in_vain(case: Case) -> Plot:
    """The client never answers; the wait ends by itself, and a call helps."""
    yield from begun(case)
    yield case.work(10, 30)
    case.wait("client", "asked for a time to connect", until=case.work(300))
    yield case.work(340, 380)
    case.ring("Reached {user}: it works again, may be closed after a look.")
    yield from ended(case)


def waits_for_vendor(case: Case) -> Plot:
    yield from begun(case)
    yield case.work(20, 60)
    case.wait("vendor", "case 48-1170 with the vendor, answer promised", until=case.work(360))
    yield case.work(120, 300)
    case.resume("the vendor has sent a fix")
    yield from ended(case)


def waits_for_parts(case: Case) -> Plot:
    yield from begun(case)
    yield case.work(20, 40)
    case.wait("parts", "spare part ordered, comes by courier")
    yield case.work(240, 480)
    case.resume("the part is there")
    yield from ended(case)


def answered_late(case: Case) -> Plot:
    """Nobody looks for two hours and more: the promise to answer is broken."""
    case.comes_in()
    yield case.work(135, 200)
    case.take()
    case.answer()
    yield from ended(case)


def overdue(case: Case) -> Plot:
    """It drags on, and the promise to solve it is broken."""
    yield from begun(case)
    for _ in range(9):
        yield case.work(150, 190)
        yield from accepted(case)
        case.note(case.chance.choice(("Still being looked at.", "Tried the next driver, no change.", "Vendor asked.")))
    yield from ended(case)


def reopened(case: Case) -> Plot:
    yield from plain(case)
    yield case.minutes(60, 300)
    case.replies("It is back, the same as before.")
    yield case.minutes(4, 20)
    case.reopen("the client says it is back")
    yield case.work(20, 90)
    yield from accepted(case)
    case.tell("You are right, it came back. We have found why, and put it right for good.")
    yield from ended(case)


def twice(case: Case, other: Case) -> Plot:
    """Two people report the same; the second ticket goes into the first."""
    case.comes_in()
    yield case.work(5, 20)
    case.take()
    other.mails()
    yield case.work(3, 10)
    case.answer()
    other.take(case.owner.name.split()[0].lower())
    other.merge(case, "the same fault, reported by two people")
    yield from ended(case)


def cancelled(case: Case) -> Plot:
    case.comes_in()
    yield case.work(5, 30)
    case.take()
    case.cancel(case.chance.choice(("a test of the monitor", "reported in error, says the client")))


def recovered(case: Case) -> Plot:
    """The monitor cries, and says that it is over before anybody has done anything."""
    case.alerts()
    yield case.minutes(3, 9)
    case.alerts("ok")
    case.recover()


def flapping(case: Case) -> Plot:
    """The monitor cries again and again."""
    case.alerts()
    for _ in range(5):
        yield case.minutes(2, 6)
        case.alerts()
    yield case.work(5, 30)
    case.take()
    case.answer()
    yield from ended(case)
    case.alerts("ok")


def grows(case: Case) -> Plot:
    """More people are hit than was thought."""
    yield from begun(case)
    yield case.work(10, 40)
    case.priority("P2", "the whole floor is hit, and there is no way round")
    yield case.minutes(10, 20)
    case.tell("More of you are hit than we thought, so this has gone up to High. We keep at it.")
    yield case.minutes(20, 60)
    if case.asked:
        case.accept()
    case.note("Found on the switch, not on the machine.")
    yield case.minutes(20, 40)
    case.solve()


def written_up_late(case: Case) -> Plot:
    """Answered on the telephone, and written down ten minutes later."""
    case.calls()
    yield case.work(15, 40)
    case.take()
    case.ring(
        "Rang {user} and explained the way round.",
        at=case.now - timedelta(minutes=8),
        late_because="wrote it down after the call",
    )
    yield from ended(case)


def low(case: Case) -> Plot:
    """What can be planned: in days."""
    case.comes_in()
    yield case.work(30, 240)
    case.take()
    yield case.work(10, 120)
    case.answer()
    yield case.work(120, 900)
    for note in case.fault.notes:
        case.note(note)
    yield case.work(60, 400)
    case.solve()


def low_overdue(case: Case) -> Plot:
    """What nobody planned."""
    case.comes_in()
    yield case.work(520, 600)
    case.take()
    case.answer()
    yield case.work(2700, 2900)
    case.note("Fell behind; done today.")
    case.solve()


def complained(case: Case) -> Plot:
    case.mails()
    yield case.work(20, 90)
    case.take("alma")
    case.answer()
    yield case.work(60, 200)
    for note in case.fault.notes:
        case.note(note)
    for text in case.fault.updates:
        case.tell(text)
    yield case.work(60, 200)
    case.solve()


def complained_in_vain(case: Case) -> Plot:
    """Nobody hears it in time, and it climbs."""
    case.mails()
    yield case.work(700, 760)
    case.take("alma")
    case.ring("Called and apologised; the head of accounts looks at it in person.")
    yield case.work(200, 300)
    case.solve()


# ---------------------------------------------------------------- round the clock


def urgent(case: Case) -> Plot:
    """High: told within half an hour and every two hours, solved within the day."""
    case.comes_in()
    yield case.minutes(4, 14)
    case.take()
    yield case.minutes(3, 12)
    case.answer()
    yield from worked_on(case)
    yield case.minutes(10, 25)
    case.solve()


def worked_on(case: Case, *, steps: int = 2, low: float = 20, high: float = 40) -> Plot:
    """Notes and updates in turn, and whoever is asked takes it."""
    for step in range(steps):
        yield case.minutes(low, high)
        if case.asked:
            yield case.minutes(2, 9)
            case.accept()
        case.note(case.fault.notes[min(step, len(case.fault.notes) - 1)])
        if step < len(case.fault.updates):
            yield case.minutes(2, 8)
            case.tell(case.fault.updates[step])


def urgent_waits_for_vendor(case: Case) -> Plot:
    case.comes_in()
    yield case.minutes(5, 15)
    case.take()
    case.answer()
    yield case.minutes(15, 25)
    case.escalate("L2", "vendor", tried=TRIED, next_step="open a case with the vendor")
    yield case.minutes(3, 9)
    case.accept()
    case.wait("vendor", "priority case with the vendor, call back within the hour", until=case.minutes(60))
    yield case.minutes(35, 80)
    case.resume("the vendor has called")
    yield from worked_on(case, steps=1)
    yield case.minutes(10, 20)
    case.solve()


def silent(case: Case) -> Plot:
    """Worked on, but for two hours and more nobody writes to the client."""
    case.comes_in()
    yield case.minutes(6, 15)
    case.take()
    case.answer()
    yield case.minutes(40, 50)
    case.accept()
    yield case.minutes(85, 100)
    case.note("Forgot to write; doing it now.")
    case.tell(case.fault.updates[0])
    yield case.minutes(20, 30)
    case.solve()


def answered_too_late(case: Case) -> Plot:
    """High, and nobody answers within half an hour."""
    case.comes_in()
    yield case.minutes(38, 55)
    case.take(worker="sam")
    case.accept()
    case.answer()
    yield from worked_on(case, steps=1)
    yield case.minutes(20, 40)
    case.solve()


def raised_by_age(case: Case) -> Plot:
    """High for four hours, so it becomes critical by itself, and the on-call engineer is paged."""
    case.comes_in()
    yield case.minutes(5, 15)
    case.take()
    case.answer()
    yield from worked_on(case, steps=3, low=60, high=66)
    for text in ("Still no cause found; a second engineer has joined.", "We are replacing what we suspect."):
        yield case.minutes(25, 28)
        case.accept()
        case.answer_page()
        case.tell(text)
    yield case.minutes(8, 12)
    case.answer_page()
    case.record_calls("Reached, agreed to go on.")
    yield from critical_goes_on(case, rounds=3)
    case.solve()


def critical_goes_on(case: Case, *, rounds: int) -> Plot:
    """Half an hour after half an hour: a note, a word to the client, and pages answered."""
    for turn in range(rounds):
        yield case.minutes(11, 13)
        case.answer_page()
        case.accept()
        case.note(case.fault.notes[turn % len(case.fault.notes)])
        yield case.minutes(11, 13)
        updates = case.fault.updates
        case.tell(updates[turn] if turn < len(updates) else "No change yet; we stay on it, and write in half an hour.")


def too_high(case: Case) -> Plot:
    """Opened as High, and a way round is found."""
    case.comes_in()
    yield case.minutes(5, 15)
    case.take()
    case.answer()
    yield case.minutes(10, 15)
    case.priority("P3", "there is a way round, three people are hit")
    yield from ended(case)


def major(case: Case, *, deaf: bool = False, rounds: int = 3) -> Plot:
    """Critical: paged, answered, told every half hour, called, solved, talked through the next day."""
    case.comes_in()
    yield case.minutes(6.5, 8) if deaf else case.minutes(1, 3)
    case.answer_page()
    case.take("tara")
    yield case.minutes(2, 4)
    case.answer()
    yield case.minutes(3, 5)
    case.escalate("L3", "impact", tried="looked at it from the console", next_step="contain first, then restore")
    yield case.minutes(1, 3)
    case.accept()
    case.note(case.fault.notes[0])
    yield case.minutes(5, 6)
    case.record_calls(f"Reached {case.contact.name}, knows what we do and when we call again.")
    yield from critical_goes_on(case, rounds=rounds)
    yield case.minutes(6, 12)
    case.record_calls("Held, no decision wanted.")
    case.solve()
    yield case.minutes(60 * 15, 60 * 20)
    case.note("Post-incident review held: what went well, what did not, three actions with owners.", by="mona")


def major_unheard(case: Case) -> Plot:
    """The first page is not answered; the second engineer hears it."""
    yield from major(case, deaf=True)


def major_long(case: Case) -> Plot:
    """Over four hours: the promise is broken, and a briefing is held."""
    yield from major(case, rounds=10)
