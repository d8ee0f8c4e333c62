"""Which faults should the suite notice?

Each is planted by itself by tests/mutate.py. Name it by what goes wrong, and give first the test that should notice.
"""

from __future__ import annotations

from tests.chaos.mutants import CHAOS
from tests.core.document_mutants import READ
from tests.core.lint_mutants import LINT
from tests.core.moving_mutants import MOVED
from tests.core.mutants import GATES, ROSTERS
from tests.directory.mutants import TURNS_TAKEN
from tests.mutate import Mutant
from tests.standard.mutants import STEPS_TAKEN

CLOCK = ("tests/core/test_clock.py",)
CLOCK_AND_ORACLE = (*CLOCK, "tests/core/test_clock_properties.py")
HOURS = ("tests/core/test_hours.py", "tests/core/test_business_days.py", "tests/core/test_clock_changes.py")
LADDERS = ("tests/core/test_ladder.py", "tests/core/test_levels.py")
LETTERS = ("tests/stories/test_outbox.py",)
REFUSED_TOO = "_go_on(delivery, [*delivery.alternatives, [delivery.channel, delivery.address, 1]], "
MATRIX = ("tests/core/test_matrix.py", "tests/core/test_matrix_properties.py")
PLANS = ("tests/core/test_plan.py", "tests/core/test_cadence.py", *LADDERS)


def _core(file: str, tests: tuple[str, ...], *faults: tuple[str, str, str]) -> list[Mutant]:
    return [Mutant(name, f"tocsin/core/{file}", old, new, tests) for name, old, new in faults]


WORKING_TIME = [
    *_core(
        "hours.py",
        HOURS,
        ("a holiday opened by a replaced date", "return spans | dict.fromkeys(self.closed, ())", "return spans"),
        ("a break left out", "cut(spans.get(day, self.week[day.weekday()]), breaks)", "self.week[day.weekday()]"),
        (
            "due at the next opening instead of at closing",
            "self._reach(a, budget, bisect_left)",
            "self.kept_until(a, budget)",
        ),
        ("kept only until closing", "self._reach(a, budget, bisect_right)", "self.due(a, budget)"),
        ("business days counted from a closed instant", "begun = self.next_open(a)", "begun = a"),
        ("one business day too few", "+ amount - 1\n", "+ amount - 2\n"),
    ),
    *_core(
        "table.py",
        HOURS,
        ("UTC for local", "zone.pieces(name, year)", 'zone.pieces("UTC", year)'),
        (
            "a shift laid out by its two ends, whatever the clocks do",
            "opens, closes = max(midnight + span.opens, piece.begin), min(midnight + span.closes, piece.until)",
            "opens, closes = midnight + span.opens, midnight + span.closes",
        ),
    ),
    *_core(
        "zone.py",
        HOURS,
        ("a skipped local time before the gap", "max(piece.begin, wall - piece.offset)", "wall - piece.offset"),
    ),
]

