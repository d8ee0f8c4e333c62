"""Under which names are the screens shown, and what must every answer carry?"""

from collections.abc import Callable

from django.core.exceptions import DisallowedHost
from django.http import Http404, HttpRequest, HttpResponse

from tocsin.web import refusals

ANY_NAME = ("/healthz", "/metrics")  # a monitor may call the desk as it likes
CONTENT_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "worker-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "object-src 'none'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "form-action 'self'",
    )
)


def guard(answer: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: a name that is not the desk's own is refused, no page runs a foreign script, cookies stay secure.

    A cookie is marked secure when its request came by https, so that a desk on one's own machine needs no certificate.
    """

    def guarded(request: HttpRequest) -> HttpResponse:
        # No database keeps or finds a NUL: there is nothing at such an address, and such a question cannot be read.
        if "\0" in request.path:
            response = refusals.nothing_here(request, Http404())
        elif "%00" in request.META.get("QUERY_STRING", ""):
            response = refusals.unreadable(request)
        else:
            response = answer(request) if _by_its_name(request) else refusals.unknown_name(request)
        response.headers.setdefault("Content-Security-Policy", CONTENT_POLICY)
        if request.is_secure():
            for cookie in response.cookies.values():
                cookie["secure"] = True
        return response

    return guarded


def _by_its_name(request: HttpRequest) -> bool:
    try:
        return request.path in ANY_NAME or bool(request.get_host())
    except DisallowedHost:
        return False
