"""Does a letter reach a real mail server once, and is every other outcome told apart?"""

from __future__ import annotations

import time
from dataclasses import replace
from email import message_from_bytes, policy
from email.utils import parsedate_to_datetime
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.channels.base import DUPLICATE_NOTE, BadField, Letter, Refused, Uncertain, Unreachable
from tocsin.channels.email import Email

PAGE = Letter(
    to="ann@msp.example",
    subject="[P1] [Acme] - [Mail is down] - OUTAGE",
    text="Mail is down since 09:00.\n\nWhy you: team lead, 15 min after the incident was opened.",
    key="ticket/17/step/management@1/team-lead/ann",
)
ODD_TEXT = st.text(st.characters(codec=None, exclude_categories=()), max_size=60)


def received(inbox):
    return [message_from_bytes(envelope.content, policy=policy.default) for envelope in inbox.envelopes]


def test_a_letter_is_delivered_with_its_text_and_its_headers(mail_server, to_port):
    inbox, port = mail_server()

    receipt = to_port(port, reply_to="replies@msp.example").send(PAGE)

    (mail,) = received(inbox)
    assert (inbox.envelopes[0].mail_from, inbox.envelopes[0].rcpt_tos) == ("desk@msp.example", ["ann@msp.example"])
    assert mail["From"] == "Tocsin <desk@msp.example>"
    assert mail["To"] == "ann@msp.example"
    assert mail["Reply-To"] == "replies@msp.example"
    assert mail["Subject"] == PAGE.subject
    assert mail["Auto-Submitted"] == "auto-generated"
    assert abs(parsedate_to_datetime(mail["Date"]).timestamp() - time.time()) < 60
    assert mail.get_content_type() == "text/plain"
    assert mail.get_content().replace("\r\n", "\n").strip() == PAGE.text
    assert mail["X-Tocsin-Possible-Duplicate"] is None
    assert receipt.reference == f"{mail['Message-ID']} 250 OK: queued as 17"


def test_the_message_id_comes_from_the_key_and_nothing_else(to_port):
    channel = to_port(25)

    first = channel.message(PAGE)["Message-ID"]

    assert first == channel.message(replace(PAGE, duplicate=True, text="other", to="bob@msp.example"))["Message-ID"]
    assert first != channel.message(replace(PAGE, key=PAGE.key + "2"))["Message-ID"]
    assert first == f"<{sha256(PAGE.key.encode()).hexdigest()[:32]}@msp.example>"


def test_a_long_senders_domain_does_not_break_the_message_id(mail_server, to_port):
    inbox, port = mail_server()
    domain = ".".join(["a" * 60] * 3) + ".example"

    to_port(port, sender=f"desk@{domain}").send(PAGE)

    assert f"Message-ID: <{received(inbox)[0]['Message-ID'][1:33]}@{domain}>\r\n".encode() in inbox.envelopes[0].content


def test_a_possible_duplicate_says_so_in_a_header_and_in_the_text(mail_server, to_port):
    inbox, port = mail_server()

    to_port(port).send(replace(PAGE, duplicate=True))

    (mail,) = received(inbox)
    assert mail["X-Tocsin-Possible-Duplicate"] == "yes"
    assert mail.get_content().startswith(DUPLICATE_NOTE)


def test_unicode_arrives_as_it_was_written(mail_server, to_port):
    inbox, port = mail_server()
    letter = replace(
        PAGE, subject="[P1] [Größe GmbH] - [メール 💥] - OUTAGE", text="Zürich → Ōsaka\n.\n..dots\n" + "ß" * 3000
    )

    to_port(port, sender="Störmelder <desk@msp.example>").send(letter)

    (mail,) = received(inbox)
    assert mail["Subject"] == letter.subject
    assert mail["From"].addresses[0].display_name == "Störmelder"
    assert mail.get_content().replace("\r\n", "\n").strip() == letter.text
    assert inbox.envelopes[0].content.isascii()


