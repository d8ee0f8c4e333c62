"""What does a ticket live through when its engine is asked at every instant? No shortcut, and nothing foreseen.

`lived` is the engine's own loop without a database: what is due is planned, done and planned again, whenever the plan
says that it is to be looked at.
"""

from dataclasses import replace
from datetime import timedelta
from itertools import groupby

from tests.core.plans import recorded
from tocsin.core.event import BrokenStory, Escalated, Noted
from tocsin.core.performed import escalation, escalation_key
from tocsin.core.plan import due

TICK = timedelta(microseconds=1)


def lived(story, terms, until):
    """The log, the obligations in order and the acts left out, of an engine that is never late."""
    acts = [event for event in story if event.key is None]
    life = _Life(terms, {event.seq: event.key for event in story if event.key is not None})
    for at, group in groupby(acts, key=lambda act: act.recorded_at):
        if at > until:
            break
        life.goes_on(at, short=True)
        for act in group:
            life.takes(act, at)
        life.looks(at)
    life.goes_on(until)
    return life


def living(story, terms, until, *, every):
    """The same, of an engine that knows no instant to look at and asks as often as that."""
    acts = [event for event in story if event.key is None]
    life, at = _Life(terms, {}), acts[0].recorded_at
    while at <= until:
        while acts and acts[0].recorded_at <= at:
            life.takes(acts.pop(0), at)
        life.looks(at)
        at += every
    return life


class _Life:
    def __init__(self, terms, engines):
        self.terms = terms
        self.engines = engines  # what an engine of then put on record: place → key
        self.places = {}
        self.log, self.obligations, self.left_out = [], [], []
        self.look_at = None

    def goes_on(self, to, *, short=False):
        while self.look_at is not None and (self.look_at < to or (self.look_at == to and not short)):
            self.looks(self.look_at)

    def takes(self, act, at):
        placed = replace(act, seq=len(self.log) + 1)
        if hasattr(act, "of"):
            of = self.now_called(act.of)
            placed = replace(placed, of=of) if of else Noted(act.at, recorded_at=at, seq=placed.seq)
        try:
            due([*self.log, placed], self.terms, now=at)
        except BrokenStory:
            self.left_out.append(act)
        else:
            self.log.append(placed)
            self.places[act.seq] = placed.seq

    def now_called(self, key):
        """What people answered, as this log calls it; nothing, where nobody asked it here."""
        [head, tail] = key.split("@")
        place, *step = tail.split("/")
        if int(place) in self.places:
            new = self.places[int(place)]
        else:
            then = self.engines.get(int(place))
            key = then and self.now_called(then)
            [new] = [event.seq for event in self.log if key and event.key == key] or [None]
        return new and "/".join([f"{head}@{new}", *step])

    def looks(self, now):
        for _ in range(60):
            plan = due(self.log, self.terms, now=now)
            for one in plan.obligations:
                self.obligations.append(one)
                if self.does(one, plan, now):
                    break
            else:
                self.look_at = plan.next_at
                assert self.look_at is None or self.look_at > now
                return
        raise AssertionError("no end")

    def does(self, one, plan, now):
        """It is on record; whether that changes what the plan rests on."""
        [event] = recorded(type("Plan", (), {"obligations": [one]}), now)
        self.log.append(replace(event, seq=len(self.log) + 1))
        if one.kind == "threshold" and not one.moot:
            level = escalation(one, self.terms, plan.standing)
            if level is not None:
                made = Escalated(one.effective_at, level, recorded_at=now, key=escalation_key(one))
                self.log.append(replace(made, seq=len(self.log) + 1))
                return True
        return type(event).__name__ != "Fired"
