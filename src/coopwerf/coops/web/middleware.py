"""In which co-operative a request takes place."""

import contextlib
from collections.abc import Callable

from django.http import Http404, HttpResponse
from django.urls import Resolver404, resolve
from django.utils import translation

from coopwerf.kernel.memo import remembering
from coopwerf.kernel.tenancy import tenant
from coopwerf.kernel.web import Request

from .. import queries


class CoopMiddleware:
    """Put the co-operative of `/c/<slug>/…` on the request, and open its rows and no other's."""

    def __init__(self, get_response: Callable[[Request], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        """Handle the request with `request.coop` set to its facts, or None outside a co-operative."""
        request.coop = None
        with contextlib.ExitStack() as stack:
            if request.method in ("GET", "HEAD"):
                stack.enter_context(remembering())
            try:
                slug = resolve(request.path_info).kwargs.get("slug") if request.path_info.startswith("/c/") else None
            except Resolver404:
                slug = None
            if slug is not None:
                request.coop = queries.coop_by_slug(slug)
                if request.coop is not None:
                    stack.enter_context(tenant(request.coop.id))
            return self.get_response(request)

    def process_view(self, request: Request, view: object, args: object, kwargs: dict[str, str]) -> None:
        """Answer 404 for a co-operative that isn't here; views get the request only, not the slug.

        Its pages say its own word for shares, until the middleware that chose the language ends the request.
        """
        if request.path_info.startswith("/c/"):
            if request.coop is None:
                raise Http404
            kwargs.pop("slug", None)
            translation.activate(request.coop.language_for(translation.get_language() or "en"))
