"""Addresses of the coops package."""

from django.urls import URLPattern, URLResolver, path

from . import views

app_name = "coops"
urlpatterns: list[URLPattern | URLResolver] = [
    path("c/<slug:slug>/invitation/<str:token>/", views.invitation, name="invitation"),
]
