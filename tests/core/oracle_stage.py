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
    """The room one is in after these: ("priority", p), ("enter", room), ("solved", ""), ("reopened", ""); the first
    is the opening's priority."""
    room, been, priority = "", [], ""
    for what, value in happenings:
        if what == "priority":
            priority = value
        rooms = [each for each in stages if not each["priorities"] or priority in each["priorities"]]
        names = [each["name"] for each in rooms]
        done = [each["name"] for each in rooms if each.get("status") == "resolved"]
        before = room
        if what == "enter" and value in names:
            room = value
            been.append(value)
            continue
        if what == "priority":
            room = ""
            if names:
                room = names[0]
                for each in stages:
                    if each["name"] in names and been and _not_after(stages, each["name"], been[-1]):
                        room = each["name"]
        if what == "solved" and room and room not in done:
            for name in names[names.index(room) :]:
                if name in done:
                    room = name
                    break
        if what == "reopened" and room in done:
            room = names[0]
            for name in been:
                if name in names and name not in done:
                    room = name
        if room and room != before:
            been.append(room)
    return room


def _not_after(stages, name, other):
    names = [each["name"] for each in stages]
    return names.index(name) <= names.index(other)
