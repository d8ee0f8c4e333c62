"""What does the UCI 498 log say, read without Tocsin?

    python tests/imports/oracle_uci498.py FILE [--json]

Prints, per priority an incident had last, how many there are and how long they took from opening to solving (elapsed
hours: median, and the 90th percentile by nearest rank), once by the log's state (the row in which the incident became
Resolved, or was closed live) and once by the resolved_at column; then what happened how often. Shares no code with
Tocsin and takes other roads on purpose: states as a string of letters, searched with patterns.
"""

import csv
import gzip
import json
import re
import sys
from datetime import datetime
from itertools import pairwise
from statistics import median

LETTER = {
    "New": "n",
    "Active": "a",
    "Awaiting User Info": "U",
    "Awaiting Vendor": "V",
    "Awaiting Problem": "P",
    "Awaiting Evidence": "E",
    "Resolved": "R",
    "Closed": "C",
    "-100": "-",
}


def when(text):
    date, time = text.split(" ")
    day, month, year = date.split("/")
    hour, minute = time.split(":")
    return datetime(int(year), int(month), int(day), int(hour), int(minute))  # noqa: DTZ001  # one zone throughout


def percentile_90(values):
    values = sorted(values)
    return next(value for place, value in enumerate(values, 1) if place * 10 >= len(values) * 9)


def elapsed(hours):
    return {
        "count": len(hours),
        "median_hours": round(median(hours), 4) if hours else None,
        "p90_hours": round(percentile_90(hours), 4) if hours else None,
    }


def read(path):
    opener = gzip.open if path.endswith(".gz") else open
    by_number = {}
    with opener(path, "rt", newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            by_number.setdefault(row["number"], []).append(row)
    for rows in by_number.values():
        rows.sort(key=lambda row: when(row["sys_updated_at"]))
    return by_number


def solved_in_row(letters):
    """The place of the row that solved the incident for good: where the last run of R began, or a C after no R."""
    letters = re.sub(r"-+", lambda gap: (letters[gap.start() - 1] if gap.start() else "n") * len(gap[0]), letters)
    ending = re.search(r"(R+C*|C+)$", letters)
    return ending.start() if ending else None


def figures(by_number):
    counts = dict.fromkeys(
        ["incidents", "rows", "closed", "priority_changes", "raises", "downgrades", "waited_client", "waited_vendor",
         "waited_problem", "waited_evidence", "reopened_from_resolved", "reopened_from_closed", "waiting_to_resolved",
         "born_waiting", "born_resolved", "closed_while_live", "hidden_states", "reassigned_rows", "group_changes"], 0
    )  # fmt: skip
    by_state, by_column = {}, {}
    for rows in by_number.values():
        letters = "".join(LETTER[row["incident_state"]] for row in rows)
        priorities = [int(row["priority"][0]) for row in rows]
        counts["incidents"] += 1
        counts["rows"] += len(rows)
        counts["closed"] += letters.endswith("C")
        counts["raises"] += sum(later < earlier for earlier, later in pairwise(priorities))
        counts["downgrades"] += sum(later > earlier for earlier, later in pairwise(priorities))
        for letter, party in zip("UVPE", ("client", "vendor", "problem", "evidence"), strict=True):
            counts[f"waited_{party}"] += letter in letters
        counts["reopened_from_resolved"] += len(re.findall(r"R(?=[naUVPE])", letters))
        counts["reopened_from_closed"] += len(re.findall(r"C(?=[naUVPE])", letters))
        counts["waiting_to_resolved"] += len(re.findall(r"[UVPE]-*(?=R)", letters))
        counts["closed_while_live"] += len(re.findall(r"[naUVPE]-*(?=C)", letters))
        counts["born_waiting"] += letters[0] in "UVPE"
        counts["born_resolved"] += letters[0] == "R"
        counts["hidden_states"] += letters.count("-")
        for earlier, later in pairwise(rows):
            group = earlier["assignment_group"] != later["assignment_group"]
            counts["group_changes"] += group
            counts["reassigned_rows"] += group or earlier["assigned_to"] != later["assigned_to"]

        priority, opened = f"P{priorities[-1]}", when(rows[0]["opened_at"])
        by_state.setdefault(priority, [])
        by_column.setdefault(priority, [])
        place = solved_in_row(letters)
        if place is not None:
            took = (when(rows[place]["sys_updated_at"]) - opened).total_seconds() / 3600
            by_state[priority].append(took)
        if rows[-1]["resolved_at"] != "?":
            by_column[priority].append((when(rows[-1]["resolved_at"]) - opened).total_seconds() / 3600)
    counts["priority_changes"] = counts["raises"] + counts["downgrades"]
    return {
        "counts": counts,
        "open_to_solved_by_state": {priority: elapsed(by_state[priority]) for priority in sorted(by_state)},
        "open_to_resolved_at": {priority: elapsed(by_column[priority]) for priority in sorted(by_column)},
    }


def main(path, *options):
    found = figures(read(path))
    if "--json" in options:
        print(json.dumps(found, indent=1))
        return
    for name in ("open_to_solved_by_state", "open_to_resolved_at"):
        print(f"{name}\n{'':4}{'count':>8}{'median h':>10}{'p90 h':>10}")
        for priority, line in found[name].items():
            cells = ("-" if cell is None else f"{cell:.1f}" for cell in (line["median_hours"], line["p90_hours"]))
            print(f"{priority:4}{line['count']:8}" + "".join(f"{cell:>10}" for cell in cells))
        print()
    for name, count in found["counts"].items():
        print(f"{count:8} {name.replace('_', ' ')}")


if __name__ == "__main__":
    main(*sys.argv[1:])
