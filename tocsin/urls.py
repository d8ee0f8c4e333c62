"""Which address shows what, and is the desk well?"""

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path

from tocsin.engine.health import last_turn_at
from tocsin.engine.health import metrics as engine_metrics
from tocsin.engine.loop import now

ENGINE_IS_LATE_AFTER_S = 60


def healthz(request: HttpRequest) -> JsonResponse:
    """200 when web, database and engine are well, else 503; each with what is known. For monitors: no key needed."""
    well: dict[str, object] = {"web": "ok", "database": "ok", "engine": "unknown"}
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        last = last_turn_at()
    except DatabaseError as error:
        well["database"] = f"does not answer ({type(error).__name__})"
        return JsonResponse(well, status=503)
    if last is None:
        well["engine"] = "none is running: start `tocsin engine`"
        return JsonResponse(well, status=503)
    age = (now() - last).total_seconds()
    late = age > ENGINE_IS_LATE_AFTER_S
    well["engine"] = "late" if late else "ok"
    well["engine_last_turn_age_s"] = round(age, 1)
    return JsonResponse(well, status=503 if late else 200)


def metrics(request: HttpRequest) -> HttpResponse:
    """What Prometheus scrapes."""
    return HttpResponse(engine_metrics(now()), content_type="text/plain; version=0.0.4; charset=utf-8")


urlpatterns = [
    path("healthz", healthz),
    path("metrics", metrics),
]
