"""Which drills are there to be played?

Each acts, and yields the minute of the story at which it goes on. What ladders, clocks and rules bring about meanwhile
is the engine's doing.
"""

from __future__ import annotations

from collections.abc import Iterator

from tocsin.demo.drill import Drill, Script


def ransomware(drill: Drill) -> Iterator[float]:
    """P1: files are being renamed, the on-call engineer does not hear the page, and one update is forgotten."""
    desk, second = drill.who("L1"), drill.who("on-call-secondary", "L2")
    lead, senior = drill.who("comms-lead", "L1"), drill.who("incident-manager", "L3")
    drill.opens_and_stops_the_line(
        "Ransom note on a workstation, files are being renamed",
        lead=senior,
        comms=lead,
        bridge="+61 2 5550 0177, code 4711",
        by=desk,
        why="whoever sees it pulls: one condition is enough, on-call is paged at once, and other work stops",
        impact="One workstation for sure; everybody else is told to log off",
    )
    yield 7
    drill.acknowledges(second, why="five minutes without an answer, and the page went to the second engineer")
    drill.takes(second, why="whoever acknowledges has it until it is passed on")
    drill.joins(second, why="the page names the bridge")
    yield 10
    drill.responds(
        second,
        "We see it. Please unplug the machine from the network, and switch nothing off.",
        why="a P1 is answered within 15 minutes by a person; that also begins the updates every half hour",
    )
    yield 13
    drill.escalates(
        second,
        "L3",
        reason="permission or security",
        tried="isolated the host, disabled the account",
        next_step="find how it came in, before anything is restored",
        why="containing needs rights that L2 does not have; nobody waits for the ladder to say so",
    )
    yield 17
    drill.joins(senior, why="who joined, and when, stays on the ticket")
    drill.accepts(senior, why="an escalation moves the ticket only once somebody accepts it")
    yield 20
    drill.records(
        senior, "Reached, agreed: all staff log off until noon.", why="the client ladder asked for a call at minute 15"
    )
    yield 24
    drill.notes(senior, "1,140 files renamed in six minutes, from one account; snapshots are locked.", why="a record")
    yield 38
    drill.updates(senior, "Contained: one machine, one account. Backups are untouched.", why="due 30 minutes after")
    yield 52
    drill.notes(senior, "It came by a macro in a mailed invoice; eight more mails are pulled.", why="the cause")
    yield 66
    drill.updates(senior, "We know how it came in. Restoring the folder begins.", why="again half an hour")
    yield 80
    drill.notes(
        senior, "Restore at 40 %, first files compared.", why="and now the update is forgotten: watch minute 96"
    )
    yield 101
    drill.updates(lead, "Sorry for the silence. The restore is at 70 %.", why="the miss is on record, and was told")
    yield 126
    drill.records(senior, "Held; leadership wants it in writing tomorrow.", why="a briefing was asked for at hour two")
    drill.updates(senior, "The folder is back. We check the last machines.", why="again half an hour")
    yield 150
    drill.updates(senior, "Two people have checked their files, all is well.", why="again half an hour")
    yield 155
    drill.closes_bridge(
        senior, "Contained and restored; the review is tomorrow at ten.", why="what came of it, in a line"
    )
    drill.stands_down(
        senior,
        "no renamed file for an hour, and the account is closed",
        why="only the incident manager does, with a reason; until then nobody cancels or lowers it",
    )
    yield 165
    drill.solves(
        cause="A macro in a mailed invoice ran with the user's rights",
        actions="Isolated the machine, disabled the account, pulled the mails, restored the folder",
        verification="No renamed file for an hour; two users compared their documents",
        why="only its owner solves it, with cause, actions and how it was checked",
    )
    yield 168


def slow_crm(drill: Drill) -> Iterator[float]:
    """P2: nobody at L2 takes it, vendor and client are waited for, and after four hours it becomes P1 by itself."""
    desk, senior, first = drill.who("L1"), drill.who("L3"), drill.who("on-call-primary", "L3")
    client = drill.contact()
    drill.opens(
        "The CRM takes half a minute a page",
        priority="P2",
        by=desk,
        why="a major function is impaired, and there is no way round it",
        impact="All who sell",
    )
    yield 8
    drill.takes(desk, why="somebody owns it, from first to last")
    yield 18
    drill.responds(desk, "We see slow queries on its database.", why="a P2 is answered within 30 minutes")
    yield 66
    drill.accepts(senior, why="L2 was asked at minute 30, again at 45, and passed over at 60: nobody had accepted")
    yield 80
    drill.waits(senior, "vendor", "case with the vendor", minutes=60, why="the client's clock goes on meanwhile")
    yield 110
    drill.resumes(senior, "the vendor has called back: an index is missing", why="the party waited for has answered")
    yield 125
    drill.updates(senior, "The vendor's update dropped an index.", why="due every two hours")
    yield 150
    drill.waits(senior, "client", "may it be built by day?", minutes=120, why="waiting for the client holds the clock")
    yield 180
    if client is not None:
        drill.replies(client, "Yes, please do.", why="the client's answer ends the wait by itself")
    yield 235
    drill.updates(senior, "The index is being built, an hour to go.", why="due every two hours")
    yield 276
    drill.acknowledges(first, why="four hours of its clock are used, so a rule made it P1, and that pages")
    drill.updates(senior, "It is taking longer, so this is critical now.", why="a P1 hears every half hour")
    yield 295
    drill.solves(
        cause="The vendor's update dropped an index",
        actions="Built it by hand; the vendor has it in the next release",
        verification="A page takes under a second; two users confirm",
        why="only its owner solves it",
    )
    yield 298


SCENARIOS: dict[str, Script] = {"ransomware": ransomware, "slow-crm": slow_crm}
