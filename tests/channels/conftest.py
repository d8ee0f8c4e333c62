"""Mail servers of our own on loopback: a real one, and one that follows a script word by word."""

from __future__ import annotations

import datetime as dt
import errno
import ipaddress
import random
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tocsin.channels.email import Email


def listening() -> socket.socket:
    """Return a socket that listens on loopback, on a port below those the system gives out by itself."""
    while True:
        server = socket.socket()
        try:
            server.bind(("127.0.0.1", random.randrange(20000, 32000)))
        except OSError as error:
            server.close()
            if error.errno != errno.EADDRINUSE:
                raise
            continue
        server.listen()
        return server


def free_port() -> int:
    """Return a port on which nothing listens."""
    with listening() as server:
        return server.getsockname()[1]


class Inbox:
    """What a mail server took: `envelopes` in order; `answers` maps a command to what it says instead of yes."""

    def __init__(self) -> None:
        self.envelopes: list = []
        self.sessions: list = []
        self.answers: dict[str, str] = {}

    async def handle_MAIL(self, server, session, envelope, address, options):
        if "MAIL" in self.answers:
            return self.answers["MAIL"]
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if "RCPT" in self.answers:
            return self.answers["RCPT"]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if "DATA" in self.answers:
            return self.answers["DATA"]
        self.envelopes.append(envelope)
        self.sessions.append(session)
        return "250 OK: queued as 17"


@pytest.fixture
def certificate(tmp_path) -> tuple[ssl.SSLContext, str]:
    """A server's TLS context for 127.0.0.1, and the file a client must trust to accept it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.acme.example")])
    now = dt.datetime.now(dt.UTC)
    cert = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    public, private = tmp_path / "cert.pem", tmp_path / "key.pem"
    public.write_bytes(cert.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(public, private)
    return context, str(public)


@pytest.fixture
def mail_server():
    """A factory of real mail servers: `inbox, port = mail_server()`; `user="ann", password=…` asks for sign-in."""
    with ExitStack() as running:

        def start(*, user: str = "", password: str = "", **settings) -> tuple[Inbox, int]:
            def sign_in(server, session, envelope, mechanism, given):
                return AuthResult(success=(given.login, given.password) == (user.encode(), password.encode()))

            inbox, port = Inbox(), free_port()
            if user:
                settings |= {"authenticator": sign_in, "auth_required": True}
            controller = Controller(inbox, hostname="127.0.0.1", port=port, **settings)
            controller.start()
            running.callback(controller.stop)
            return inbox, port

        yield start


@contextmanager
def scripted(*lines: bytes | str) -> Iterator[tuple[int, list[bytes]]]:
    """Run a server that answers each command with the next line, whatever it is; yield its port and what it heard.

    "break" closes the connection with a reset instead, "silence" says nothing more. The text of a message counts as
    one command, ended by its dot.
    """
    heard: list[bytes] = []
    with listening() as server, ExitStack() as after:

        def serve() -> None:
            with suppress(OSError):
                client, _ = server.accept()
                after.callback(client.close)
                text = client.makefile("rb")
                after.callback(text.close)
                in_data = False
                for place, line in enumerate(lines):
                    if place:
                        command = text.readline()
                        while in_data and command not in (b".\r\n", b""):
                            command += text.readline()
                            if command.endswith(b"\r\n.\r\n"):
                                break
                        heard.append(command)
                    if line == "silence":
                        return
                    if line == "break":
                        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
                        text.close()
                        client.close()
                        return
                    in_data = line[:3] in (b"354", "354")
                    client.sendall(line if isinstance(line, bytes) else line.encode() + b"\r\n")

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield server.getsockname()[1], heard
        thread.join(5)


@pytest.fixture
def script():
    return scripted


@pytest.fixture
def to_port():
    """A factory of channels to a server on this machine, without encryption and with little patience."""

    def channel(port: int, **settings) -> Email:
        given = {"sender": "Tocsin <desk@msp.example>", "tls": "none", "connect_timeout": 3.0, "timeout": 3.0}
        return Email("127.0.0.1", port, **{**given, **settings})

    return channel


@pytest.fixture
def closed_port() -> int:
    return free_port()
