"""Addresses of the register package."""

from django.urls import URLPattern, URLResolver, path

from . import classes, confirm, importing, inspection, join, member, papers, particulars, record, register, requests

app_name = "register"

_C = "c/<slug:slug>/register/"
_I = _C + "import/"
_S = "c/<slug:slug>/settings/classes/"
_J = "c/<slug:slug>/join/"
_R = "c/<slug:slug>/requests/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("confirm/<str:token>/", confirm.confirm, name="confirm"),
    path(_C, register.register, name="register"),
    path(_C + "extract/", papers.extract, name="extract"),
    path(_C + "table.csv", papers.as_csv, name="csv"),
    path(_C + "table.xlsx", papers.as_xlsx, name="xlsx"),
    path(_C + "members/<int:number>/certificate/", papers.certificate, name="certificate"),
    path(_I, importing.start, name="import-start"),
    path(_I + "<uuid:import_id>/", importing.look, name="import"),
    path(_I + "<uuid:import_id>/columns/", importing.columns, name="import-columns"),
    path(_I + "<uuid:import_id>/rows/<int:line>/", importing.row, name="import-row"),
    path(_I + "<uuid:import_id>/answer/", importing.answer, name="import-answer"),
    path(_I + "<uuid:import_id>/book/", importing.book, name="import-book"),
    path(_I + "<uuid:import_id>/drop/", importing.drop, name="import-drop"),
    path(_C + "members/<int:number>/", member.member, name="member"),
    path(_C + "members/<int:number>/change/<str:what>/", particulars.change, name="change"),
    path(_C + "classes/<str:code>/", inspection.inspect, name="inspect"),
    path(_C + "looks/", inspection.looks, name="looks"),
    path(_C + "record/", record.kinds, name="kinds"),
    path(_C + "record/<str:kind>/", record.record, name="record"),
    path(_C + "movements/<uuid:movement_id>/correct/", record.correct_movement, name="correct-movement"),
    path(_C + "standings/<uuid:standing_id>/correct/", record.correct_standing, name="correct-standing"),
    path(_S, classes.classes, name="classes"),
    path(_S + "new/", classes.terms, name="class-new"),
    path(_S + "<str:code>/", classes.terms, name="class"),
    path(_J, join.join, name="join"),
    path(_J + "sent/", join.sent, name="join-sent"),
    path(_J + "mine/", join.mine, name="join-mine"),
    path(_J + "<str:token>/", join.status, name="join-status"),
    path(_R, requests.requests, name="requests"),
    path(_R + "decide/", requests.decide, name="requests-decide"),
    path(_R + "new/", requests.new, name="request-new"),
    path(_R + "<uuid:request_id>/", requests.one, name="request"),
    path(_R + "<uuid:request_id>/paid/", requests.paid, name="request-paid"),
    path(_R + "<uuid:request_id>/paid/<uuid:event_id>/back/", requests.unpaid, name="request-unpaid"),
    path(_R + "<uuid:request_id>/shares/", requests.resize, name="request-resize"),
    path(_R + "<uuid:request_id>/address/", requests.complete, name="request-complete"),
    path(_R + "<uuid:request_id>/withdraw/", requests.withdraw, name="request-withdraw"),
]