CLOCKS = [
    *_core(
        "clock.py",
        CLOCK,
        ("what is recorded later known already", "if event.recorded_at <= now]", "if event.at <= now]"),
    ),
    *_core(
        "backdating.py",
        CLOCK,
        ("sequence ignored", "(max(event.at, start), event.seq)", "(max(event.at, start), -event.seq)"),
        (
            "told in the order of the log",
            "key=lambda event: (max(event.at, start), event.seq)",
            "key=lambda event: event.seq",
        ),
        ("a breach undone by dating back", "standing.setdefault((lap.anchor, lap.index), lap)", "pass"),
        (
            "an act judged by the time it claims",
            "self.fold.apart()\n",
            "self.fold.apart()\n        recorded_at = self.last\n",
        ),
    ),
    *_core(
        "fold.py",
        CLOCK_AND_ORACLE,
        ("what is dated before the start counted from there", "event.at if event.at > start else start", "event.at"),
        ("a pause dropped", '            lap.hold(at, f"waiting for {event.on}")\n', "            pass\n"),
        ("any wait pauses", "if event.on in self.clock.paused_by:", "if event.on:"),
        ("a wait's deadline ignored", "and self.wait.until <= to:", "and self.wait.until < self.wait.at:"),
        (
            "a wait's deadline noticed only when someone looks",
            "self._resume(max(self.wait.until, self.wait.at))",
            "self._resume(to)",
        ),
        (
            "another's deadline ends the wait",
            "if self.wait is not None and ends(event, self.wait):",
            "if self.wait is not None:",
        ),
        ("a pause kept open by solving", "self.solved, self.wait = True, None", "self.solved = True"),
        (
            "born waiting and running",
            '            lap.hold(at, f"waiting for {self.wait.on}")\n        lap',
            "            pass\n        lap",
        ),
        ("an alert's recovery counts as an answer", "(event.answers or self._by_solving)", "True"),
        (
            "an answer withdrawn by reopening",
            'lap.ended == "solved" and not self.fulfilled:',
            'lap.ended in ("solved", "met"):',
        ),
        ("a raise moves an answered clock", "not (self.clock.repeats or self.fulfilled))", "not self.clock.repeats)"),
        (
            "reopening begins at zero",
            "                lap.revive(at)\n",
            "                self._begin(event.seq, at)\n",
        ),
        (
            "a promise replaced instead of added",
            '("earlier_of", "restart"):\n            lap.add(',
            '("earlier_of", "restart"):\n            lap.replace(',
        ),
        ("carry forgets what is used", "used = bound[0].consumed if bound else ZERO", "used = ZERO"),
        (
            "a raise taken for a lowering",
            "clock.severity(event.to) < clock.severity(",
            "clock.severity(event.to) > clock.severity(",
        ),
        ("lowering counts from the lowering", "            start = lap.started_at\n", "            start = at\n"),
        (
            "nothing promised, and the clock runs on",
            "if lap.ended is None and not clock.repeats:\n                lap.stop",
            "if False:\n                lap.stop",
        ),
        ("merging forgets what is used", 'at, promise.consumed, "merged"', 'at, ZERO, "merged"'),
        ("merging takes any clock's promises", "if promise.clock == self.clock.name]", "]"),
        ("merging forgets the earlier start", "            self.lap.reach_back(promise.since)\n", ""),
        (
            "silence counted from when it was noticed",
            "self._begin(lap.anchor, missed, index=",
            "self._begin(lap.anchor, to, index=",
        ),
        ("a missed interval ends the cadence", "if not self.clock.repeats or lap.breached_at is None:", "if True:"),
        ("a time promised to the client ignored", "promised=event.promised, why", "promised=None, why"),
    ),
    *_core(
        "lap.py",
        CLOCK_AND_ORACLE,
        (
            "> for >=: kept promises broken",
            "self.broken_at is None and self.consumed > promise.budget:",
            "self.broken_at is None and self.consumed >= promise.budget:",
        ),
        ("broken at closing, not at the next opening", "max(promise.calendar.kept_until(", "max(promise.calendar.due("),
        (
            "a threshold late by its last instant",
            "run.consumed >= run.share(percent)",
            "run.consumed > run.share(percent)",
        ),
        ("a threshold that fires again", "if percent not in self.reached)", ")"),
        ("a lowering that forgets the waits", '            if doing == "running":\n', "            if True:\n"),
        ("the last promise due decides", "return min(((run, run.due(at))", "return max(((run, run.due(at))"),
        ("a breach forgiven on reopening", "self.ended = self.final =", "self.breached_at = self.ended = self.final ="),
        (
            "a met verdict kept on reopening",
            "self.final = self.met_at = self.stopped_at = None",
            "self.final = self.stopped_at = None",
        ),
        (
            "a breach that the last promise dates",
            "run.broken_at < self.breached_at",
            "run.broken_at > self.breached_at",
        ),
    ),
]

DUTIES = [
    *_core(
        "matrix.py",
        MATRIX,
        (
            "only the very answer passes a test",
            "one.place(self.answers[test.input]) >= one.",
            "one.place(self.answers[test.input]) == one.",
        ),
        ("one test of a group enough", "if len(held) == len(parts) else None", "if held else None"),
        (
            "the least severe wins",
            "(self.priorities.index(each.priority), *each.order)",
            "(-self.priorities.index(each.priority), *each.order)",
        ),
        (
            "an answer that what was agreed wins over",
            "given.get(name, assumed)",
            "assumed if agreed else given.get(name, assumed)",
        ),
        ("what was agreed counts for ever", "on <= self.ends_on)", "True)"),
        ("the first row decides", "*each.order))", "))"),
    ),
    *_core(
        "criteria.py",
        ("tests/core/test_criteria.py", "tests/core/test_matrix.py"),
        ("a workaround that counts by itself", "        return inputs[test.input].beside\n", "        return False\n"),
        ("another service's agreement", "if name in (None, service):", "if True:"),
        ("a table that falls", "priorities.index(each) < priorities.index(priority)", "False"),
    ),
    *_core(
        "course.py",
        LADDERS,
        (
            "a ladder that climbs while it is held",
            "self.spans.append((self.since, at))\n            self.since = None",
            "pass",
        ),
        ("a ladder counted from before the opening", "        if event.at < start:\n", "        if False:\n"),
        ("a stop that has not the last word", "kept = live and priority == current.priority", "kept = True"),
    ),
    *_core(
        "ladder.py",
        LADDERS,
        (
            "a step fired again that was done",
            "if step.name in self.fired or (step.name, priority)",
            "if (step.name, priority)",
        ),
        (
            "a reopened ladder going on where it stopped",
            "                run.over = True\n                run = None\n",
            "",
        ),
        ("an act done late taken for done", "done is not None and done <= deadline", "done is not None"),
        ("a page path that ends in silence", "if self.ladder.until_acknowledged:", "if False:"),
    ),
    *_core(
        "levels.py",
        LADDERS,
        (
            "sent back with no quarter of the time",
            "max(whole - before.used(calendar), whole / 4)",
            "whole - before.used(calendar)",
        ),
        ("an escalation that moves what is so already", "if event.to == have or", "if"),
    ),
    *_core(
        "plan.py",
        PLANS,
        (
            "what is on record due again",
            "        if key not in self.recorded:\n            self.due.append(",
            "        if True:\n            self.due.append(",
        ),
        (
            "looked at when the breach is not true yet",
            "Coming(kept_until + GRAIN, ",
            "Coming(kept_until, ",
        ),
    ),
]

