"""At which addresses do other programs speak to the desk?

Its description is at /api/v1/openapi.json, for anybody; everything else wants a key.
"""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from tocsin import __version__
from tocsin.api import alerts, on_call, tickets
from tocsin.api.door import Bearer, answer_of, invalid, missing, refused, unknown
from tocsin.api.problem import Problem
from tocsin.desk.refusal import Refusal

api = NinjaAPI(
    title="Tocsin",
    version=__version__,
    description="Tickets and alerts of the desk. Errors are problem+json (RFC 9457); docs/api.md shows how.",
    docs_url=None,
    auth=Bearer(),
    urls_namespace="api",
)
api.add_router("", tickets.router)
api.add_router("", alerts.router)
api.add_router("", on_call.router)


@api.exception_handler(Problem)
def _problem(request: HttpRequest, problem: Problem) -> HttpResponse:
    return answer_of(problem)


@api.exception_handler(Refusal)
def _refusal(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    return refused(refusal)


@api.exception_handler(AuthenticationError)
def _nobody(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    return answer_of(unknown("There is no key with this."))


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    faults = [f"{_field(fault['loc'])}: {fault['msg']}" for fault in error.errors]
    return answer_of(invalid("; ".join(faults)[:2000] or "This cannot be read."))


def _field(place: Sequence[str | int]) -> str:
    """The field as whoever sent it calls it: of a body, not the name that the code has for the whole."""
    where, *names = place
    if where == "body" or len(names) > 1:
        names = names[1:]
    return ".".join(str(name) for name in names) or f"the {where}"


@api.exception_handler(Http404)
def _nothing(request: HttpRequest, error: Http404) -> HttpResponse:
    return answer_of(missing("such thing"))


@api.exception_handler(HttpError)
def _other(request: HttpRequest, error: HttpError) -> HttpResponse:
    return answer_of(Problem(HTTPStatus(error.status_code), str(error), "See /api/v1/openapi.json for what is asked."))
