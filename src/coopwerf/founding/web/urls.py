"""Addresses of the founding package."""

from django.urls import URLPattern, URLResolver

app_name = "founding"

urlpatterns: list[URLPattern | URLResolver] = []
