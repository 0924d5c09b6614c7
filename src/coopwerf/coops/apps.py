"""The coops package as a Django app."""

from django.apps import AppConfig


class CoopsConfig(AppConfig):
    """Name the app."""

    name = "coopwerf.coops"
    label = "coops"
