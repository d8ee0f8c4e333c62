"""How does the shipped web server call the desk, so that a slow sender holds up nobody?

granian's own interface, RSGI: bodies are waited for by the event loop, where waiting costs no thread, and not for ever.
A thread is asked for once the whole request is there. What is called in it are the WSGI applications that any other
server may call too. (semantics 10, Intake)
"""

from __future__ import annotations

import asyncio
import sys
from collections import Counter
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from io import BytesIO
from typing import Any

import structlog

from tocsin import wsgi
from tocsin.api.intake import ADMITTED, BODY_LIMIT, PREFIX, announced
from tocsin.api.refusals import EVERY_S
from tocsin.settings import TOCSIN_BODY_WITHIN

THREADS = 8  # in each process; one that has needed the database keeps its connection
SMALL = 64 * 1024  # as much is kept for somebody at whose key nobody has looked yet
LARGE_AT_ONCE = 16  # of one key, in each process

Environ = dict[str, Any]
Answer = tuple[int, list[tuple[str, str]], bytes]

log = structlog.get_logger(__name__)
threads = ThreadPoolExecutor(THREADS, "web")
large: Counter[int] = Counter()
settling: set[asyncio.Task[None]] = set()  # one at most


async def application(scope: Any, proto: Any) -> None:
    """One request is answered, whatever becomes of it."""
    try:
        environ = environ_of(scope)
        answer = _intake if environ["PATH_INFO"].startswith(PREFIX) else _desk
        status, headers, body = await answer(environ, proto)
    except Exception as error:  # ours, for what senders can do has an answer
        log.error("web raised", exc_info=error)
        status, headers, body = 500, [("Content-Type", "text/plain")], b"Something is wrong with the desk.\n"
    if wsgi.door.unsettled and not settling:
        settling.add(task := asyncio.create_task(_settle()))
        task.add_done_callback(settling.discard)
    proto.response_bytes(status, headers, body)


async def _settle() -> None:
    """Who was turned away is on record within a second or two, though nobody may ever come again."""
    while wsgi.door.unsettled:
        await asyncio.sleep(EVERY_S)
        await asyncio.get_running_loop().run_in_executor(threads, wsgi.door.settle)


async def _desk(environ: Environ, proto: Any) -> Answer:
    expected = announced(environ)
    body = await _body(proto, BODY_LIMIT) if expected is None or 0 < expected <= BODY_LIMIT else b""
    if body is None:
        return _plain(HTTPStatus.REQUEST_TIMEOUT)
    if len(body) > BODY_LIMIT or (expected or 0) > BODY_LIMIT:
        return _plain(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    return await _called(wsgi.desk, environ, body)


async def _intake(environ: Environ, proto: Any) -> Answer:
    """A small body is waited for first, and so costs one thread once; for a large one the key is asked first."""
    expected = announced(environ)
    if expected is not None and expected <= SMALL:
        body = await _body(proto, SMALL)
        return await _called(wsgi.door, environ, body) if body is not None else await _called(wsgi.door.slow, environ)
    refusal = await _called(wsgi.door.admit, environ)
    if refusal[0] != HTTPStatus.CONTINUE:
        return refusal
    key = environ[ADMITTED].id
    if large[key] >= LARGE_AT_ONCE:
        return await _called(wsgi.door.slow, environ)
    large[key] += 1
    try:
        body = await _body(proto, BODY_LIMIT)
    finally:
        large[key] -= 1
    return await _called(wsgi.door, environ, body) if body is not None else await _called(wsgi.door.slow, environ)


async def _body(proto: Any, limit: int) -> bytes | None:
    """What came, no more of it than shows that it is too large; None when it took too long."""
    parts, got = [], 0
    try:
        async with asyncio.timeout(TOCSIN_BODY_WITHIN.total_seconds()):
            async for part in proto:
                parts.append(bytes(part))
                got += len(part)
                if got > limit:
                    break
    except TimeoutError:
        return None
    return b"".join(parts)


def _called(application: Callable[..., Any], environ: Environ, body: bytes = b"") -> Awaitable[Answer]:
    """What a WSGI application answers, in a thread."""

    environ["wsgi.input"] = BytesIO(body)

    def call() -> Answer:
        begun: list[tuple[str, list[tuple[str, str]]]] = []
        said = application(
            environ,
            lambda status, headers, exc_info=None: begun.append((status, headers)),
        )
        try:
            whole = b"".join(said)
        finally:
            if hasattr(said, "close"):
                said.close()
        status, headers = begun[0]
        return int(status[:3]), headers, whole

    return asyncio.get_running_loop().run_in_executor(threads, call)


def environ_of(scope: Any) -> Environ:
    """The request as WSGI has it (PEP 3333), without its body."""
    host, _, port = scope.server.rpartition(":")
    environ: Environ = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": host,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": scope.client.rpartition(":")[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": BytesIO(),
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    if scope.authority:
        environ["HTTP_HOST"] = scope.authority
    for name, value in scope.headers.items():
        if "_" in name:
            continue  # or X_Forwarded_For would pass for X-Forwarded-For
        key = name.upper().replace("-", "_")
        key = key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"
        environ[key] = f"{environ[key]},{value}" if key in environ and key != "HTTP_HOST" else value
    return environ


def _plain(status: HTTPStatus) -> Answer:
    return status.value, [("Content-Type", "text/plain"), ("Connection", "close")], f"{status.phrase}\n".encode()
