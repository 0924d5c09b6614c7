"""The people package as a Django app."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Name the app."""

    name = "coopwerf.people"
    label = "people"
