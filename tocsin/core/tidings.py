"""In which words is a difference between two standards told?

Short enough for a list, in the terms of whoever runs the desk; what has no words of its own is told by what its key
means. docs/policy.md explains each key.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tocsin.core.explain import name_of
from tocsin.core.keys import KEYS

Content = Mapping[str, Any]
NOTHING = ("none", "at resolution", None)
SECTIONS = {
    "priorities": "priority",
    "kinds": "kind of ticket",
    "roles": "role",
    "levels": "level",
    "waits": "wait",
    "clocks": "clock",
    "ladders": "ladder",
    "messages": "message",
    "raises": "rule",
    "stages": "stage",
    "calendars": "calendar",
    "services": "service",
    "approvals": "approval",
    "decisions": "decision",
    "raci": "activity",
}
LONG = 60  # characters of a text that is shown whole


class Words:
    """The words for what differs between two documents."""

    def __init__(self, before: Content, after: Content) -> None:
        self.before = before
        self.after = after
        self.priorities = tuple(
            dict.fromkeys(
                name
                for content in (after, before)
                for section in ("priorities", "kinds")
                for name in _table(content.get(section))
            )
        )

    def of(self, path: tuple[str, ...], was: Any, now: Any) -> str:
        """The sentence for what stands at the path, without a full stop: None is nothing."""
        if path[-1] == "order":
            return f"{self._place(path[:-1])}: in the order {_listed(now)} instead of {_listed(was)}"
        say = getattr(self, f"_{path[0]}", None)
        said = say(path[1:], was, now) if say is not None and len(path) > 1 else None
        return said or self._plain(path, was, now)

    def title(self, name: str) -> str:
        """What people call a role, a level or a priority."""
        for content in (self.after, self.before):
            for section in ("roles", "levels"):
                title = _table(_table(content.get(section)).get(name)).get("title")
                if title:
                    return _lower(str(title))
        return name

    def rule(self, name: str, key: str) -> str:
        """What a rule that raises says at the key, by the newer document that has it."""
        for content in (self.after, self.before):
            if rule := _table(_table(content.get("raises")).get(name)):
                return str(rule.get(key, ""))
        return ""

    # -- clocks

    def _clocks(self, rest: tuple[str, ...], was: Any, now: Any) -> str | None:
        name = name_of(rest[0]).lower()
        if len(rest) == 1:
            targets = _table(_table(now or was).get("targets"))
            promised = ", ".join(f"{p} {target}" for p, target in targets.items() if target not in NOTHING)
            return f"{'new' if was is None else 'no more'} clock {name}" + (f": {promised}" if promised else "")
        if rest[1] == "targets" and len(rest) == 3:
            return self._target(f"{rest[2]} {name}", was, now)
        if rest[1] == "paused_by":
            return self._pauses(name, was or [], now or [])
        if rest[1] == "met_by":
            return _changed(f"what meets the {name} clock", was, now)
        if rest[1] == "thresholds" and len(rest) >= 3:
            return self._threshold(name, rest, was, now)
        if rest[1] == "repeats":
            return f"meeting the {name} clock {'begins the next lap' if now else 'ends it'}"
        if rest[1] == "kind":
            return f"{name} is a {now or 'target'} instead of a {was or 'target'}"
        return None

    def _target(self, what: str, was: Any, now: Any) -> str:
        if was in NOTHING and now in NOTHING:
            return f"{what}: {now or 'left out'} instead of {was or 'left out'}, which both promise nothing"
        if was in NOTHING:
            return f"{what} {now}: nothing was promised"
        if now in NOTHING:
            return f"{what}: nothing is promised any more, it was {was}"
        return f"{what} {was} → {now}"

    def _pauses(self, name: str, was: Any, now: Any) -> str | None:
        if not isinstance(was, list) or not isinstance(now, list):
            return None
        stops = [self._wait(each) for each in now if each not in was]
        goes = [self._wait(each) for each in was if each not in now]
        said = [f"{' and '.join(stops)} now stops the {name} clock"] if stops else []
        said += [f"{' and '.join(goes)} stops the {name} clock no more"] if goes else []
        return ", ".join(said) or None

    def _wait(self, name: str) -> str:
        for content in (self.after, self.before):
            if title := _table(_table(content.get("waits")).get(name)).get("title"):
                return _lower(str(title))
        return f"waiting for {name}"

    def _threshold(self, name: str, rest: tuple[str, ...], was: Any, now: Any) -> str | None:
        at = f"at {rest[2]} % of the {name} time"
        if rest[2] == "100":
            at = f"when the {name} promise is broken"
        if len(rest) == 3:
            given = _table(now or was)
            told = f"{self.title(str(given.get('tell')))} is told" + (
                f" and it goes to {given['escalate']}" if given.get("escalate") else ""
            )
            return f"{at} {told}" if was is None else f"{at} nobody is told any more (it was: {told})"
        if rest[3] == "tell":
            return f"{at} {self.title(str(now))} is told instead of {self.title(str(was))}"
        if rest[3] == "escalate":
            return f"{at} it goes to {now or 'nobody'} instead of {was or 'nobody'}"
        return None

    # -- rules that raise

    def _raises(self, rest: tuple[str, ...], was: Any, now: Any) -> str | None:
        name = rest[0]
        if len(rest) == 1:
            given = _table(now or was)
            raises = f"{given.get('from')} to {given.get('to')} after {given.get('after')}"
            return f"new rule raises {raises}" if was is None else f"no rule raises {raises} any more"
        frm, to = self.rule(name, "from"), self.rule(name, "to")
        if rest[1] == "after":
            return f"the rule {name} raises {frm} to {to} after {now} instead of {was}"
        if rest[1] == "to":
            return f"the rule {name} raises {frm} to {now} instead of {was}"
        return f"the rule {name} raises {now} instead of {was} to {to}"

    # -- ladders

    def _ladders(self, rest: tuple[str, ...], was: Any, now: Any) -> str | None:
        ladder = f"the {rest[0]} ladder"
        if len(rest) == 1:
            steps = ", ".join(self.title(str(step.get("to"))) for step in _tables(_table(now or was).get("steps")))
            return f"{'new' if was is None else 'no more'} {rest[0]} ladder: {steps}"
        if rest[1] == "owner":
            return f"{ladder} tells {self.title(str(now))} when it has run out, instead of {self.title(str(was))}"
        if rest[1] == "paused_by":
            return self._holds(ladder, was or [], now or [])
        if rest[1] != "steps" or len(rest) < 3:
            return None
        return self._step(ladder, rest[0], rest[2:], was, now)

    def _holds(self, ladder: str, was: Any, now: Any) -> str | None:
        if not isinstance(was, list) or not isinstance(now, list):
            return None
        said = [f"{self._wait(each)} now holds {ladder}" for each in now if each not in was]
        said += [f"{self._wait(each)} holds {ladder} no more" for each in was if each not in now]
        return ", ".join(said) or None

    def _step(self, ladder: str, name: str, rest: tuple[str, ...], was: Any, now: Any) -> str | None:
        whom = self._whom(name, rest[0])
        if len(rest) == 1:
            given = _table(now or was)
            after = ", ".join(f"{time} ({priority})" for priority, time in _table(given.get("after")).items())
            whom = self.title(str(given.get("to")))
            return f"{ladder} asks the {whom} {f'after {after}' if was is None else f'no more (it was after {after})'}"
        what, priority = rest[1], rest[2] if len(rest) == 3 else ""
        if what == "after" and priority:
            if was is None:
                return f"{ladder} asks the {whom} after {now} ({priority}): it did not for {priority}"
            if now is None:
                return f"{ladder} asks the {whom} no more for {priority}: it did after {was}"
            return f"{ladder} asks the {whom} after {now} instead of {was} ({priority})"
        if what in ("accept", "within") and priority:
            does = "accepts within" if what == "accept" else "has for what is asked"
            return f"{ladder}: the {whom} {does} {now or 'no time of its own'} instead of {was or 'none'} ({priority})"
        if what == "to":
            return f"{ladder} asks the {self.title(str(now))} instead of the {self.title(str(was))} (step {rest[0]})"
        if what == "by":
            return f"{ladder} tells the {whom} by {_listed(now)} instead of {_listed(was)}"
        if what == "act":
            return f"{ladder} {'now asks' if now else 'no longer asks'} the {whom} to record what was done"
        return None

    def _whom(self, ladder: str, step: str) -> str:
        for content in (self.after, self.before):
            for each in _tables(_table(_table(content.get("ladders")).get(ladder)).get("steps")):
                if each.get("name") == step:
                    return self.title(str(each.get("to")))
        return step

    # -- the rest

    def _priorities(self, rest: tuple[str, ...], was: Any, now: Any) -> str | None:
        if len(rest) == 2 and rest[1] == "calendar":
            return f"{rest[0]} counts {_hours(now)} instead of {_hours(was)}"
        return None

    def _rules(self, rest: tuple[str, ...], was: Any, now: Any) -> str | None:
        if rest[0] == "acknowledgement_lasts" and len(rest) == 2:
            return self._target(f"{rest[1]}: an acknowledged page stays quiet", was, now)
        return None

    def _agreed(self, rest: tuple[str, ...], was: Any, now: Any) -> str | None:
        return f"agreed with the client, {_key(rest[0])}: {_said(was)} → {_said(now)}"

    def _plain(self, path: tuple[str, ...], was: Any, now: Any) -> str:
        if len(path) == 2 and path[0] in SECTIONS and (was is None or now is None):
            given = was if now is None else now
            title = given.get("title") if isinstance(given, Mapping) else None
            named = f"{path[1]} ({title})" if title and title != path[1] else path[1]
            return f"{'new' if was is None else 'no more'} {SECTIONS[path[0]]} {named}"
        what = f"{self._place(path[:-1])}: {_meaning(path)}"
        if was is None:
            return f"{what} is now {_said(now)}"
        if now is None:
            return f"{what} is not said any more, it was {_said(was)}"
        return _changed(what, was, now)

    def _place(self, path: tuple[str, ...]) -> str:
        if not path:
            return "the standard"
        if len(path) == 1:
            return path[0]
        return " ".join((f"{SECTIONS.get(path[0], path[0])} {path[1]}", *path[2:]))


def _meaning(path: tuple[str, ...]) -> str:
    """What the last key of the path means, as docs/policy.md has it."""
    for section, keys in KEYS.items():
        parts = section.replace("[]", ".*").split(".") if section else []
        fits = len(parts) == len(path) - 1 and all(is_ in ("*", said) for is_, said in zip(parts, path, strict=False))
        if fits and path[-1] in keys:
            return keys[path[-1]].says
    return _key(path[-1])


def _changed(what: str, was: Any, now: Any) -> str:
    if isinstance(was, list) and isinstance(now, list):
        more, less = [each for each in now if each not in was], [each for each in was if each not in now]
        said = [f"now also {_listed(more)}"] if more else []
        said += [f"no more {_listed(less)}"] if less else []
        return f"{what}: {', '.join(said) or f'in the order {_listed(now)}'}"
    return f"{what}: {_said(was)} → {_said(now)}"


def _said(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return _listed(value)
    if isinstance(value, Mapping):
        return ", ".join(f"{_key(str(key))} {_said(each)}" for key, each in value.items()) or "nothing"
    text = " ".join(str(value).split())
    return text if len(text) <= LONG else f"“{text[: LONG - 1].rstrip()}…”"


def _listed(values: Any) -> str:
    if not isinstance(values, list):
        return _said(values)
    return ", ".join(_said(each) for each in values) or "nothing"


def _hours(calendar: Any) -> str:
    return "round the clock" if calendar == "always" else f"on {calendar} hours"


def _table(value: Any) -> Content:
    return value if isinstance(value, Mapping) else {}


def _tables(value: Any) -> list[Content]:
    return [_table(each) for each in value] if isinstance(value, list) else []


def _key(key: str) -> str:
    return key.replace("_", " ")


def _lower(text: str) -> str:
    return text if text[1:2].isupper() or text[1:2].isdigit() else text[:1].lower() + text[1:]
