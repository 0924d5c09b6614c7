"""The ledger package as a Django app."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """Name the app."""

    name = "coopwerf.ledger"
    label = "ledger"
