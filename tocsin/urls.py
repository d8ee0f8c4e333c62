"""Which address shows what, and is the desk well?"""

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path

from tocsin.engine.health import metrics as engine_metrics
from tocsin.engine.health import report
from tocsin.engine.loop import now


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


WHERE_TO = """\
  POST /in/generic       alerts from whatever can send JSON
  POST /in/alertmanager  alerts from Prometheus Alertmanager, or Grafana
  GET  /healthz          is the desk well?
  GET  /metrics          figures for Prometheus

docs/intake.md and docs/operate.md say more of them.
"""


def front(request: HttpRequest) -> HttpResponse:
    """What whoever opens the desk's address in a browser should know."""
    return _plain(f"This is a Tocsin desk, and it answers. It has no screens yet, but these addresses:\n\n{WHERE_TO}")


def nothing_here(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The same, for an address that leads nowhere."""
    return _plain(f"There is nothing at this address of the desk. There is something at these:\n\n{WHERE_TO}", 404)


def _plain(words: str, status: int = 200) -> HttpResponse:
    return HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")


handler404 = nothing_here
urlpatterns = [
    path("", front),
    path("healthz", healthz),
    path("metrics", metrics),
]
