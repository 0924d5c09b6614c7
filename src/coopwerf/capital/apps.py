"""The capital package as a Django app."""

from django.apps import AppConfig


class CapitalConfig(AppConfig):
    """Name the app."""

    name = "coopwerf.capital"
    label = "capital"
