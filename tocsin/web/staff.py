"""May whoever asks see this page, and may they change what it shows?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils import timezone
from django_htmx.http import HttpResponseClientRedirect

from tocsin.directory.access import may_write
from tocsin.web.zone import zone_of

View = Callable[..., HttpResponse]
READS = ("GET", "HEAD")


def staff(view: View | None = None, *, writes: bool = False) -> Any:
    """Around every view: `request.person` is the one who is signed in, `request.at` the moment (UTC) they asked.

    Nobody is sent to sign in, an account without a person is refused (403), and so is an auditor where the view
    `writes`; a view that does not is only read (405). Which rows there are is `directory.access.visible`'s to say.
    (R17.3, R17.4)
    """
    if view is None:
        return lambda later: staff(later, writes=writes)

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return _to_sign_in(request)
        request.person = request.user.person
        request.at = datetime.now(UTC)
        if request.person is None:
            raise PermissionDenied(
                "Your sign-in belongs to nobody on this desk. Whoever runs it ties it to you: tocsin account --help"
            )
        if writes and not may_write(request.person):
            raise PermissionDenied("You read here and change nothing. Somebody of the desk can do it for you.")
        if not writes and request.method not in READS:
            return HttpResponseNotAllowed(READS)
        with timezone.override(zone_of(request)):
            response = view(request, *args, **kwargs)
        if "Cache-Control" not in response:  # a page is no longer there for whoever comes to this browser next
            response["Cache-Control"] = "private, no-cache" if "ETag" in response else "private, no-store"
        return response

    return guarded


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """And from there back to the page they were on; a form is not sent again by itself, and the browser has its draft.

    What was written on a ticket leads back to the form of that act.
    """
    if request.htmx:
        there = redirect_to_login(request.htmx.current_url_abs_path or "/")
        return HttpResponseClientRedirect(there.url)
    written = request.resolver_match is not None and request.resolver_match.url_name in ("ticket-act", "new-ticket")
    return redirect_to_login(request.get_full_path() if request.method in READS or written else "/")
