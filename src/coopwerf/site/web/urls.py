"""Addresses of the site package."""

from django.urls import path

from . import views

app_name = "site"
urlpatterns = [
    path("", views.hub, name="hub"),
    path("c/<slug:slug>/", views.poster, name="public"),
]
