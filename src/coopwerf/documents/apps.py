"""The documents package as a Django app."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Name the app."""

    name = "coopwerf.documents"
    label = "documents"
