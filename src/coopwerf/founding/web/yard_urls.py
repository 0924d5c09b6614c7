"""Addresses of the yard: directory, roadmap, profile, partners and help."""

from django.urls import URLPattern, URLResolver, path

from . import directory, help, help_desk, helper, overview, project, roadmap

_C = "c/<slug:slug>/"
_R = _C + "roadmap/"
_S = _R + "desk/<uuid:step_id>/"
_P = _C + "partners/"
_H = _C + "help/"
_D = _H + "desk/"
_O = _D + "<uuid:call_id>/"

DIRECTORY: list[URLPattern | URLResolver] = [
    path("projects/", directory.directory, name="directory"),
    path("projects/compare/", directory.beside, name="beside"),
    path("projects/compare.csv", directory.compare, name="compare"),
    path("projects/help/", help.all_help, name="all-help"),
]
YARD: list[URLPattern | URLResolver] = [path(_C + "yard/", overview.yard, name="yard")]
ROADMAP: list[URLPattern | URLResolver] = [
    path(_R, roadmap.roadmap, name="roadmap"),
    path(_R + "desk/", roadmap.desk, name="roadmap-desk"),
    path(_R + "desk/new/", roadmap.new, name="step-new"),
    path(_S, roadmap.step, name="step"),
    path(_S + "place/", roadmap.place, name="step-place"),
    path(_S + "evidence/", roadmap.evidence, name="evidence"),
    path(_S + "evidence/<uuid:evidence_id>/remove/", roadmap.remove_evidence, name="evidence-remove"),
    path(_S + "<str:what>/", roadmap.deed, name="step-deed"),
]
PROJECT: list[URLPattern | URLResolver] = [
    path(_C + "project/", project.profile, name="profile"),
    path(_C + "project/desk/", project.profile_desk, name="profile-desk"),
    path(_C + "project/desk/listing/", project.listing, name="listing"),
    path(_P, project.partners, name="partners"),
    path(_P + "desk/", project.partners_desk, name="partners-desk"),
    path(_P + "desk/new/", project.partner, name="partner-new"),
    path(_P + "desk/<uuid:partner_id>/", project.partner, name="partner"),
    path(_P + "desk/<uuid:partner_id>/logo/", project.logo, name="logo"),
    path(_P + "desk/<uuid:partner_id>/logo/away/", project.logo_away, name="logo-away"),
    path(_P + "desk/<uuid:partner_id>/remove/", project.partner_remove, name="partner-remove"),
]
HELP: list[URLPattern | URLResolver] = [
    path(_H, help.calls, name="help"),
    path(_D, help_desk.desk, name="help-desk"),
    path(_D + "new/", help_desk.write, name="call-new"),
    path(_D + "translations/", help_desk.translations, name="help-translations"),
    path(_D + "offers/<uuid:offer_id>/", help_desk.offer, name="offer"),
    path(_O, help_desk.call, name="call"),
    path(_O + "write/", help_desk.write, name="call-write"),
    path(_O + "open/", help_desk.open_, name="call-open"),
    path(_O + "close/", help_desk.close, name="call-close"),
    path(_O + "delete/", help_desk.delete, name="call-delete"),
    path(_O + "talk/<uuid:contact_id>/", help_desk.talk, name="talk"),
    path(_H + "sent/", help.sent, name="help-sent"),
    path(_H + "mine/<str:token>/", helper.helper, name="helper"),
    path(_H + "mine/<str:token>/<uuid:offer_id>/", helper.translate, name="helper-translate"),
    path(_H + "<slug:call>/", help.one, name="help-one"),
    path(_H + "<slug:call>/answer/", help.answer, name="help-answer"),
    path(_H + "<slug:call>/ask/", help.ask, name="help-ask"),
]

urlpatterns: list[URLPattern | URLResolver] = [*DIRECTORY, *YARD, *ROADMAP, *PROJECT, *HELP]
