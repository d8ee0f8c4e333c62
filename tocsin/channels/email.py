"""Did a mail server take the letter over?"""

from __future__ import annotations

import hashlib
import re
import smtplib
import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import formatdate, parseaddr
from functools import lru_cache

from tocsin.channels.base import (
    DUPLICATE_NOTE,
    BadField,
    Channel,
    Letter,
    Receipt,
    Refused,
    Uncertain,
    Unreachable,
    answer,
)
from tocsin.core.field import Field
from tocsin.core.reading import clean, one_line

SUBJECT_LIMIT = 250
GOODBYE = 1.0
FIELDS = (
    Field("host", "Mail server", required=True),
    Field("port", "Port", "number", default="587"),
    Field("tls", "Encryption", "choice", default="starttls", choices=("starttls", "tls", "none")),
    Field("user", "User"),
    Field("password", "Password", secret=True),
    Field("sender", "Sender", required=True, hint="Tocsin <desk@msp.example>"),
    Field("reply_to", "Replies go to", hint="Empty: to the sender."),
    Field("ca_file", "Certificates to trust", hint="A PEM file; empty: those the system trusts."),
)

_ADDRESS = re.compile(r"[^\s@<>()\[\]\\,;:\"\x00-\x20\x7f-\x9f]{1,64}@[^\s@<>()\[\]\\,;:\"/\x00-\x20\x7f-\x9f]{1,253}")
_BREAKS = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029\ud800-\udfff]+")
# Many a server says only to the recipient what it has against the desk: sign in first (RFC 4954), a sender's address it
# does not believe (x.1.7, x.1.8), or a policy that keeps us out (x.7.z; RFC 3463).
_SIGN_IN = (530, 534, 535, 538)
_OF_THE_DESK = re.compile(rb"5\.(1\.[78]|7\.\d+)\b")
_LINE_ENDS = re.compile(rb"\r\n|\r|\n")
# Never 8-bit, so that no server on the way has to convert what it may not be able to.
_POLICY = SMTP_POLICY.clone(cte_type="7bit")


@dataclass(frozen=True, slots=True)
class Email:
    """Plain-text mail over SMTP, one connection a letter.

    `tls`: "starttls" (refused to go on without), "tls" (from the first byte) or "none". Connecting may take
    `connect_timeout` seconds, every later answer `timeout`. Raises BadField when it could never send. (R14.1)
    """

    host: str
    port: int
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)
    tls: str = "starttls"
    reply_to: str = ""
    ca_file: str = ""
    connect_timeout: float = 10.0
    timeout: float = 30.0
    name: str = field(default="email", init=False)
    title: str = field(default="Email", init=False)
    fields: tuple[Field, ...] = field(default=FIELDS, init=False, repr=False)

    def __post_init__(self) -> None:
        if not self.host:
            raise BadField("host: Mail server is needed.")
        if not 0 < self.port < 65536:
            raise BadField(f"port: {self.port} is no port.")
        if self.tls not in ("starttls", "tls", "none"):
            raise BadField(f"tls: {self.tls!r} is none of starttls, tls, none.")
        if not (self.user + self.password).isascii():
            raise BadField("password: user and password can only have ASCII characters in SMTP.")
        for name, value in (("sender", self.sender), ("reply_to", self.reply_to or self.sender)):
            _mailbox(name, value)
        if self.tls != "none":
            _trusting(self.ca_file)

    def send(self, letter: Letter) -> Receipt:
        """Hand the letter to the mail server. See `Channel.send`.

        A 5xx to its recipient or its text is Refused; 4xx, silence, and any no to the desk itself Unreachable.
        """
        message = self.message(letter)
        recipient = str(message["To"].addresses[0].addr_spec)
        sender = str(message["From"].addresses[0].addr_spec)
        body = b"\r\n".join(_LINE_ENDS.split(message.as_bytes(policy=_POLICY))).rstrip(b"\r\n")
        with _said_plainly(self.host, self.port), self._connected() as smtp:
            _expect(smtp.mail(sender), 2, "the sender")
            _expect(smtp.rcpt(recipient), 2, f"the recipient {recipient}", of_the_letter=True)
            _expect(smtp.docmd("DATA"), 3, "the start of the message")
            smtp.send(re.sub(rb"(?m)^\.", b"..", body))
            reply = _commit(smtp)
        return Receipt(f"{message['Message-ID']} {reply}"[:300])

    def sent(self, key: str) -> bool | None:
        """Return None: a mail server cannot be asked what it took over."""
        return None

    def message(self, letter: Letter) -> EmailMessage:
        """Return the mail as it is sent, with the same Message-ID for every attempt; raises Refused for a bad address.

        Text that came from outside cannot add or end a header: line ends in it become spaces.
        """
        if not _ADDRESS.fullmatch(letter.to) or len(letter.to) > 254:
            raise Refused(f"{letter.to[:100]!r} is not an email address.")
        local, domain = letter.to.rsplit("@", 1)
        try:
            to = Address("", local, domain.encode("idna").decode("ascii"))
        except ValueError as error:
            raise Refused(f"{letter.to!r} is not an email address: {error}") from None
        if not local.isascii():
            raise Refused(f"{letter.to!r}: only ASCII characters can be used before the @.")
        sender = _mailbox("sender", self.sender)
        mail = EmailMessage(policy=_POLICY)
        mail["From"] = sender
        mail["To"] = to
        if self.reply_to:
            mail["Reply-To"] = _mailbox("reply_to", self.reply_to)
        mail["Subject"] = one_line(letter.subject, SUBJECT_LIMIT) or "(no subject)"
        mail["Date"] = formatdate(localtime=False)
        mail["Message-ID"] = f"<{hashlib.sha256(_bytes(letter.key)).hexdigest()[:32]}@{sender.domain}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail["X-Auto-Response-Suppress"] = "All"
        if letter.duplicate:
            mail["X-Tocsin-Possible-Duplicate"] = "yes"
        text = f"{DUPLICATE_NOTE}\n\n{letter.text}" if letter.duplicate else letter.text
        mail.set_content(clean(text))
        return mail

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        # smtplib would ask a name server for our own name; a slow one would cost more time than the mail.
        unasked, patience = "localhost", self.connect_timeout
        smtp = (
            smtplib.SMTP_SSL(self.host, self.port, unasked, timeout=patience, context=_trusting(self.ca_file))
            if self.tls == "tls"
            else smtplib.SMTP(self.host, self.port, unasked, timeout=patience)
        )
        try:
            assert smtp.sock is not None
            smtp.sock.settimeout(self.timeout)
            # The body and the final dot are two writes: the dot must not wait for the body's delayed acknowledgement.
            smtp.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            smtp.local_hostname = _own_name(smtp.sock)
            smtp.ehlo_or_helo_if_needed()
            if self.tls == "starttls":
                _expect(smtp.starttls(context=_trusting(self.ca_file)), 2, "STARTTLS")
                smtp.ehlo_or_helo_if_needed()
            if self.user:
                smtp.login(self.user, self.password)
            yield smtp
            # The letter is taken over: nothing the server says to a good-bye can change that, or is worth waiting for.
            with suppress(OSError, smtplib.SMTPException):
                smtp.sock.settimeout(GOODBYE)
                smtp.quit()
        finally:
            smtp.close()


