"""Addresses of the coops package."""

from django.urls import URLPattern, URLResolver, path

from . import bodies, founding, invitations, settings

app_name = "coops"

_C = "c/<slug:slug>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("new/", founding.new, name="new"),
    path("host/coops/", founding.host, name="host"),
    path("host/coops/<uuid:coop_id>/", founding.hand_over, name="hand-over"),
    path(_C + "settings/", settings.overview, name="settings"),
    path(_C + "settings/profile/", settings.profile, name="profile"),
    path(_C + "settings/stage/", settings.stage, name="stage"),
    path(_C + "settings/stage/<str:date>/", settings.take_back_stage, name="take-back-stage"),
    path(_C + "settings/rules/", settings.rules, name="rules"),
    path(_C + "settings/rules/<str:key>/", settings.rule, name="rule"),
    path(_C + "settings/look/", settings.look, name="look"),
    path(_C + "bodies/", bodies.bodies, name="bodies"),
    path(_C + "bodies/history/", bodies.history, name="mandates"),
    path(_C + "bodies/add/", bodies.add, name="add-body"),
    path(_C + "bodies/<uuid:body_id>/", bodies.change, name="change-body"),
    path(_C + "bodies/mandates/new/", bodies.grant, name="grant"),
    path(_C + "bodies/mandates/<uuid:mandate_id>/end/", bodies.end, name="end-mandate"),
    path(_C + "bodies/invite/", bodies.invite, name="invite"),
    path(_C + "bodies/invitations/<uuid:invitation_id>/withdraw/", bodies.withdraw, name="withdraw"),
    path(_C + "invitation/<str:token>/", invitations.invitation, name="invitation"),
]
