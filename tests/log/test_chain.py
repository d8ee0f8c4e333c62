"""Has every fact one exact text, and does each hold on to the one before?"""

import json
from datetime import UTC, date, datetime, timedelta, timezone
from hashlib import sha256

import pytest

from tocsin.log.chain import Draft, Unrecordable, chain, open_body

TEN = datetime(2026, 11, 20, 10, tzinfo=UTC)


def noted(at=TEN, **data):
    return Draft("noted", at, "person/1", data)


def test_the_first_hash_is_over_its_text_alone_and_each_later_one_over_the_hash_before_too():
    first, second = chain("ticket/17", 0, "", [noted(), noted()], recorded_at=TEN)

    assert first.hash == sha256(b"\n" + first.body.encode()).hexdigest()
    assert second.hash == sha256(first.hash.encode() + b"\n" + second.body.encode()).hexdigest()
    assert (first.seq, second.seq) == (1, 2)


def test_a_chain_goes_on_where_its_head_stands():
    whole = chain("ticket/17", 0, "", [noted(n=1), noted(n=2), noted(n=3)], recorded_at=TEN)

    rest = chain("ticket/17", whole[0].seq, whole[0].hash, [noted(n=2), noted(n=3)], recorded_at=TEN)

    assert rest == whole[1:]


def test_the_text_is_sorted_json_without_spaces_and_with_exact_instants():
    at = datetime(2026, 11, 20, 20, 30, 0, 5, tzinfo=timezone(timedelta(hours=11)))

    (entry,) = chain(
        "ticket/17",
        4,
        "",
        [Draft("waited", at, "person/1", {"until": at, "b": [1, None, True], "a": "Größe"}, key="wait@4")],
        recorded_at=TEN,
        client_id=3,
    )

    assert entry.body == (
        '{"actor":"person/1","client":3,"data":{"a":"Größe","b":[1,null,true],"until":"2026-11-20T09:30:00.000005Z"},'
        '"effective_at":"2026-11-20T09:30:00.000005Z","key":"wait@4","kind":"waited",'
        '"recorded_at":"2026-11-20T10:00:00.000000Z","seq":5,"stream":"ticket/17","v":1}'
    )
    assert open_body(entry.body) == json.loads(entry.body)
    assert entry.effective_at == at


def test_the_order_in_which_fields_were_given_makes_no_other_text():
    (one,) = chain("ticket/17", 0, "", [noted(a=1, b=2)], recorded_at=TEN)
    (other,) = chain("ticket/17", 0, "", [noted(b=2, a=1)], recorded_at=TEN)

    assert one == other


@pytest.mark.parametrize(
    "value",
    [0.5, [1, [2.0]], {"deep": {"er": 1.0}}, float("nan"), {1: "a number as name"}, b"bytes", {1, 2}, object()],
    ids=repr,
)
def test_what_has_no_single_exact_text_is_refused(value):
    with pytest.raises(Unrecordable):
        chain("ticket/17", 0, "", [noted(field=value)], recorded_at=TEN)


def test_a_date_goes_on_record_as_a_date():
    (entry,) = chain("client/1", 0, "", [noted(starts_on=date(2026, 7, 1))], recorded_at=TEN)

    assert open_body(entry.body)["data"] == {"starts_on": "2026-07-01"}


@pytest.mark.parametrize("draft", [noted(at=datetime(2026, 11, 20)), noted(until=datetime(2026, 11, 20))])  # noqa: DTZ001
def test_an_instant_without_a_zone_is_refused(draft):
    with pytest.raises(Unrecordable, match="no time zone"):
        chain("ticket/17", 0, "", [draft], recorded_at=TEN)


def test_half_a_character_is_refused_by_name():
    with pytest.raises(Unrecordable, match="half a character"):
        chain("ticket/17", 0, "", [noted(text="\ud83d")], recorded_at=TEN)
