"""The founding package as a Django app."""

from django.apps import AppConfig


class FoundingConfig(AppConfig):
    """Name the app."""

    name = "coopwerf.founding"
    label = "founding"
