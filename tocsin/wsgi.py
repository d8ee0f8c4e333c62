"""What does a web server call? Any WSGI server can; the shipped one comes by `tocsin/rsgi.py`."""

import os
from collections.abc import Iterable
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tocsin.settings")

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.urls import resolve

from tocsin.settings import furnished

settings.SECRET_KEY = furnished()
desk = get_wsgi_application()

from tocsin.api.intake import PREFIX, Door  # noqa: E402  # needs the models, which are there from here on

door = Door()


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Alerts go to the bare door, which a storm does not slow down as much; everything else goes to Django."""
    door.settle()  # no server of this kind calls anything by itself
    if environ["PATH_INFO"].startswith(PREFIX):
        return door(environ, start_response)
    return desk(environ, start_response)


# Django reads the URLs at the first request; read now, that request need not wait a second for it.
resolve("/healthz")
