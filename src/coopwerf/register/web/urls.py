"""Addresses of the register package."""

from django.urls import URLPattern, URLResolver, path

from . import confirm, register

app_name = "register"

_C = "c/<slug:slug>/register/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("confirm/<str:token>/", confirm.confirm, name="confirm"),
    path(_C, register.register, name="register"),
    path(_C + "table.csv", register.as_csv, name="csv"),
    path(_C + "members/<int:number>/", register.member, name="member"),
]
