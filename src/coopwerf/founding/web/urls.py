"""Addresses of the founding package: each topic adds its own."""

from django.urls import URLPattern, URLResolver

from .report_urls import urlpatterns as reports
from .yard_urls import urlpatterns as yard

app_name = "founding"

urlpatterns: list[URLPattern | URLResolver] = [*reports, *yard]
