"""Who asks, and in which language."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import translation

from coopwerf.kernel.actor import VISITOR
from coopwerf.kernel.tenancy import parties

from .. import queries

COOKIE = "coopwerf_language"


class ActorMiddleware:
    """Put the actor on the request, and open the rows that are the actor's own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Handle the request with `request.actor` set."""
        user = request.user
        request.actor = queries.actor_of(user.pk) if user.is_authenticated else VISITOR
        with parties(request.actor.parties):
            return self.get_response(request)


class LanguageMiddleware:
    """Choose the language: what was clicked, what the account prefers, what the browser asks, the co-op's own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Handle the request in one language, and say so in the response."""
        language = self.choose(request)
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response

    def choose(self, request: HttpRequest) -> str:
        """Return nl, fr or en."""
        known = ("nl", "fr", "en")
        chosen = request.COOKIES.get(COOKIE, "")
        if chosen in known:
            return chosen
        if request.user.is_authenticated:
            return str(request.user.language)
        if request.headers.get("Accept-Language"):
            return translation.get_language_from_request(request)
        coop = getattr(request, "coop", None)
        return str(coop.language) if coop is not None else "en"
