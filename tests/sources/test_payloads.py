"""Does every body a sender is known to send read as it should?"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from tocsin.sources import SOURCES

PAYLOADS = Path(__file__).parent.parent / "payloads"
CASES = sorted(path for path in PAYLOADS.glob("*/*.json") if not path.name.endswith(".expected.json"))


def as_json(reading):
    fields = asdict(reading)
    for name in ("starts_at", "ends_at"):
        fields[name] = fields[name] and fields[name].isoformat()
    return fields


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_body_reads_as_expected(path):
    expected = json.loads(path.with_suffix(".expected.json").read_text("utf-8"))

    readings = SOURCES[path.parent.name].read(json.loads(path.read_text("utf-8")))

    assert [as_json(reading) for reading in readings] == expected


def test_every_source_has_bodies_and_every_expectation_its_body():
    expectations = {path.name.removesuffix(".expected.json") for path in PAYLOADS.glob("*/*.expected.json")}

    assert {path.parent.name for path in CASES} == set(SOURCES)
    assert expectations == {path.stem for path in CASES}
