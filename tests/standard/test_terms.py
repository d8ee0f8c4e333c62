"""Does everybody get what was agreed with them, and keep it?"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

import tocsin
from tocsin.core.hours import Calendar
from tocsin.directory import clients
from tocsin.directory.client import Service
from tocsin.directory.contract import Contract
from tocsin.standard.adopt import adopt
from tocsin.standard.terms import NothingAgreed, terms_for, terms_of, version_for

pytestmark = pytest.mark.django_db
TEN = datetime(2026, 7, 20, 10, tzinfo=UTC)
DAY = timedelta(days=1)
GUIDE = (Path(tocsin.__file__).parent / "policies" / "field-guide.toml").read_text()
OFFICE = Calendar("UTC", {day: [("09:00", "17:00")] for day in ("mon", "tue", "wed", "thu", "fri")})
LONGER = Calendar("UTC", {day: [("07:00", "19:00")] for day in ("mon", "tue", "wed", "thu", "fri")})


@dataclass
class Ticket:
    """As much of a ticket as its terms depend on."""

    client_id: int
    policy_version_id: int
    opened_at: datetime
    service: Service | None = None
    moves: str = "[]"

    @property
    def service_id(self):
        return self.service and self.service.pk


@pytest.fixture
def version():
    return adopt(GUIDE, by="test", now=TEN - 100 * DAY)


@pytest.fixture
def acme(version):
    client = clients.add("Acme", by="test", now=TEN - 90 * DAY)
    clients.sign(client, hours=OFFICE, starts_on=date(2026, 1, 1), by="test", now=TEN - 90 * DAY)
    return client


def opened(client, version, at, service=None):
    return Ticket(client.pk, version.pk, at, service)


def support(terms):
    return terms.calendars["support"]


def duration(terms, priority, clock="resolution"):
    return str(terms.clocks[clock].targets[priority][0])


def test_terms_are_the_standard_on_the_contracts_hours_and_name_the_version(acme, version):
    terms = terms_for(acme, at=TEN)

    assert (terms.policy, terms.version) == ("field-guide", "1")
    assert support(terms) == OFFICE


def test_terms_are_worked_out_once_and_looked_up_without_asking_the_database(acme, version, django_assert_num_queries):
    ticket = opened(acme, version, TEN)
    first = terms_of(ticket)

    with django_assert_num_queries(0):
        again = [terms_of(opened(acme, version, TEN - minutes * timedelta(minutes=1))) for minutes in range(500)]

    assert all(terms is first for terms in again)


def test_a_client_may_have_targets_of_its_own_and_a_service_of_its_own_again(acme, version):
    contract = Contract.objects.get(client=acme)
    crm = Service.objects.create(client=acme, name="CRM", slug="crm")
    mail = Service.objects.create(client=acme, name="Mail", slug="mail")
    clients.revise(
        contract,
        overrides={
            "targets": {"resolution": {"P2": "6h"}},
            "services": {"crm": {"targets": {"resolution": {"P2": "5h"}}}},
        },
        by="test",
        now=TEN - DAY,
    )

    assert duration(terms_for(acme, at=TEN), "P2") == "6h"
    assert duration(terms_for(acme, crm, at=TEN), "P2") == "5h"
    assert duration(terms_of(opened(acme, version, TEN, crm)), "P2") == "5h"
    assert terms_for(acme, mail, at=TEN) is terms_for(acme, at=TEN)


def test_a_service_that_the_standard_weighs_has_its_weight_assumed(acme, version):
    weighed = '[services.mail]\ntitle = "Mail"\nweight = "core"\n\n[matrix]\nweighed_by = "service"\n'
    newer = adopt(GUIDE.replace("[matrix]\n", weighed, 1), by="test", now=TEN - DAY)
    mail = Service.objects.create(client=acme, name="Mail", slug="mail")
    crm = Service.objects.create(client=acme, name="CRM", slug="crm")

    assert terms_for(acme, mail, newer, at=TEN).matrix.assumed()["service"] == "core"
    assert terms_for(acme, crm, newer, at=TEN) is terms_for(acme, None, newer, at=TEN)
    assert terms_for(acme, crm, newer, at=TEN).matrix.assumed()["service"] == "ordinary"
    assert terms_for(acme, mail, version, at=TEN) is terms_for(acme, None, version, at=TEN)


def test_a_ticket_keeps_the_version_it_was_opened_under(acme, version):
    changed = GUIDE.replace('default_priority = "P3"', 'default_priority = "P4"')
    newer = adopt(changed, by="test", now=TEN + DAY)

    assert version_for(acme, at=TEN + 2 * DAY) == newer
    assert version_for(acme, at=TEN) == version
    assert terms_of(opened(acme, version, TEN + 2 * DAY)).default_priority == "P3"
    assert terms_of(opened(acme, newer, TEN + 2 * DAY)).default_priority == "P4"


def test_a_revised_contract_moves_no_ticket_that_was_open_before(acme, version):
    old, new = opened(acme, version, TEN), opened(acme, version, TEN + 2 * DAY)
    before = terms_of(old)

    clients.revise(Contract.objects.get(client=acme), hours=LONGER, by="test", now=TEN + DAY)

    assert terms_of(old) is before
    assert support(terms_of(new)) == LONGER


def test_each_ticket_finds_the_revision_of_its_time_among_many(acme, version):
    contract = Contract.objects.get(client=acme)
    for day, hours in ((1, LONGER), (2, OFFICE), (3, LONGER)):
        clients.revise(contract, hours=hours, by="test", now=TEN + day * DAY)

    found = [support(terms_of(opened(acme, version, TEN + days * DAY))) for days in (0, 1, 1.5, 2, 3, 9)]

    assert found == [OFFICE, LONGER, LONGER, OFFICE, LONGER, LONGER]


def test_a_new_contract_holds_from_its_day_in_the_clients_own_zone(version):
    client = clients.add("Globex", zone="Australia/Sydney", by="test", now=TEN - 90 * DAY)
    clients.sign(client, hours=OFFICE, starts_on=date(2026, 1, 1), by="test", now=TEN - 90 * DAY)
    clients.sign(client, hours=LONGER, starts_on=date(2026, 7, 21), by="test", now=TEN - 80 * DAY)
    midnight_in_sydney = datetime(2026, 7, 20, 14, tzinfo=UTC)

    assert support(terms_of(opened(client, version, midnight_in_sydney - timedelta(seconds=1)))) == OFFICE
    assert support(terms_of(opened(client, version, midnight_in_sydney))) == LONGER


def test_what_is_older_than_the_first_contract_and_version_has_the_first(acme, version):
    long_ago = TEN - 3650 * DAY

    assert version_for(acme, at=long_ago) == version
    assert support(terms_for(acme, version=version, at=long_ago)) == OFFICE


def test_a_contract_saved_by_hand_holds_at_once(acme, version):
    ticket = opened(acme, version, TEN)
    terms_of(ticket)
    contract = Contract.objects.get(client=acme)

    contract.hours = LONGER.spec()
    contract.save()

    assert support(terms_of(ticket)) == LONGER


def test_what_another_process_changed_is_seen_by_what_is_opened_later(acme, version):
    future = datetime(2126, 1, 1, tzinfo=UTC)
    terms_of(opened(acme, version, TEN))
    terms_of(opened(acme, version, future))

    Contract.objects.filter(client=acme).update(hours=LONGER.spec(), revision=2)

    assert support(terms_of(opened(acme, version, future + DAY))) == LONGER


def test_a_client_without_a_contract_was_promised_nothing(version):
    client = clients.add("Initech", by="test", now=TEN)

    with pytest.raises(NothingAgreed, match="has no contract"):
        terms_for(client)


def test_a_contract_that_names_an_unknown_standard_says_which(acme):
    clients.revise(Contract.objects.get(client=acme), policy="homegrown", by="test", now=TEN)

    with pytest.raises(NothingAgreed, match="homegrown"):
        version_for(acme, at=TEN)
