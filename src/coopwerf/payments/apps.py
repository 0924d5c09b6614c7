"""The payments package as a Django app."""

from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    """Name the app."""

    name = "coopwerf.payments"
    label = "payments"
