"""Does an alert find its ticket, and leave alone what is not its own?"""

from __future__ import annotations

import pytest

from tocsin.core.grouping import OpenAlert, group
from tocsin.core.reading import AlertReading

STANDING = [OpenAlert("alertmanager", "disk", 41), OpenAlert("generic", "disk", 17), OpenAlert("generic", "mail", 18)]


def reading(state, key="disk"):
    return AlertReading(state, key, "Disk full")


@pytest.mark.parametrize(
    ("state", "act"),
    [("firing", "join"), ("acknowledged", "acknowledge"), ("resolved", "resolve"), ("unknown", "keep")],
)
def test_the_same_source_and_key_is_the_same_alert(state, act):
    found = group(reading(state), source="generic", standing=STANDING)

    assert (found.act, found.ticket) == (act, 17)


@pytest.mark.parametrize(
    ("state", "act"), [("firing", "open"), ("acknowledged", "keep"), ("resolved", "keep"), ("unknown", "keep")]
)
def test_only_a_firing_alert_opens_a_ticket(state, act):
    found = group(reading(state, "cpu"), source="generic", standing=STANDING)

    assert (found.act, found.ticket) == (act, None)
    assert found.reason


def test_the_same_key_from_another_source_is_another_alert():
    found = group(reading("firing", "mail"), source="alertmanager", standing=STANDING)

    assert (found.act, found.ticket) == ("open", None)


def test_the_oldest_ticket_counts_whatever_the_order():
    standing = [OpenAlert("generic", "disk", 60), *STANDING]

    tickets = {group(reading("firing"), source="generic", standing=rows).ticket for rows in (standing, standing[::-1])}

    assert tickets == {17}
