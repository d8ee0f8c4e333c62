"""What would the router know if somebody added two addresses?"""

from django.urls import include, path

from tocsin.web.now import now

urlpatterns = [
    path("", include("tocsin.urls")),
    path("more/", include([path("drawer", now, name="drawer"), path("cupboard", now)])),
]
