"""What does a web server call? Any WSGI server can: `granian --interface wsgi tocsin.wsgi:application`."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tocsin.settings")

from django.core.wsgi import get_wsgi_application
from django.urls import resolve

application = get_wsgi_application()

# Django reads the URLs at the first request; read now, that request need not wait a second for it.
resolve("/healthz")
