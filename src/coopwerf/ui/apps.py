"""The look of Coopwerf as a Django application."""

from django.apps import AppConfig
from django.utils.translation import get_language

from coopwerf.kernel.refusals import write_facts_with

from . import formats


class UiConfig(AppConfig):
    """Register the package under the short label `ui`, and write dates and amounts in refusals as its pages do."""

    name = "coopwerf.ui"
    label = "ui"

    def ready(self) -> None:
        """Say how the facts of a refusal are written."""
        write_facts_with(lambda value: formats.fact(value, get_language() or "en"))