class _EmailKind:
    name = "email"
    title = "Email"
    fields = FIELDS

    def set_up(self, answers: Mapping[str, str]) -> Channel:
        given = {field.name: answer(FIELDS, answers, field.name) for field in FIELDS}
        port = given["port"]
        if not (port.isascii() and port.isdigit() and len(port) < 6):
            raise BadField(f"port: {port!r} is no port.")
        return Email(
            host=given["host"],
            port=int(port),
            sender=given["sender"],
            user=given["user"],
            password=given["password"],
            tls=given["tls"],
            reply_to=given["reply_to"],
            ca_file=given["ca_file"],
        )


KIND = _EmailKind()


@lru_cache(maxsize=8)
def _trusting(ca_file: str) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=ca_file or None)
    except OSError as error:
        raise BadField(f"ca_file: {ca_file} cannot be used: {error}") from None


def _commit(smtp: smtplib.SMTP) -> str:
    # Until the final dot nothing is taken over; from then on only an answer says whether it was.
    try:
        smtp.send(b"\r\n.\r\n")
        code, reply = smtp.getreply()
    except (OSError, smtplib.SMTPException) as error:
        raise Uncertain(f"The message was handed over and no answer came: {error}") from error
    if code < 0:
        raise Uncertain(f"The message was handed over and the answer makes no sense: {_shown(reply)}")
    _expect((code, reply), 2, "the message", of_the_letter=True)
    return f"{code} {_shown(reply)}"


def _expect(reply: tuple[int, bytes], hundred: int, what: str, *, of_the_letter: bool = False) -> None:
    """The server said yes; a no for good is Refused only where it is to this letter, not to the desk.

    A password that was rotated, a sender that is not allowed: that is mended, and every letter goes out after all.
    """
    code, said = reply
    if code // 100 == hundred:
        return
    sentence = f"The mail server did not take {what}: {code} {_shown(said)}"
    to_the_desk = code in _SIGN_IN or _OF_THE_DESK.match(said)
    raise Refused(sentence) if code // 100 == 5 and of_the_letter and not to_the_desk else Unreachable(sentence)


@contextmanager
def _said_plainly(host: str, port: int) -> Iterator[None]:
    try:
        yield
    except smtplib.SMTPResponseException as error:
        _expect((error.smtp_code, _bytes(error.smtp_error)), 2, "the sign-in or greeting")
        raise Unreachable(f"The mail server {host}:{port} answered out of turn: {error}") from error
    except smtplib.SMTPNotSupportedError as error:
        raise Unreachable(f"The mail server {host}:{port} cannot do what is set up: {error}") from error
    except (OSError, UnicodeError, smtplib.SMTPException) as error:
        raise Unreachable(f"The mail server {host}:{port} cannot be reached: {error}") from error


def _mailbox(name: str, value: str) -> Address:
    shown, address = parseaddr(value)
    if not _ADDRESS.fullmatch(address) or not address.isascii() or _BREAKS.search(value.replace(" ", "")):
        raise BadField(f"{name}: {value!r} is not an email address; write desk@msp.example or Name <desk@msp.example>.")
    return Address(shown, addr_spec=address)


def _own_name(sock: socket.socket) -> str:
    name = socket.gethostname()
    if "." in name and name.isascii():
        return name
    address = str(sock.getsockname()[0])
    return f"[IPv6:{address}]" if ":" in address else f"[{address}]"


def _bytes(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode("utf-8", "replace")


def _shown(reply: bytes) -> str:
    return _BREAKS.sub(" ", reply.decode("utf-8", "replace")).strip()[:200]
