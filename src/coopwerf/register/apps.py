"""The register package as a Django app."""

from django.apps import AppConfig


class RegisterConfig(AppConfig):
    """Name the app."""

    name = "coopwerf.register"
    label = "register"
