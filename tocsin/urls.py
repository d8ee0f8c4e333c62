"""Which address shows what, and is the desk well?"""

from datetime import UTC, datetime

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.urls import path

ENGINE_IS_LATE_AFTER_S = 60


def engine_last_turn_at() -> datetime | None:
    """When an engine last finished a turn; None: nothing is known of any.

    HOOK: ask the engine's record here once there is one; /healthz follows.
    """
    return None


def healthz(request: HttpRequest) -> JsonResponse:
    """200 when web, database and engine are well, else 503; each with what is known. For monitors: no key needed."""
    well: dict[str, object] = {"web": "ok", "database": "ok", "engine": "unknown"}
    status = 200
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        last = engine_last_turn_at()
    except DatabaseError as error:
        well["database"] = f"does not answer ({type(error).__name__})"
        return JsonResponse(well, status=503)
    if last is not None:
        age = (datetime.now(UTC) - last).total_seconds()
        well["engine"] = "ok" if age <= ENGINE_IS_LATE_AFTER_S else "late"
        well["engine_last_turn_age_s"] = round(age, 1)
        status = 200 if well["engine"] == "ok" else 503
    return JsonResponse(well, status=status)


urlpatterns = [
    path("healthz", healthz),
]
