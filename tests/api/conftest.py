"""What all stories about programs need."""

import pytest
from django.core.cache import caches


@pytest.fixture(autouse=True)
def _nobody_asked_yet() -> None:
    """Forget who asked how often."""
    caches["local"].clear()
