"""What every page's frame needs."""

from typing import Any

from django.http import HttpRequest


def page(request: HttpRequest) -> dict[str, Any]:
    """Return the actor, the co-operative and its hue for the base template."""
    coop = getattr(request, "coop", None)
    return {
        "actor": getattr(request, "actor", None),
        "coop": coop,
        "coop_hue": None if coop is None else coop.hue,
        "nav": [],
    }
