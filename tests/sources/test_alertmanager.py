"""Is Alertmanager understood as it means it?"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tocsin.sources.alertmanager import Alertmanager, fingerprint
from tocsin.sources.base import Unreadable

INSTANCE_DOWN = {
    "alertname": "InstanceDown",
    "code": "200",
    "instance": "127.0.0.1:9090",
    "job": "prometheus",
    "monitor": "codelab-monitor",
    "severity": "critical",
}


def read(**alert):
    return Alertmanager().read({"version": "4", "status": "firing", "alerts": [{"status": "firing", **alert}]})[0]


def test_each_alert_has_its_own_state_whatever_the_group_says():
    body = {"status": "firing", "alerts": [{"status": "resolved", "labels": {"alertname": "A"}}]}

    assert [reading.state for reading in Alertmanager().read(body)] == ["resolved"]


def test_the_fingerprint_is_the_one_alertmanager_computes():
    assert fingerprint(INSTANCE_DOWN) == "791cec13fcba0368"
    assert fingerprint({**INSTANCE_DOWN, "instance": "localhost:9090"}) == "8df98227bdd81384"
    assert fingerprint({}) == "cbf29ce484222325"


def test_an_alert_without_a_fingerprint_pairs_with_its_recovery_by_its_labels():
    problem = read(labels=INSTANCE_DOWN, annotations={"value": "0"})
    recovery = read(labels=dict(reversed(INSTANCE_DOWN.items())), annotations={"value": "1"}, status="resolved")

    assert problem.dedup_key == recovery.dedup_key == "791cec13fcba0368"


def test_an_alert_without_labels_pairs_by_its_rule_and_else_by_what_it_says():
    rule = {"labels": {}, "generatorURL": "http://prometheus.acme.example/graph?g0.expr=up"}

    assert read(**rule).dedup_key == read(**rule, status="resolved", annotations={"summary": "x"}).dedup_key
    assert read(annotations={"summary": "x"}).dedup_key != read(annotations={"summary": "y"}).dedup_key


def test_no_severity_is_none_so_that_the_default_can_apply():
    assert read(labels={"alertname": "A"}).severity is None
    assert read(labels={"alertname": "A", "severity": "  "}).severity is None


@pytest.mark.parametrize(
    ("said", "meant"), [("Critical", "critical"), ("WARN", "warning"), ("crit", "critical"), ("page", "page")]
)
def test_severity_is_the_senders_word_in_lower_case(said, meant):
    assert read(labels={"severity": said}).severity == meant


def test_an_end_in_the_year_one_means_not_ended():
    assert read(labels={"a": "b"}, status="resolved", endsAt="0001-01-01T00:00:00Z").ends_at is None


def test_an_end_foretold_on_a_firing_alert_is_not_an_end():
    assert read(labels={"a": "b"}, endsAt="2026-11-21T10:05:00Z").ends_at is None


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("2020-08-08T14:32:08.326990857Z", datetime(2020, 8, 8, 14, 32, 8, 326990, tzinfo=UTC)),
        ("2021-10-12T09:51:03.157076+02:00", datetime(2021, 10, 12, 7, 51, 3, 157076, tzinfo=UTC)),
        ("2015-07-17T08:42:58.315+0000", datetime(2015, 7, 17, 8, 42, 58, 315000, tzinfo=UTC)),
        ("2020-07-09t14:04:49.99645z", datetime(2020, 7, 9, 14, 4, 49, 996450, tzinfo=UTC)),
        ("2026-09-16 12:00:00", datetime(2026, 9, 16, 12, tzinfo=UTC)),
        (1742391675.556, datetime(2025, 3, 19, 13, 41, 15, 556000, tzinfo=UTC)),
        (1742391675556, datetime(2025, 3, 19, 13, 41, 15, 556000, tzinfo=UTC)),
        ("0001-01-01T00:00:00Z", None),
        ("9999-12-31T23:59:59-23:59", None),
        ("2026-02-30T00:00:00Z", None),
        ("2026-11-21T10:00:00+99:00", None),
        ("٢٠٢٦-11-21T10:00:00Z", None),
        ("now", None),
        (True, None),
        (float("nan"), None),
        (float("inf"), None),
        (10**400, None),
        (-5, None),
        ([], None),
    ],
)
def test_times_are_read_to_the_microsecond_or_not_at_all(said, meant):
    assert read(labels={"a": "b"}, startsAt=said).starts_at == meant


def test_the_summary_falls_back_on_the_alerts_name_and_host():
    assert read(labels={"alertname": "DiskFull", "instance": "db-1:9100"}).summary == "DiskFull on db-1:9100"
    assert read(labels={"alertname": "DiskFull"}).summary == "DiskFull"
    assert read(labels={}).summary == "An alert without a name"


def test_a_node_is_a_better_host_than_the_exporter_that_speaks_of_it():
    labels = {
        "alertname": "KubeNodeNotReady",
        "instance": "10.2.0.7:8080",
        "node": "worker-3",
        "job": "kube-state-metrics",
    }

    assert read(labels=labels).host == "worker-3"


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "ftp://x.example", "http://a b", 'http://x.example/"><b>', "http://" + "x" * 2000, 7],
)
def test_only_a_web_address_becomes_a_link(address):
    assert read(labels={"a": "b"}, generatorURL=address).link == ""


def test_more_details_than_are_kept_are_counted():
    details = read(labels={f"label{n:03}": "x" for n in range(100)}, annotations={"none": ""}).details

    assert len(details) == 60
    assert details["(not kept)"] == "41 more; the body as it was received has them"


def test_alerts_that_alertmanager_itself_left_out_are_told():
    body = {"alerts": [{"status": "firing", "labels": {"a": "b"}}], "truncatedAlerts": 12}

    details = Alertmanager().read(body)[0].details

    assert details["truncatedAlerts"] == "12 more alerts of this group were not sent (max_alerts)"


def test_a_body_of_another_kind_says_what_was_expected():
    with pytest.raises(Unreadable, match="An Alertmanager body is an object; this is a list"):
        Alertmanager().read([])
    with pytest.raises(Unreadable, match='no list "alerts"'):
        Alertmanager().read({"title": "Down"})
