"""Every address of the application."""

from django.urls import include, path

urlpatterns = [
    path("", include("coopwerf.site.web.urls")),
    path("", include("coopwerf.people.web.urls")),
    path("", include("coopwerf.coops.web.urls")),
    path("", include("coopwerf.register.web.urls")),
    path("", include("coopwerf.messages.web.urls")),
    path("", include("coopwerf.documents.web.urls")),
    path("ui/", include("coopwerf.ui.web.urls")),
]
