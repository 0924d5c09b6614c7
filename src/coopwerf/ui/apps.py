"""The look of Coopwerf as a Django application."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Register the package under the short label `ui`."""

    name = "coopwerf.ui"
    label = "ui"
