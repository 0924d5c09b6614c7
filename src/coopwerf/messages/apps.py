"""The messages package as a Django app."""

from django.apps import AppConfig


class MessagesConfig(AppConfig):
    """Name the app."""

    name = "coopwerf.messages"
    label = "outbox"  # Django's own messages have the other name
