"""Does every kind of channel say itself what it needs, and come to life from the answers?"""

from __future__ import annotations

import pytest

from tocsin.channels import KINDS
from tocsin.channels.base import BadField
from tocsin.channels.email import Email
from tocsin.channels.pager import Pager
from tocsin.channels.terminal import Terminal

ANSWERS = {"host": "mail.msp.example", "sender": "desk@msp.example", "port": " 25 ", "tls": "none"}


def test_a_kind_is_registered_under_its_own_name():
    assert {name: kind.name for name, kind in KINDS.items()} == {
        "email": "email",
        "pager": "pager",
        "terminal": "terminal",
    }


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_a_kind_and_its_channel_describe_the_same_fields(kind):
    channel = kind.set_up(ANSWERS)

    assert (channel.name, channel.title, channel.fields) == (kind.name, kind.title, kind.fields)
    assert all(field.name and field.title for field in kind.fields)


def test_answers_become_a_channel_and_what_is_left_out_has_its_default():
    assert KINDS["email"].set_up(ANSWERS) == Email("mail.msp.example", 25, "desk@msp.example", tls="none")
    assert KINDS["email"].set_up({**ANSWERS, "port": "", "tls": ""}) == Email(
        "mail.msp.example", 587, "desk@msp.example", tls="starttls"
    )
    assert KINDS["terminal"].set_up({}) == Terminal()
    assert isinstance(KINDS["pager"].set_up({}), Pager)


def test_secrets_are_marked_as_such():
    assert [field.name for field in KINDS["email"].fields if field.secret] == ["password"]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"host": " "}, "host: Mail server is needed"),
        ({"sender": ""}, "sender: Sender is needed"),
        ({"port": "smtp"}, "port: 'smtp' is no port"),
        ({"port": "٢٥"}, "is no port"),
        ({"port": "9" * 5000}, "is no port"),
        ({"tls": "ssl"}, "tls: 'ssl' is none of starttls, tls, none"),
    ],
)
def test_a_bad_answer_is_named(wrong, says):
    with pytest.raises(BadField, match=says):
        KINDS["email"].set_up({**ANSWERS, **wrong})