def test_text_from_outside_cannot_add_a_header_or_a_recipient(mail_server, to_port):
    inbox, port = mail_server()
    evil = "Mail\r\nBcc: all@acme.example\r\n\r\nnot the text\n.\r\nMAIL FROM:<x@evil.example>"

    to_port(port).send(replace(PAGE, subject=evil, text=evil, key=evil))

    (mail,) = received(inbox)
    assert inbox.envelopes[0].rcpt_tos == ["ann@msp.example"]
    assert mail["Bcc"] is None
    assert mail["Subject"] == " ".join(evil.split())
    assert mail.get_content().strip().splitlines() == evil.splitlines()


@given(subject=ODD_TEXT, text=ODD_TEXT, key=ODD_TEXT)
def test_whatever_the_texts_are_the_headers_are_ours(subject, text, key):
    channel = Email("mail.msp.example", 25, "desk@msp.example", tls="none")

    raw = channel.message(Letter("ann@msp.example", subject, text, key)).as_bytes()

    mail = message_from_bytes(raw, policy=policy.default)
    assert set(mail.keys()) == {
        *("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "X-Auto-Response-Suppress"),
        *("Content-Type", "Content-Transfer-Encoding", "MIME-Version"),
    }
    assert raw.isascii() and max(len(line) for line in raw.splitlines()) <= 998


@pytest.mark.parametrize(
    "to",
    [
        "",
        "ann",
        "ann@",
        "@msp.example",
        "ann@msp.example, bob@msp.example",
        "ann@msp.example\r\nBcc: bob@msp.example",
        "Ann <ann@msp.example>",
        "ann@msp.example>\r\nDATA",
        "a b@msp.example",
        "änn@msp.example",
        "ann@" + "x" * 70 + ".example",
        "ann@msp..example",
        "ann@" + "x." * 130 + "example",
    ],
)
def test_what_is_not_one_address_is_refused_before_anything_is_sent(to, closed_port, to_port):
    with pytest.raises(Refused):
        to_port(closed_port).send(replace(PAGE, to=to))


def test_a_domain_in_another_script_is_written_as_mail_servers_know_it(mail_server, to_port):
    inbox, port = mail_server()

    to_port(port).send(replace(PAGE, to="ann@bücher.example"))

    assert inbox.envelopes[0].rcpt_tos == ["ann@xn--bcher-kva.example"]


@pytest.mark.parametrize("command", ["RCPT", "DATA"])
def test_a_5xx_answer_to_recipient_or_text_is_refused_in_the_servers_words(command, mail_server, to_port):
    inbox, port = mail_server()
    inbox.answers[command] = "550 5.1.1 no such person"

    with pytest.raises(Refused, match=r"550 5\.1\.1 no such person"):
        to_port(port).send(PAGE)

    assert inbox.envelopes == []


@pytest.mark.parametrize(
    ("command", "no"),
    [
        ("MAIL", "550 5.1.8 sender rejected: domain not found"),
        ("MAIL", "554 5.7.1 you may not send as desk@msp.example"),
        ("RCPT", "530 5.7.0 sign in first"),
        ("RCPT", "535 no such password"),
        ("RCPT", "553 5.1.8 <desk@msp.example>: sender address rejected"),
        ("RCPT", "554 5.7.1 client host [192.0.2.1] blocked"),
        ("RCPT", "550 5.7.1 unable to relay"),
        ("DATA", "550 5.7.26 this mail is not signed"),
    ],
)
def test_a_5xx_answer_to_the_desk_itself_costs_no_letter(command, no, mail_server, to_port):
    """Wherever the server says so: many wait for the recipient with it."""
    inbox, port = mail_server()
    inbox.answers[command] = no

    with pytest.raises(Unreachable, match=no[:3]):
        to_port(port).send(PAGE)

    del inbox.answers[command]
    assert to_port(port).send(PAGE).reference.endswith("250 OK: queued as 17")


@pytest.mark.parametrize(
    "lines",
    [
        ["554 5.7.1 go away"],
        ["220 hello", "502 no", "502 no"],
        ["220 hello", "250 hi", "250 ok", "250 ok", "503 not now"],
    ],
    ids=len,
)
def test_a_5xx_answer_before_the_recipient_or_the_text_costs_no_letter(lines, script, to_port):
    with script(*lines) as (port, _), pytest.raises(Unreachable, match=lines[-1]):
        to_port(port).send(PAGE)


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
def test_a_4xx_answer_is_unreachable_and_may_be_tried_again(command, mail_server, to_port):
    inbox, port = mail_server()
    inbox.answers[command] = "451 4.7.1 greylisted, come back"

    with pytest.raises(Unreachable, match=r"451 4\.7\.1 greylisted"):
        to_port(port).send(PAGE)

    del inbox.answers[command]
    assert to_port(port).send(PAGE).reference.endswith("250 OK: queued as 17")


def test_a_closed_port_is_unreachable(closed_port, to_port):
    with pytest.raises(Unreachable, match=f"127.0.0.1:{closed_port} cannot be reached"):
        to_port(closed_port).send(PAGE)


@pytest.mark.parametrize("host", ["no-such-host.invalid", "a" * 70, "..", "mail server"])
def test_a_host_that_cannot_be_found_is_unreachable(host):
    channel = Email(host, 25, "desk@msp.example", tls="none", connect_timeout=2)

    with pytest.raises(Unreachable):
        channel.send(PAGE)


@pytest.mark.parametrize(
    "lines",
    [
        ["silence"],
        ["220 hello", "silence"],
        ["220 hello", "250 hi", "silence"],
        ["220 hello", "250 hi", "250 ok", "silence"],
        ["220 hello", "250 hi", "250 ok", "250 ok", "silence"],
    ],
    ids=len,
)
def test_a_server_that_falls_silent_before_the_text_is_unreachable_in_time(lines, script, to_port):
    with script(*lines) as (port, _):
        began = time.monotonic()

        with pytest.raises(Unreachable):
            to_port(port, connect_timeout=0.3, timeout=0.3).send(PAGE)

        assert time.monotonic() - began < 8  # without them it would be ten seconds, or thirty


@pytest.mark.parametrize("end", ["break", "silence", "gibberish without a code", "250" * 5000])
def test_no_clear_answer_after_the_whole_text_is_uncertain(end, script, to_port):
    lines = ["220 hello", "250 hi", "250 ok", "250 ok", "354 go on", end]

    with script(*lines) as (port, heard), pytest.raises(Uncertain):
        to_port(port, timeout=0.5).send(PAGE)

    assert heard[-1].endswith(b"\r\n.\r\n")
    assert b"Message-ID: <" in heard[-1]


@pytest.mark.parametrize("lines", [["break"], ["220 hello", "250 hi", "250 ok", "250 ok", "break"]], ids=len)
def test_a_connection_that_breaks_before_the_text_is_unreachable(lines, script, to_port):
    with script(*lines) as (port, _), pytest.raises(Unreachable):
        to_port(port).send(PAGE)


@pytest.mark.parametrize(("answer", "outcome"), [("552 too big", Refused), ("451 disk full", Unreachable)])
def test_a_clear_no_after_the_whole_text_is_not_uncertain(answer, outcome, script, to_port):
    lines = ["220 hello", "250 hi", "250 ok", "250 ok", "354 go on", answer]

    with script(*lines) as (port, _), pytest.raises(outcome, match=answer):
        to_port(port).send(PAGE)


@pytest.mark.parametrize("greeting", ["554 go away", "421 later", "hello there", b"\xff\xfe\r\n"])
def test_a_greeting_that_is_a_no_is_unreachable(greeting, script, to_port):
    with script(greeting) as (port, _), pytest.raises(Unreachable):
        to_port(port).send(PAGE)


@pytest.mark.parametrize("goodbye", ["break", "silence", "421 too busy to part", "554 no"])
def test_nothing_the_server_does_after_the_receipt_changes_it(goodbye, script, to_port):
    with script("220 hello", "250 hi", "250 ok", "250 ok", "354 go on", "250 queued", goodbye) as (port, _):
        began = time.monotonic()

        receipt = to_port(port, timeout=30).send(PAGE)

    assert receipt.reference.endswith(" 250 queued")
    assert time.monotonic() - began < 20


def test_lines_that_begin_with_a_dot_do_not_end_the_text(script, to_port):
    with script("220 hello", "250 hi", "250 ok", "250 ok", "354 go on", "250 queued", "221 bye") as (port, heard):
        to_port(port).send(replace(PAGE, text=".\n.\r.\r\n.hidden"))

    assert heard[4].endswith(b"\r\n\r\n..\r\n..\r\n..\r\n..hidden\r\n.\r\n")


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")  # aiosmtpd sees no TLS under its own
@pytest.mark.parametrize("tls", ["starttls", "tls"])
def test_encrypted_mail_arrives_and_signs_in(tls, mail_server, certificate, to_port):
    context, ca_file = certificate
    settings = {"tls_context": context} if tls == "starttls" else {"ssl_context": context, "auth_require_tls": False}
    inbox, port = mail_server(user="desk", password="s3cr3t", **settings)

    to_port(port, tls=tls, ca_file=ca_file, user="desk", password="s3cr3t").send(PAGE)

    assert len(inbox.envelopes) == 1
    assert inbox.sessions[0].ssl is not None or tls == "tls"


def test_a_wrong_password_costs_no_letter_and_is_never_shown(script, to_port):
    with script("220 hello", "250-hi\r\n250 AUTH PLAIN", "535 5.7.8 wrong") as (port, _):
        channel = to_port(port, user="desk", password="wr0ng")

        with pytest.raises(Unreachable, match=r"535 5\.7\.8 wrong") as error:
            channel.send(PAGE)

    assert "wr0ng" not in str(error.value) + repr(channel)


def test_a_certificate_nobody_vouches_for_is_not_accepted(mail_server, certificate, to_port):
    context, _ = certificate
    inbox, port = mail_server(tls_context=context)

    with pytest.raises(Unreachable, match="certificate"):
        to_port(port, tls="starttls").send(PAGE)

    assert inbox.envelopes == []


def test_a_server_without_encryption_gets_nothing_when_encryption_is_set_up(mail_server, to_port):
    inbox, port = mail_server()

    with pytest.raises(Unreachable, match="STARTTLS"):
        to_port(port, tls="starttls").send(PAGE)

    assert inbox.envelopes == []


def test_a_mail_server_cannot_be_asked_what_it_took(closed_port, to_port):
    assert to_port(closed_port).sent(PAGE.key) is None


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"host": ""}, "host"),
        ({"port": 0}, "port"),
        ({"port": 70000}, "port"),
        ({"tls": "maybe"}, "tls"),
        ({"sender": ""}, "sender"),
        ({"sender": "desk"}, "sender"),
        ({"sender": "Desk\r\nBcc: x@evil.example <desk@msp.example>"}, "sender"),
        ({"reply_to": "nobody"}, "reply_to"),
        ({"password": "pässword"}, "password"),
        ({"tls": "tls", "ca_file": "/nonexistent/ca.pem"}, "ca_file"),
    ],
)
def test_a_channel_that_could_never_send_is_not_set_up(wrong, says):
    right = {"host": "mail.msp.example", "port": 25, "sender": "desk@msp.example", "tls": "none"}

    with pytest.raises(BadField, match=f"^{says}: "):
        Email(**{**right, **wrong})
