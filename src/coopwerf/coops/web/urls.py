"""Addresses of the coops package."""

from django.urls import URLPattern, URLResolver

app_name = "coops"
urlpatterns: list[URLPattern | URLResolver] = []
