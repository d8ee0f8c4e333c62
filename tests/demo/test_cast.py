"""Who is on call at the demo's desk, whenever it is begun?"""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from tocsin.core.policy import OFFICE
from tocsin.demo import cast, fortnight
from tocsin.demo.faults import CRITICAL, HIGH, LOW, MEDIUM
from tocsin.directory.access import may_write, visible
from tocsin.directory.client import Client
from tocsin.directory.holders import holders
from tocsin.standard import presets

pytestmark = pytest.mark.django_db


def test_beside_the_ten_an_auditor_looks_on_and_a_contractor_sees_two_clients():
    for firm in cast.FIRMS:
        cast.client(firm, now=datetime(2026, 11, 23, tzinfo=UTC))

    auditor, contractor = cast.guests()

    assert len(cast.STAFF) == 10
    assert not may_write(auditor) and visible(Client.objects.all(), to=auditor).count() == 5
    assert may_write(contractor)
    assert [client.name for client in visible(Client.objects.order_by("name"), to=contractor)] == [
        "Harbour & Lane Law", "Northgate Dental",
    ]  # fmt: skip
    assert cast.post(auditor) == "Nadia Roth, auditor, reads everything and changes nothing"


def test_whatever_chance_has_it_every_plot_finds_a_client_to_happen_at():
    stage, _ = fortnight._set_up(datetime(2026, 11, 23, 10, tzinfo=UTC))

    for seed in range(100):
        for faults in (CRITICAL, HIGH, MEDIUM, LOW):
            assert fortnight._case(stage, faults, Random(seed)).service is not None
        by_age = fortnight._case(stage, HIGH, Random(seed), by_age=True)
        assert by_age.place.firm.standard in ("field-guide", "operating-standard")


def test_whoever_a_standard_tells_is_somebody_and_has_a_backup():
    """Pages have theirs in the page path itself, which goes on to the next."""
    now = datetime(2026, 11, 23, 10, tzinfo=UTC)
    cast.take_turns(cast.staff(), at=now, now=now - timedelta(days=15))

    for name in presets.NAMES:
        policy = presets.read(name)
        terms = policy.terms(hours=OFFICE)
        steps = [step.to for ladder in terms.ladders.values() for step in ladder.steps]
        told = {*steps, *(each.tell for each in terms.thresholds), *policy.levels, *terms.update_misses_told}
        told |= {role for each in terms.practice.approvals.values() for role in (*each.by, *each.delegates)}
        ours = told - set(terms.client_roles) - {"owner"} - {role for _, role, *_ in cast.ROSTERS}
        assert [role for role in sorted(ours) if len(holders(role, None, at=now)) < 2] == []


@pytest.mark.parametrize(
    "begun",
    [
        datetime(2026, 11, 23, 8, 59, tzinfo=UTC),
        datetime(2026, 11, 23, 9, tzinfo=UTC),
        datetime(2026, 11, 29, 23, tzinfo=UTC),
        datetime(2027, 4, 5, 8, tzinfo=UTC),  # 09:00 in London, a week after the clocks went forward
    ],
)
def test_tara_is_paged_first_then_sam_then_mona_and_a_week_later_the_next(begun):
    cast.take_turns(cast.staff(), at=begun, now=begun - timedelta(days=15))

    def on_duty(at):
        roles = ("on-call-primary", "on-call-secondary", "on-call-manager")
        return [holders(role, None, at=at)[0].name.split()[0] for role in roles]

    assert on_duty(begun) == ["Tara", "Sam", "Mona"]
    assert on_duty(begun + timedelta(weeks=1)) == ["Sam", "Tom", "Olga"]
