"""In which words is it told how the work went from stage to stage, and what was left there?"""

from __future__ import annotations

from tocsin.core.stage import ARTIFACTS, FACTS
from tocsin.core.terms import Terms
from tocsin.desk.names import Names
from tocsin.desk.said import NEWS, Data, Said, details, said


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


WORDS = {"stage_entered": stage_entered, "fact_stated": fact_stated, "artifact_left": artifact_left}
