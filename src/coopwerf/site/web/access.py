"""Who may come in where: refused unless a view says otherwise."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.web import Door, Request, access_of
from coopwerf.ui.web.errors import forbidden

from .standing import standing


class AccessMiddleware:
    """Refuse whoever a view isn't open to: the visitor is sent to sign in, anybody else gets a 403 with a reason."""

    def __init__(self, get_response: Callable[[Request], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        """Handle the request; what somebody sees who has signed in is kept by nobody on the way, nor by the browser."""
        response = self.get_response(request)
        if request.actor.is_person:
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    def process_exception(self, request: Request, exception: Exception) -> HttpResponse | None:
        """Answer 403 with the reason where a page asked its policy and got no."""
        return forbidden(request, exception) if isinstance(exception, Refused) else None

    def process_view(self, request: Request, view: Callable[..., Any], args: Any, kwargs: Any) -> HttpResponse | None:
        """Check the view's mark against the actor."""
        door = access_of(view).door
        if door in (Door.PUBLIC, Door.TOKEN):
            return None
        if not request.actor.is_person:
            return HttpResponseRedirect(f"{reverse('people:sign-in')}?{urlencode({'next': request.get_full_path()})}")
        if door is Door.SIGNED_IN:
            return None
        if door is Door.ADMINISTRATOR:
            if not request.actor.is_administrator:
                raise PermissionDenied("kernel.not_administrator")
            return None
        if request.coop is None or not standing(request).is_within:
            raise PermissionDenied("site.not_within")
        return None
