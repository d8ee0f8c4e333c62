"""Who signed a root, and is that somebody we trust?

The private key lies in TOCSIN_HOME/keys/root.key, readable by its owner alone; its public half in root.pub beside it,
to be copied to wherever an auditor keeps it. A root.pub may hold several keys, one PEM block after another: one for
each machine that runs an engine, and old ones after a change.
"""

import os
from pathlib import Path
from tempfile import mkstemp

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from django.conf import settings

_END = "-----END PUBLIC KEY-----"


class BadKey(Exception):
    """A key file that cannot be used; the text is a sentence fit to show."""


def public_file() -> Path:
    return Path(settings.TOCSIN_HOME) / "keys" / "root.pub"


def signing_key() -> Ed25519PrivateKey:
    """This machine's key, made on first use; its public half is in root.pub."""
    path = public_file().with_name("root.key")
    if not path.exists():
        _make(path)
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (ValueError, OSError) as error:
        raise BadKey(f"{path} cannot be read as a private key: {error}") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise BadKey(f"{path} holds a key of another kind than Ed25519")
    _publish(key)
    return key


def sign(text: str) -> tuple[str, str]:
    """The signature and the public key it can be checked with, both in hexadecimal."""
    key = signing_key()
    return key.sign(text.encode()).hex(), _hex(key.public_key())


def is_signed(text: str, signature: str, public_key: str) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key)).verify(bytes.fromhex(signature), text.encode())
    except (ValueError, InvalidSignature):
        return False
    return True


def public_keys(path: Path) -> set[str]:
    """The keys in a root.pub, in hexadecimal."""
    try:
        blocks = [block + _END for block in path.read_text(encoding="ascii").split(_END)[:-1]]
        keys = [load_pem_public_key(block.strip().encode()) for block in blocks]
    except UnicodeDecodeError as error:
        raise BadKey(f"{path} cannot be read as public keys: byte {error.start} is none of a text file's") from error
    except OSError as error:
        raise BadKey(f"{path} cannot be read as public keys: {error.strerror or error}") from error
    except ValueError as error:
        raise BadKey(f"{path} cannot be read as public keys: a block of it is not in PEM") from error
    found = {_hex(key) for key in keys if isinstance(key, Ed25519PublicKey)}
    if not found:
        raise BadKey(f"{path} holds no Ed25519 public key")
    return found


def _make(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    draft = _draft(path, pem)
    try:
        os.link(draft, path)  # the first of several engines wins, the others read what it wrote
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _publish(key: Ed25519PrivateKey) -> None:
    path = public_file()
    if path.exists() and _hex(key.public_key()) in public_keys(path):
        return
    known = path.read_bytes() if path.exists() else b""
    pem = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    draft = _draft(path, known + pem)
    draft.chmod(0o644)
    draft.replace(path)  # whole or not at all, for whoever reads it now


def _draft(path: Path, content: bytes) -> Path:
    """A file beside `path`, its owner's alone, with this content on the disk."""
    number, name = mkstemp(prefix=f".{path.name}.", dir=path.parent)
    with open(number, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return Path(name)


def _hex(key: Ed25519PublicKey) -> str:
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw).hex()
