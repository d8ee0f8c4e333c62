"""In which words is it told how the work went from stage to stage, what was left there, and what was approved?"""

from __future__ import annotations

from tocsin.core.stage import ARTIFACTS, FACTS
from tocsin.core.terms import Terms
from tocsin.desk.approved import ASSESSMENT
from tocsin.desk.names import Names
from tocsin.desk.said import BAD, GOOD, NEWS, Data, Said, details, said


def stage_entered(data: Data, names: Names, terms: Terms) -> Said:
    lacked = "; ".join(data.get("lacking", ()))
    without = f", although this was lacking: {lacked}" if lacked else ""
    return said(f"went to the stage {data['title']}{without}", NEWS, detail=details(("", data.get("reason"))))


def fact_stated(data: Data, names: Names, terms: Terms) -> Said:
    return said(f"put on record that {FACTS.get(data['fact'], data['fact'])}", NEWS, detail=data["said"])


def artifact_left(data: Data, names: Names, terms: Terms) -> Said:
    what = ARTIFACTS.get(data["artifact"], data["artifact"])
    stage = next((each.title for each in terms.stages if each.name == data["stage"]), data["stage"])
    return said(f"left {what} for {stage}: {data['where']}", detail=details(("", data.get("note"))))


def approval_asked(data: Data, names: Names, terms: Terms) -> Said:
    weighed = [(ASSESSMENT[name].lower(), said) for name, said in data["assessment"].items()]
    return said(f"asked for approval, {data['title']}: {data['what']}", NEWS, detail=details(*weighed))


def approval_given(data: Data, names: Names, terms: Terms) -> Said:
    return _decided("approved", GOOD, data, names, terms)


def approval_refused(data: Data, names: Names, terms: Terms) -> Said:
    return _decided("refused to approve", BAD, data, names, terms)


def _decided(verb: str, tone: str, data: Data, names: Names, terms: Terms) -> Said:
    role = terms.titles.get(data["role"], data["role"])
    who = f"put on record that {names(data['contact'])} {verb}" if "contact" in data else verb
    return said(f"{who}, {data['title']} (as {role})", tone, detail=details(("", data["comment"])))


def approval_withdrawn(data: Data, names: Names, terms: Terms) -> Said:
    return said(f"does not ask for {data['title']} any more")


def approval_acted_first(data: Data, names: Names, terms: Terms) -> Said:
    role = terms.titles.get(data["role"], data["role"])
    why = f"acted before it was approved, {data['title']} (as {role}): somebody looks at it afterwards"
    return said(why, BAD, detail=details(("", data["comment"])))


WORDS = {
    "stage_entered": stage_entered,
    "fact_stated": fact_stated,
    "artifact_left": artifact_left,
    "approval_asked": approval_asked,
    "approval_given": approval_given,
    "approval_refused": approval_refused,
    "approval_withdrawn": approval_withdrawn,
    "approval_acted_first": approval_acted_first,
}
