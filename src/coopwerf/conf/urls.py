"""Every address of the application."""

from django.urls import include, path

urlpatterns = [
    path("", include("coopwerf.site.web.urls")),
    path("", include("coopwerf.people.web.urls")),
    path("", include("coopwerf.coops.web.urls")),
    path("", include("coopwerf.register.web.urls")),
    path("", include("coopwerf.founding.web.urls")),
    path("", include("coopwerf.events.web.urls")),
    path("", include("coopwerf.capital.web.urls")),
    path("", include("coopwerf.ledger.web.urls")),
    path("", include("coopwerf.payments.web.urls")),
    path("", include("coopwerf.messages.web.urls")),
    path("", include("coopwerf.documents.web.urls")),
    path("api/v1/", include("coopwerf.conf.api")),
    path("ui/", include("coopwerf.ui.web.urls")),
]

handler400 = "coopwerf.ui.web.errors.bad_request"
handler403 = "coopwerf.ui.web.errors.forbidden"
handler404 = "coopwerf.ui.web.errors.not_found"
handler500 = "coopwerf.conf.health.server_error"
