"""Which target applies, when a contract says something else than the standard? (semantics 2)"""

from __future__ import annotations

import pytest

from tests.core.standards import SMALL, broken
from tocsin.core.duration import Duration
from tocsin.core.hours import Calendar
from tocsin.core.policy import BadPolicy, Choice, Terms, load

HOURS = Calendar("Australia/Sydney", {day: [("07:00", "18:00")] for day in ("mon", "tue", "wed", "thu", "fri")})


def terms(text: str = SMALL, **agreed: object) -> Terms:
    return load(text).terms(**({"hours": HOURS} | agreed))  # type: ignore[arg-type]


BOTH = {
    "targets": {"resolution": {"P1": "3h"}},
    "services": {"crm": {"targets": {"resolution": {"P1": "2h"}}}},
}


def test_what_a_contract_says_for_a_service_wins_over_the_client_and_both_over_the_standard():
    agreed = terms(overrides=BOTH, service="crm")

    assert agreed.clocks["resolution"].targets["P1"] == (Duration(2, "h"), Calendar.always("Australia/Sydney"))
    assert (
        Choice(
            "resolution",
            "P1",
            "contract, for crm: 2h on always",
            ("client: 3h on always", "standard small 1: 4h on always"),
        )
        in agreed.choices
    )


@pytest.mark.parametrize("service", [None, "erp"])
def test_a_service_of_its_own_terms_lends_them_to_no_other(service):
    agreed = terms(overrides=BOTH, service=service)

    assert Choice("resolution", "P1", "client: 3h on always", ("standard small 1: 4h on always",)) in agreed.choices


def test_the_order_of_rows_never_matters():
    turned = {
        "services": {"erp": {"targets": {}}, "crm": {"targets": {"resolution": {"P1": "2h"}}}},
        "targets": {"resolution": {"P1": "3h"}},
    }

    assert terms(overrides=turned, service="crm").choices == terms(overrides=BOTH, service="crm").choices


def test_a_client_may_be_promised_what_the_standard_does_not():
    standard = broken((', P2 = "5bd"', ""))

    agreed = terms(standard, overrides={"targets": {"resolution": {"P2": "9h"}}})

    assert agreed.clocks["resolution"].targets["P2"] == (Duration(9, "h"), HOURS)


def test_a_client_may_be_promised_nothing():
    agreed = terms(overrides={"targets": {"resolution": {"P1": "none"}}})

    assert agreed.clocks["resolution"].targets["P1"] is None
    assert Choice("resolution", "P1", "client: none", ("standard small 1: 4h on always",)) in agreed.choices


@pytest.mark.parametrize(
    ("overrides", "sentence"),
    [
        (
            {"targets": {"resolution": {"P1": ""}}},
            "overrides: targets.resolution.P1: This is blank: say it, or leave the key out.",
        ),
        (
            {"services": {"": {"targets": {}}}},
            "overrides: services.: A name is missing here: a blank never means all.",
        ),
        (
            {"targets": {"resoluton": {"P1": "3h"}}},
            "overrides: targets.resoluton: The clock 'resoluton' is not declared: did you mean 'resolution'?",
        ),
        (
            {"targets": {"resolution": {"P9": "3h"}}},
            "overrides: targets.resolution.P9: The priority 'P9' is not declared: it is one of P1, P2.",
        ),
        (
            {"target": {}},
            "overrides: target: There is no such key here: did you mean 'targets'?",
        ),
        (
            {"targets": {"resolution": "3h"}},
            "overrides: targets.resolution: This is a text, not a table.",
        ),
        (
            {"targets": {"resolution": {"P1": 3}}},
            "overrides: targets.resolution.P1: This is a number, not a text in quotes.",
        ),
        (
            {"services": {"erp": {"targets": {"resolution": {"P1": "0h"}}}}},
            "overrides: services.erp.targets.resolution.P1: "
            "The target is 0h: a target is above zero; write none to promise nothing.",
        ),
        (
            {"targets": {"resolution": {"P1": "3bd"}}},
            "overrides: targets.resolution.P1: "
            "3bd counts business days and always never closes: write 72h, or 3bd on support.",
        ),
        (["P1"], "overrides: These are no table but ['P1']."),
    ],
)
def test_a_mistake_in_what_a_contract_says_is_named_even_for_a_service_not_asked_for(overrides, sentence):
    with pytest.raises(BadPolicy) as error:
        terms(overrides=overrides)

    assert str(error.value) == sentence


def test_the_line_stops_for_what_qualifies_for_the_most_severe_priority_unless_said():
    qualifies = SMALL.replace("[priorities.P1]\n", '[priorities.P1]\ncriteria = ["All is down"]\n', 1)
    said = qualifies.replace("[rules]\n", '[rules]\nline_stops_when = ["It burns"]\n', 1)

    assert terms(qualifies).line_stops_when == ("All is down",)
    assert terms(said).line_stops_when == ("It burns",)


def test_a_standard_may_name_the_bridge_that_is_opened_when_the_line_is_stopped():
    def with_bridge(bridge: str) -> str:
        return SMALL.replace("[rules]\n", f'[rules]\nbridge = "{bridge}"\n', 1)

    assert terms(SMALL).bridge == ""
    assert terms(with_bridge("  +61 2 5550 0111,  code 7 ")).bridge == "+61 2 5550 0111, code 7"
    with pytest.raises(BadPolicy, match=r"This is 501 characters long; 500 fit\."):
        terms(with_bridge("x" * 501))
    with pytest.raises(BadPolicy, match=r"This is blank: say it, or leave the key out\."):
        terms(with_bridge(" "))


def test_whose_people_may_stop_the_line_stands_on_the_contract_and_names_roles_of_the_client():
    clients = SMALL.replace("[roles]\n", '[roles]\nit-manager = { title = "IT manager", side = "client" }\n', 1)

    assert terms(clients).line_stopped_by == ()
    assert terms(clients, overrides={"line_stopped_by": ["it-manager"]}).line_stopped_by == ("it-manager",)
    with pytest.raises(BadPolicy, match="'boss' is no role of the client"):
        terms(clients, overrides={"line_stopped_by": ["boss"]})
