"""Addresses of the events package."""

from django.http import HttpResponse
from django.urls import URLPattern, URLResolver, path

app_name = "events"

urlpatterns: list[URLPattern | URLResolver] = [
    path("c/<slug:slug>/registration/<str:token>/", lambda request, token: HttpResponse(""), name="registration"),
]
