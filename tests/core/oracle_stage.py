"""How far may the work go, if one walks from door to door with the standard's words in hand?

Slow and obvious, written from docs/policy.md alone. Stages are plain dictionaries, and a door is tried one at a time:
first whether one may leave the room, then whether one may enter the next.
"""

from __future__ import annotations


def doors(stages, priority, at, to, *, facts, artifacts, reason):
    """(may go, what was found lacking as "room part word", whether it goes back); None where there is no such way."""
    rooms = [room for room in stages if not room["priorities"] or priority in room["priorities"]]
    order = {room["name"]: number for number, room in enumerate(rooms)}
    if at not in order or to not in order:
        return None
    has_reason = reason.strip() != ""
    if order[to] <= order[at]:
        return has_reason, set(), True

    lacking = set()
    here = order[at]
    while here < order[to]:
        leaving, entering = rooms[here], rooms[here + 1]
        for word in leaving["exit"]:
            if word not in facts:
                lacking.add(f"{leaving['name']} exit {word}")
        for kind in leaving["artifacts"]:
            if f"{leaving['name']}/{kind}" not in artifacts:
                lacking.add(f"{leaving['name']} artifact {kind}")
        for word in entering["entry"]:
            if word not in facts:
                lacking.add(f"{entering['name']} entry {word}")
        here += 1
    if not lacking:
        return True, lacking, False
    if any(each.endswith(" verified") for each in lacking):
        return False, lacking, False
    return has_reason, lacking, False


def standing(stages, happenings):
    """The room one is in after these: ("priority", p) or ("enter", room), the first of them the opening."""
    room, last, priority = "", "", ""
    for what, value in happenings:
        rooms = [
            each["name"]
            for each in stages
            if not each["priorities"] or _of(what, value, priority) in each["priorities"]
        ]
        if what == "enter":
            if value in rooms:
                room = last = value
            continue
        priority = value
        if not rooms:
            room = ""
            continue
        every = [each["name"] for each in stages]
        room = rooms[0]
        if last:
            for name in every[: every.index(last) + 1]:
                if name in rooms:
                    room = name
        last = room
    return room


def _of(what, value, priority):
    return value if what == "priority" else priority
