"""The kernel as a Django app."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class KernelConfig(AppConfig):
    """Load every package's sentences, actions and reactions once all models are there."""

    name = "coopwerf.kernel"
    label = "kernel"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make sentences, actions and reactions known, whatever entry point started us."""
        autodiscover_modules("sentences", "actions", "reactions")
