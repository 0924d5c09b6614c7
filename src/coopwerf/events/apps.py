"""The events package as a Django app."""

from django.apps import AppConfig


class EventsConfig(AppConfig):
    """Name the app."""

    name = "coopwerf.events"
    label = "events"
