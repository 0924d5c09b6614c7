"""Placeholder until health lands: take the other side of a conflict."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class HealthMiddleware:
    """Pass requests on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Handle the request."""
        return self.get_response(request)
