"""Addresses for programs, before anything else: without cookies, and with problems instead of pages."""

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation

from .problems import MEDIA_TYPE, OF_STATUS, problem

ROOT: Final = "/api/"
HOME: Final = "/api/v1/"


class ApiMiddleware:
    """Take the cookies from a request of a program, and turn pages that say no into problems."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Handle the request; who signed in with a browser is nobody here, so no other site can use them."""
        if not request.path_info.startswith(ROOT) or request.path_info == HOME:
            return self.get_response(request)
        request.META.pop("HTTP_COOKIE", None)
        request.COOKIES.clear()
        response = self.get_response(request)
        # Nobody on the way keeps what a program was told.
        response.headers.setdefault("Cache-Control", "private, no-store")
        kind = response.headers.get("Content-Type", "")
        if response.status_code < 400 or kind.startswith(MEDIA_TYPE):
            return response
        return _told(request, response)


def _told(request: HttpRequest, response: HttpResponseBase) -> HttpResponse:
    """Return the problem for a status that was answered with a page."""
    code = OF_STATUS.get(response.status_code, "kernel.api_broke")
    with translation.override(translation.get_language_from_request(request)):
        told = problem(code, {"most": ""}, status=response.status_code)
    for name in ("Allow", "Retry-After"):
        if name in response.headers:
            told[name] = response.headers[name]
    return told
