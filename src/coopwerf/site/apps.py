"""The site package as a Django app."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """Name the app."""

    name = "coopwerf.site"
    label = "site"
