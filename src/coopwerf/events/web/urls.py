"""Addresses of the events package."""

from django.urls import URLPattern, URLResolver, path

from . import desk, manage, people, public, registering

app_name = "events"

_G = "c/<slug:slug>/gatherings/"
_S = _G + "series/<slug:series>/"
_P = _G + "<slug:gathering>/"
_R = "c/<slug:slug>/registration/<str:token>/"
_D = "c/<slug:slug>/desk/<str:token>/"
_L = "c/<slug:slug>/organise/"
_M = _L + "<slug:gathering>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path(_G, public.gatherings, name="gatherings"),
    path(_G + "calendar.ics", public.feed, name="feed"),
    path(_S, public.series, name="series"),
    path(_S + "calendar.ics", public.series_feed, name="series-feed"),
    path(_P, public.gathering, name="gathering"),
    path(_P + "calendar.ics", public.calendar_file, name="calendar"),
    path(_P + "heard/", public.heard, name="heard"),
    path(_P + "picture-<str:language>.png", public.picture, name="picture"),
    path(_P + "poster-<str:language>.pdf", public.poster, name="poster"),
    path(_P + "register/", registering.register, name="register"),
    path(_P + "register/sent/", registering.sent, name="register-sent"),
    path(_P + "ticket/<str:code>/", desk.ticket, name="ticket"),
    path(_R, registering.registration, name="registration"),
    path(_R + "calendar.ics", registering.calendar_mine, name="registration-calendar"),
    path(_R + "change/", registering.change, name="registration-change"),
    path(_R + "tickets/", registering.tickets, name="registration-tickets"),
    path(_D, desk.desk, name="desk"),
    path(_D + "receive/", desk.receive, name="desk-receive"),
    path(_D + "catch-up/", desk.catch_up, name="desk-catch-up"),
    path(_L, manage.gatherings, name="manage-list"),
    path(_L + "new/", manage.new, name="new"),
    path(_M, manage.one, name="manage"),
    path(_M + "plan/", manage.plan, name="plan"),
    path(_M + "preview/", manage.preview, name="preview"),
    path(_M + "move/", manage.move, name="move"),
    path(_M + "become/<str:to>/", manage.become, name="become"),
    path(_M + "texts/<str:language>/", manage.texts, name="texts"),
    path(_M + "sessions/new/", manage.session, name="session-new"),
    path(_M + "sessions/<uuid:session_id>/", manage.session, name="session"),
    path(_M + "sessions/<uuid:session_id>/drop/", manage.drop_session, name="session-drop"),
    path(_M + "people/", people.registrations, name="registrations"),
    path(_M + "people/<uuid:registration_id>/cancel/", people.cancel, name="registration-cancel"),
    path(_M + "write-to/", people.write_to, name="write-to"),
    path(_M + "desks/", people.desks, name="desks"),
    path(_M + "desks/list/", people.desk_list, name="desk-list"),
    path(_M + "desks/catch-up/", people.catch_up, name="catch-up"),
    path(_M + "desks/<uuid:desk_id>/close/", people.close_desk, name="desk-close"),
    path(_M + "heard/", people.contributions, name="contributions"),
    path(_M + "heard/new/", people.contribution, name="contribution-new"),
    path(_M + "heard/<uuid:contribution_id>/", people.contribution, name="contribution"),
    path(_M + "report/<str:language>/", people.report, name="report"),
    path(_M + "report/<str:language>/picture/", people.bring_picture, name="report-picture"),
    path(_M + "pictures/<int:place>/away/", people.take_picture_away, name="report-picture-away"),
]
