"""What does whoever cannot be shown what they asked for read, and what can they do next?

A page for who asked for one, plain words for every other program.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse

WHERE_TO = """\
  GET  /                 the screens, for a browser
  POST /in/generic       alerts from whatever can send JSON
  POST /in/alertmanager  alerts from Prometheus Alertmanager, or Grafana
  GET  /api/v1/openapi.json  what programs can do here
  GET  /healthz          is the desk well?
  GET  /metrics          figures for Prometheus

docs/intake.md and docs/operate.md say more of them.
"""


def nothing_here(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404, for an address that leads nowhere and for rows that are not this person's to see alike."""
    return _refusal(
        request,
        404,
        "There is nothing here",
        "The address may be mistyped, or what was here belongs to a client you are not assigned to.",
        f"There is nothing at this address of the desk. There is something at these:\n\n{WHERE_TO}",
    )


def not_yours(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403, with the sentence of whoever refused."""
    return _refusal(
        request, 403, "You may not do this", str(exception) or "Ask the service desk manager for the right."
    )


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form that does not come from this sign-in."""
    return _refusal(
        request,
        403,
        "This form is too old",
        "Nothing was changed. You signed in or out since the page was loaded, or your browser keeps no cookies. "
        "Go back, load the page anew, and send it again. If that does not help, whoever runs the desk looks at "
        "“Behind a proxy” in docs/operate.md.",
    )


def too_many(request: HttpRequest) -> HttpResponse:
    """429, for whoever tries too often."""
    response = _refusal(
        request,
        429,
        "Too many attempts",
        "To keep guessers out, the desk waits. Try again in five minutes. If you forgot your password, whoever runs "
        "the desk can set a new one: tocsin account password",
    )
    response["Retry-After"] = "300"
    return response


def unreadable(request: HttpRequest) -> HttpResponse:
    """400, for an address with a character in it that nobody types."""
    return _refusal(
        None if _wants_page(request) else request,
        400,
        "This address cannot be read",
        "It has a NUL character in it. Type it anew, or go on from the page of what is due now.",
    )


def unknown_name(request: HttpRequest) -> HttpResponse:
    """400, for a desk called by a name that is not its own."""
    return _refusal(
        None if _wants_page(request) else request,
        400,
        "The desk does not go by this name",
        "Whoever runs it adds the name in the address bar to TOCSIN_HOSTS and starts it again.",
    )


def unwell(request: HttpRequest) -> HttpResponse:
    """500; needs neither database nor session, which may be what is wrong."""
    return _refusal(
        None if _wants_page(request) else request,
        500,
        "Something is wrong with the desk",
        "What you sent may not have been saved: look before you send it again. Whoever runs the desk finds the reason "
        "in its log, and /healthz says whether it is well.",
    )


def _refusal(request: HttpRequest | None, status: int, title: str, says: str, plain: str = "") -> HttpResponse:
    """Without a request: a page that asks neither database nor session."""
    if request is not None and not _wants_page(request):
        words = plain or f"{title}. {says}\n"
        return HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")
    context = {"title": title, "says": says, "status": status, "home": reverse("now")}
    return HttpResponse(render_to_string("refusal.html", context, request), status=status)


def _wants_page(request: HttpRequest) -> bool:
    return "text/html" in request.headers.get("Accept", "")
