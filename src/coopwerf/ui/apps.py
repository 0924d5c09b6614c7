"""The ui package as a Django app."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Name the app."""

    name = "coopwerf.ui"
    label = "ui"
