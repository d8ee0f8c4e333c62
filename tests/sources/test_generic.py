"""Is the generic form read as docs/intake.md promises?"""

from __future__ import annotations

import pytest

from tocsin.sources.base import Unreadable
from tocsin.sources.generic import STATES, Generic


def read(**alert):
    return Generic().read({"alert_uid": "u", "title": "Mail is down", **alert})[0]


@pytest.mark.parametrize(("said", "meant"), STATES.items())
def test_every_documented_word_for_a_state_is_understood_in_any_case(said, meant):
    assert read(state=said).state == read(state=said.upper()).state == read(status=f" {said} ").state == meant


@pytest.mark.parametrize("said", ["no_data", "pending", "paused", 1, 0, False, [], {"state": "ok"}])
def test_an_unknown_state_neither_opens_nor_closes(said):
    assert read(state=said).state == "unknown"


def test_an_alert_that_says_no_state_fires():
    assert read().state == read(state=None).state == read(state="").state == "firing"


def test_problem_and_recovery_pair_by_alert_uid_though_the_title_changes():
    problem, recovery = read(state="alerting"), read(state="ok", title="Mail is back")

    assert problem.dedup_key == recovery.dedup_key == "u"


def test_without_alert_uid_they_pair_by_host_service_and_title():
    def key(**alert):
        return Generic().read({"title": "Slow", "host": "mx-1", "service": "Mail", **alert})[0].dedup_key

    assert key(state="alerting", message="9 s") == key(state="ok", message="1 s")
    assert len({key(), key(host="mx-2"), key(service="Web"), key(title="Down"), key(host="mx-1Mail", service="")}) == 5


def test_a_whole_number_is_as_good_a_uid_as_a_text():
    assert read(alert_uid=459).dedup_key == read(alert_uid="459").dedup_key == "459"


def test_one_and_many_read_the_same():
    one = {"alert_uid": "a", "title": "A is down"}

    assert Generic().read(one) == Generic().read([one]) == Generic().read({"alerts": [one]})


def test_fields_nobody_knows_are_kept_as_details():
    details = read(details={"job": 17, "message": "inner"}, site="Hamburg", tags=["a"]).details

    assert details == {"job": "17", "message": "inner", "site": "Hamburg", "tags": '["a"]'}


def test_an_alertmanager_body_sent_to_the_wrong_address_says_where_it_belongs():
    with pytest.raises(Unreadable, match="/in/alertmanager"):
        Generic().read({"alerts": [{"status": "firing", "labels": {"alertname": "A"}}]})


@pytest.mark.parametrize("body", [{"state": "ok"}, [{"severity": "critical"}], {"title": "  ", "message": None}])
def test_an_alert_that_says_nothing_is_unreadable(body):
    with pytest.raises(Unreadable, match='it has no "title", no "message" and no "alert_uid"'):
        Generic().read(body)
