"""Which terms and which stories can a plan be asked about, on the nights when clocks change too?

Strategies for hypothesis: terms whose quarters are whole minutes, and stories told together with their engine, which
may come late, skip what is due, or have put it on record. Every story can happen.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import strategies as st

from tests.core.stories import ALWAYS, MINUTE, places
from tocsin.core.cadence import cadence
from tocsin.core.clock import Clock
from tocsin.core.duration import parse
from tocsin.core.event import (
    Accepted,
    Acknowledged,
    BrokenStory,
    Cancelled,
    Closed,
    Done,
    Escalated,
    Fired,
    LineStopped,
    Noted,
    Opened,
    Paused,
    PriorityChanged,
    Reopened,
    Responded,
    Resumed,
    SentBack,
    Solved,
    Updated,
)
from tocsin.core.ladder import Ladder, Step
from tocsin.core.plan import due
from tocsin.core.terms import RaiseRule, Terms

PRIORITIES = ("P1", "P2", "P3", "P4")
LIKELY = st.sampled_from(("P1", "P1", "P2", "P2", "P3", "P4"))
GAPS = st.one_of(
    st.sampled_from((0, 0, 1, 4, 8, 12, 16, 20, 24, 32, 40, 60, 120)), st.integers(0, 40), st.integers(0, 120)
).map(lambda minutes: minutes * MINUTE)


@st.composite
def standards(draw, place):
    """Terms of a small desk: a ladder of each kind, a rule that raises, two clocks."""
    calendars = st.sampled_from((ALWAYS, ALWAYS, *place.calendars))

    def wait(*texts):
        return parse(draw(st.sampled_from(texts))), draw(calendars)

    def waits(*texts, priorities=("P1", "P2")):
        return {priority: wait(*texts) for priority in priorities if draw(st.integers(0, 4))}

    def act():
        return {"act": True, "within": draw(st.sampled_from((None, waits("8m", "20m", "1h"))))}

    paused_by = draw(st.sampled_from((("client",), ("client",), ("client", "vendor"), ())))
    page = Ladder("page", (
        Step("primary", {"P1": wait("0m")}, "on-call"),
        Step("secondary", {"P1": wait("8m"), **waits("20m", priorities=("P2",))}, "second"),
        Step("manager", {"P1": wait("16m")}, "manager", act=draw(st.booleans()), within=waits("12m")),
    ), until_acknowledged=True)  # fmt: skip
    management = Ladder("management", (
        Step("lead", waits("8m", "16m", priorities=("P1",)), "lead", **act()),
        Step("head", waits("16m", "32m", "1bd" if draw(st.booleans()) else "1h"), "head", **act()),
        Step("briefing", waits("40m", "2h"), "director", **act()),
    ), paused_by=("client",))  # fmt: skip
    complaint = Ladder("complaint", (Step("told", waits("0m", "60m", priorities=("P1", "P3")), "boss"),))
    functional = Ladder("functional", (
        Step("L2", waits("0m", "20m", "40m", priorities=PRIORITIES[:3]), "L2", accept=waits("4m", "20m")),
        Step("L3", waits("0m", "20m", "2h"), "L3", accept=waits("8m", "16m")),
        Step("top", waits("40m", "2h"), "top", accept=draw(st.sampled_from((None, waits("12m"))))),
    ), counts_from="level", paused_by=paused_by)  # fmt: skip
    resolution = Clock(
        {"P1": wait("60m", "2h"), "P2": wait("2h", "4h"), "P3": wait("4h"), "P4": None},
        paused_by,
        thresholds=(50, 75),
        on_raise=draw(st.sampled_from(("earlier_of", "carry", "restart"))),
        on_reopen=draw(st.sampled_from(("continue", "restart"))),
    )
    updates = cadence({"P1": wait("40m"), "P2": wait("60m"), "P3": None, "P4": None})
    ladders = _without_days_on_always((page, management, complaint, functional))
    return Terms(
        "test",
        "1",
        PRIORITIES,
        "P3",
        {"resolution": resolution, "next_update": updates},
        {ladder.name: ladder for ladder in ladders},
        raises=(RaiseRule("P2-P1", "P2", "P1", wait("40m", "60m")), RaiseRule("P3-P2", "P3", "P2", wait("2h"))),
        solved_period=wait("60m", "4h"),
        acknowledgement_lasts=waits("12m", "32m"),
    )


def _without_days_on_always(ladders):
    for ladder in ladders:
        for step in ladder.steps:
            for priority, (duration, calendar) in step.after.items():
                if duration.is_days and calendar.is_always:
                    step.after[priority] = parse("24h"), calendar
    return ladders


def recorded(plan, now):
    """What the engine writes when it does everything that is due, in order."""
    return [_recorded(obligation, now) for obligation in plan.obligations]


def _recorded(obligation, now):
    at, common = obligation.effective_at, {"recorded_at": now, "key": obligation.key}
    level = obligation.subject == "functional" and obligation.kind in ("step", "unaccepted")
    if obligation.kind == "wait":
        return Resumed(at, **common)
    if obligation.kind == "close" and not obligation.moot:
        return Closed(at, **common)
    if obligation.kind == "raise" and not obligation.moot:
        return PriorityChanged(at, obligation.to, **common)
    if level and not obligation.moot:
        return Escalated(at, obligation.step.name, **common)
    return Fired(at, **common)


def settled(story, terms, now, *, rounds=50):
    """The story after an engine has done everything that is due at `now`, round by round as semantics 10 has it."""
    story = numbered(story)
    for _ in range(rounds):
        plan = due(story, terms, now=now)
        if not plan.obligations:
            return story, plan
        story = numbered([*story, *recorded(plan, now)])
    raise AssertionError(f"something is due after {rounds} rounds: {plan.obligations}")


def numbered(story):
    return [event if event.seq else replace(event, seq=place) for place, event in enumerate(story, start=1)]


@st.composite
def told(draw, *, most=9, backdated=False):
    """A story with its engine, terms, and a now that is not before the last act; now may lie between minutes."""
    place, start = draw(places())
    terms = draw(standards(place))
    now = start
    story = [Opened(start, priority=draw(LIKELY))]
    solved = over = False
    for _ in range(draw(st.integers(min(3, most), most))):
        now += draw(GAPS)
        if draw(st.integers(0, 2)) == 0:
            story = draw(_engine_comes(story, terms, now))
            over = any(isinstance(event, Closed) for event in story)
        if over:
            break
        plan = due(story, terms, now=now)
        event = draw(_act(story, plan, now, solved=solved))
        if event is None:
            continue
        back = draw(GAPS) if backdated and draw(st.integers(0, 3)) == 0 else timedelta(0)
        event = replace(event, at=max(now - back, start), recorded_at=now)
        if not _can_happen([*story, event], terms, now):
            continue
        story = [*story, event]
        solved = isinstance(event, Solved) or (solved and not isinstance(event, Reopened))
        over = isinstance(event, Closed | Cancelled)
    grain = draw(st.sampled_from((0, 0, 0, 1, 30_000_000)))
    return numbered(story), terms, now + draw(GAPS) + timedelta(microseconds=grain)


def _can_happen(story, terms, now):
    try:
        due(story, terms, now=now)
    except BrokenStory:
        return False
    return True


@st.composite
def _engine_comes(draw, story, terms, now):
    """It does all that is due, or the first few of it and is put off."""
    if draw(st.booleans()):
        return settled(story, terms, now)[0]
    events = recorded(due(story, terms, now=now), now)
    return numbered([*story, *events[: draw(st.integers(0, 3))]])


@st.composite
def _act(draw, story, plan, now, *, solved):
    """What a person does next, None where that cannot be."""
    standing = plan.standing.standing
    kind = draw(st.sampled_from(_AFTER if solved else _KINDS))
    if kind is Paused:
        until = draw(st.one_of(st.none(), GAPS))
        return Paused(now, on=draw(st.sampled_from(("client", "client", "vendor"))),
                      until=None if until is None else now + until)  # fmt: skip
    if kind is Resumed:
        return Resumed(now, by_reply=draw(st.booleans())) if plan.waits_on else None
    if kind is PriorityChanged:
        to = draw(LIKELY)
        return PriorityChanged(now, to) if to != plan.priority else None
    if kind is Escalated:
        return Escalated(now, draw(st.sampled_from(("L1", "L2", "L3", "top"))))
    if kind is SentBack:
        return SentBack(now) if standing.question or plan.standing.lower else None
    if kind in (Acknowledged, Done):
        keys = [event.key for event in story if event.key and event.key.startswith(("step/", "ask/", "again/"))]
        keys += [obligation.key for obligation in plan.obligations if obligation.kind in ("step", "ask", "again")]
        return kind(now, draw(st.sampled_from(keys))) if keys else None
    return kind(now)


_AFTER = (Reopened, Reopened, Reopened, Noted, LineStopped, Closed, PriorityChanged)
_KINDS = (Paused, Paused, Resumed, PriorityChanged, PriorityChanged, Escalated, Escalated, Accepted, Accepted, SentBack,
          Solved, Solved, Acknowledged, Acknowledged, Done, Noted, Updated, Responded,
          LineStopped, LineStopped, Cancelled)  # fmt: skip
