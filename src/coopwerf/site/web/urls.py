"""Addresses of the site package."""

from django.urls import path

from . import today, views

app_name = "site"
urlpatterns = [
    path("", views.hub, name="hub"),
    path("c/<slug:slug>/", views.poster, name="public"),
    path("c/<slug:slug>/today/", today.today, name="today"),
    path("c/<slug:slug>/today/certificate/<int:number>/", today.certificate, name="certificate"),
]
