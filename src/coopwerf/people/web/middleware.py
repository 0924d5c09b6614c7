"""Who asks, and in which language."""

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _

from coopwerf.kernel import clock
from coopwerf.kernel.actor import VISITOR
from coopwerf.kernel.tenancy import parties
from coopwerf.kernel.web import Request

from .. import actions, queries
from ..states import SEEN, Language

COOKIE = "coopwerf_language"
ACTING_FOR = "people.acting_for"
SWITCH = "ui:language"
SEEN_EVERY = 60 * 60
KNOWN = tuple(language.value for language in Language)


class ActorMiddleware:
    """Put the actor on the request, and open the rows that are the actor's own."""

    def __init__(self, get_response: Callable[[Request], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        """Handle the request with `request.actor` and `request.preferred_language` set."""
        request.actor, request.preferred_language = VISITOR, ""
        user = request.user
        if user.is_authenticated:
            now = clock.now()
            today = clock.civil_date(now)
            # To the hour: it is shown to its owner, and keeps the session from running out while it is used.
            if now.timestamp() - float(request.session.get(SEEN, 0)) > SEEN_EVERY:
                request.session[SEEN] = now.timestamp()
            chosen = request.session.get(ACTING_FOR)
            request.actor, request.preferred_language = queries.actor_and_language(
                user.pk, on=today, acting_for=uuid.UUID(chosen) if chosen else None
            )
        with parties(request.actor.parties):
            return self.get_response(request)


class LanguageMiddleware:
    """Choose the language: what they prefer, what a visitor clicked, what the browser asks, the co-op's own."""

    def __init__(self, get_response: Callable[[Request], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        """Handle the request in one language, and say so in the response."""
        language = self.choose(request)
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response

    def process_view(self, request: Request, view: object, args: object, kwargs: object) -> None:
        """Take the language that somebody who has signed in chooses at the head of a page as the one they prefer."""
        match = request.resolver_match
        chosen = request.POST.get("language", "") if match is not None and match.view_name == SWITCH else ""
        me = request.actor.party_id
        if me is None or chosen not in KNOWN or chosen == request.preferred_language:
            return
        actions.change_language(actor=request.actor, now=clock.now(), party_id=me, language=chosen)
        with translation.override(chosen):
            messages.success(request, _("From now on your pages, mails and papers are in this language."))

    def choose(self, request: Request) -> str:
        """Return nl, fr or en."""
        if request.preferred_language:
            return str(request.preferred_language)
        chosen = request.COOKIES.get(COOKIE, "")
        if chosen in KNOWN:
            return chosen
        if request.headers.get("Accept-Language"):
            return translation.get_language_from_request(request)
        coop = getattr(request, "coop", None)
        return str(coop.language) if coop is not None else "en"