SENDING = "tocsin/engine/deliveries.py"
HEARTS = ("tests/engine/test_heartbeats.py",)
OUT = [
    Mutant(
        "a page that waits for a mail server",
        SENDING,
        "new_round = rounds >= max(1, failed)",
        "new_round = rounds >= 0",
        LETTERS,
    ),
    Mutant("a way tried again that refused", SENDING, "_go_on(delivery, delivery.alternatives, ", REFUSED_TOO, LETTERS),
    Mutant(
        "a channel that hangs waited for by every letter",
        SENDING,
        "            self.stuck[delivery.channel] = (why, now + LEFT_ALONE)\n",
        "            pass\n",
        ("tests/engine/test_deliveries.py",),
    ),
    Mutant(
        "a slow channel that holds up the others",
        SENDING,
        "Sender(clock, Q(channel=name))",
        "Sender(clock)",
        ("tests/engine/test_deliveries.py",),
    ),
    Mutant(
        "an engine that stops for a younger one",
        "tocsin/engine/heartbeats.py",
        "for other in living if self._is_younger(other)",
        "for other in living",
        HEARTS,
    ),
    Mutant(
        "an engine that came back and does not wait in its turn",
        "tocsin/engine/heartbeats.py",
        "if anew := bool(known) and self._was_silent(now):",
        "if anew := False:",
        HEARTS,
    ),
    Mutant(
        "an alarm to somebody who cannot be reached",
        "tocsin/engine/others.py",
        " if who.how_to_reach())",
        ")",
        LETTERS,
    ),
    Mutant(
        "a ticket that raises looked at every five minutes",
        "tocsin/engine/tickets.py",
        "min(LONGEST, 2 * _put_off_for(ticket) or PUT_OFF)",
        "PUT_OFF",
        ("tests/stories/test_trouble.py",),
    ),
]

ANSWERS = ("tests/stories/test_answers.py",)
SEVERITY = [
    Mutant("whoever differed overruled", "tocsin/desk/answers.py", "raises = grown and ", "raises = ", ANSWERS),
    Mutant(
        "a less severe answer that lowers",
        "tocsin/desk/answers.py",
        "matrix.more_severe(found.priority, done.ticket.priority)\n        proposes",
        "found.priority != done.ticket.priority\n        proposes",
        ANSWERS,
    ),
    Mutant(
        "a raise by rule taken for somebody's act",
        "tocsin/desk/answers.py",
        "actor=severity.RULE",
        "actor=done.by",
        ANSWERS,
    ),
    Mutant(
        "another priority than the facts give, and no reason",
        "tocsin/desk/severity.py",
        "if not differs_because.strip():",
        "if False:",
        ANSWERS,
    ),
    Mutant(
        "an agreement counted by the day in London",
        "tocsin/desk/severity.py",
        "at.astimezone(ZoneInfo(client.zone)).date()",
        "at.date()",
        ANSWERS,
    ),
]

SIGNED_IN = ("tests/web/test_sign_in.py",)
RIGHTS = ("tests/web/test_rights.py",)
DOORS = [
    Mutant("an auditor who changes something", "tocsin/web/staff.py", "if writes and not", "if False and not", RIGHTS),
    Mutant(
        "a form taken by a page",
        "tocsin/web/staff.py",
        "if not writes and request.method",
        "if False and request.method",
        RIGHTS,
    ),
    Mutant(
        "somebody who left and stays signed in",
        "tocsin/directory/account.py",
        " and (self.person is None or self.person.active)",
        "",
        SIGNED_IN,
    ),
    Mutant(
        "guesses counted apart for each name of the desk",
        "tocsin/web/sign_in.py",
        'return str(credentials.get("email", "")).lower()',
        "return str(super()._get_login_attempts_cache_key(request, **credentials))",
        SIGNED_IN,
    ),
    Mutant("a cookie that goes by http too", "tocsin/web/guard.py", "if request.is_secure():", "if False:", SIGNED_IN),
]

MUTANTS = [
    *WORKING_TIME,
    *CLOCKS,
    *DUTIES,
    *ROSTERS,
    *READ,
    *GATES,
    *MOVED,
    *LINT,
    *TURNS_TAKEN,
    *STEPS_TAKEN,
    *OUT,
    *SEVERITY,
    *DOORS,
    *CHAOS,
]
