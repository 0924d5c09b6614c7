"""Addresses of the register package."""

from django.urls import URLPattern, URLResolver, path

from . import confirm, record, register

app_name = "register"

_C = "c/<slug:slug>/register/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("confirm/<str:token>/", confirm.confirm, name="confirm"),
    path(_C, register.register, name="register"),
    path(_C + "table.csv", register.as_csv, name="csv"),
    path(_C + "members/<int:number>/", register.member, name="member"),
    path(_C + "record/", record.kinds, name="kinds"),
    path(_C + "record/<str:kind>/", record.record, name="record"),
    path(_C + "movements/<uuid:movement_id>/correct/", record.correct_movement, name="correct-movement"),
    path(_C + "standings/<uuid:standing_id>/correct/", record.correct_standing, name="correct-standing"),
]
