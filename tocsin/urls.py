"""Which address shows what, and is the desk well?"""

from http import HTTPStatus

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import include, path
from django.utils.functional import SimpleLazyObject

from tocsin.api.door import answer_of
from tocsin.api.problem import Problem
from tocsin.api.v1 import api
from tocsin.engine.health import line, report
from tocsin.engine.health import metrics as engine_metrics
from tocsin.engine.loop import now
from tocsin.web import refusals


def healthz(request: HttpRequest) -> JsonResponse:
    """200 when web, database and engine are well, else 503; each with what is known. For monitors: no key needed."""
    well: dict[str, object] = {"web": "ok", "database": "ok", "engine": "unknown"}
    try:
        said, is_well = report(now())
    except DatabaseError as error:
        well["database"] = f"does not answer ({type(error).__name__})"
        return JsonResponse(well, status=503)
    return JsonResponse(well | said, status=200 if is_well else 503)


def metrics(request: HttpRequest) -> HttpResponse:
    """What Prometheus scrapes; 503 when the database, which knows it all, does not answer."""
    try:
        told = engine_metrics(now())
    except DatabaseError as error:
        return _plain(f"The database does not answer ({type(error).__name__}).\n", 503)
    return HttpResponse(told, content_type="text/plain; version=0.0.4; charset=utf-8")


def engine(request: HttpRequest) -> dict[str, object]:
    """For every page: whether the engine is on time, asked only where a page shows it."""
    return {"engine": SimpleLazyObject(lambda: line(now()))}


def nothing_here(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: problem+json for whoever asks the API, whatever they accept; words or a page for everybody else."""
    if request.path.startswith("/api/"):
        detail = f"The API has nothing at {request.path[:200]}."
        return answer_of(Problem(HTTPStatus.NOT_FOUND, detail, "See /api/v1/openapi.json for what there is."))
    return refusals.nothing_here(request, exception)


def _plain(words: str, status: int = 200) -> HttpResponse:
    return HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")


handler403 = refusals.not_yours
handler404 = nothing_here
handler429 = refusals.too_many
handler500 = refusals.unwell
urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("metrics", metrics, name="metrics"),
    path("api/v1/", api.urls),
    path("", include("tocsin.web.urls")),
]
